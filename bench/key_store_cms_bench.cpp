// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// Claim: sealing and opening cost their key operations plus the symmetric part, and for bodies of 1 MiB the module
// hardly matters any more unless it is a slow one. Compressed, encrypted (AES-128-GCM), signed; and back. cms_bench has
// both suites with keys in software.
#include "crypto/key_store.hpp"
#include "key_stores.hpp"
#include "protocols/cms/protect.hpp"

using namespace smgw;
using namespace smgw::bench;
using crypto::test::must;
using clock_type = std::chrono::steady_clock;

namespace {

/// A gateway that sends to itself: signature and encryption key are in one module.
struct world {
  std::shared_ptr<timed_key_store> keys;
  crypto::curve on;
  cms::curve group;
  bytes signature_point, encryption_point;
  bytes signature_ski = bytes(20, 1), encryption_ski = bytes(20, 2);

  world(std::shared_ptr<timed_key_store> k, crypto::curve c)
      : keys(std::move(k)),
        on(c),
        group(c == crypto::curve::secp256r1 ? cms::curve::secp256r1 : cms::curve::brainpool_p256r1),
        signature_point(must(keys->generate("cms.sig", on, crypto::key_purpose::signature)).public_point),
        encryption_point(must(keys->generate("cms.enc", on, crypto::key_purpose::encryption)).public_point) {}

  [[nodiscard]] cms::key_source source() const {
    return {[this](cms::curve) -> expected<cms::ephemeral> {
              auto made = keys->generate_ephemeral(on);
              if (!made) return std::unexpected{made.error()};
              std::shared_ptr<crypto::ephemeral_key> pair = *std::move(made);
              const auto point = pair->public_point();
              return cms::ephemeral{bytes(point.begin(), point.end()),
                                    [pair](bytes_view peer) { return pair->agree(peer); }};
            },
            [this](std::span<std::uint8_t> out) { return keys->random(out); }};
  }
  [[nodiscard]] expected<bytes> protect(bytes_view content) const {
    const cms::signer by{group,
                         cms::digest::sha256,
                         signature_ski,
                         [this](bytes_view digest) { return keys->sign_digest("cms.sig", digest); },
                         {}};
    return cms::protect(content, {{group, encryption_point}, encryption_ski}, by, {}, source());
  }
  [[nodiscard]] expected<cms::unprotected> unprotect(bytes_view message) const {
    return cms::unprotect(
        message, [this](bytes_view) { return expected<cms::known_signer>{{{group, signature_point}, {}}}; },
        [this](bytes_view) -> expected<cms::own_key> {
          return cms::own_key{group, [this](bytes_view peer) { return keys->agree("cms.enc", peer); }};
        });
  }
};

template <class F>
void row(const std::string& name, const char* what, std::size_t size, timed_key_store& keys, F&& f) {
  f();
  keys.time() = {};
  int count = 0;
  const auto from = clock_type::now();
  for (; count < 2 || clock_type::now() - from < std::chrono::milliseconds{400}; ++count) f();
  const std::chrono::duration<double> spent = clock_type::now() - from;
  std::printf("%-18s %-9s %8zu octets %9.1f/s %8.2f MiB/s  %3.0f %% in %d operations of the module\n", name.c_str(),
              what, size, count / spent.count(), static_cast<double>(size) * count / spent.count() / (1 << 20),
              100 * (std::chrono::duration<double>(keys.time().spent) / spent), keys.time().operations / count);
  std::fflush(stdout);
}

}  // namespace

TEST_CASE("messages") {
  for_each_key_store([](const std::string& name, const std::shared_ptr<timed_key_store>& keys) {
    const auto can = keys->capabilities().curves;
    const bool brainpool = std::ranges::find(can, crypto::curve::brainpool_p256r1) != can.end();
    const world w{keys, brainpool ? crypto::curve::brainpool_p256r1 : crypto::curve::secp256r1};
    std::printf("%s on %s\n", name.c_str(), std::string{to_string(w.on)}.c_str());
    for (const std::size_t size : {std::size_t{1} << 10, std::size_t{64} << 10, std::size_t{1} << 20}) {
      bytes content(size);
      for (std::size_t i = 0; i < size; ++i)
        content[i] = static_cast<std::uint8_t>("0123456789abcdef<entry>"[(i * i / 7) % 23]);
      const auto message = must(w.protect(content));
      REQUIRE(must(w.unprotect(message)).content == content);
      row(name, "protect", size, *keys, [&] { must(w.protect(content)); });
      row(name, "unprotect", size, *keys, [&] { must(w.unprotect(message)); });
    }
  });
}
