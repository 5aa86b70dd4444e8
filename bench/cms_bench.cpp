// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// Claim: protecting a delivery (compress, encrypt, sign) costs little more than its three private-key operations, and a
// body of 1 MiB is handled in time proportional to its size. Keys in this process, brainpoolP256r1, mandatory suites.

#include "base/check.hpp"
#include "base/octets.hpp"
#include "crypto/soft_key_store.hpp"
#include "protocols/cms/protect.hpp"
#include "protocols/cosem/delivery.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>

namespace {

using namespace smgw;
using clock_type = std::chrono::steady_clock;

/// Time spent in private-key operations, and their number.
struct tally {
  clock_type::duration spent{};
  int operations = 0;
  template <class F>
  auto operator()(F&& f) {
    const auto from = clock_type::now();
    auto result = f();
    spent += clock_type::now() - from;
    ++operations;
    return result;
  }
};

/// A gateway and a market participant, with their keys in software.
struct world {
  std::unique_ptr<crypto::soft_key_store> keys = crypto::soft_key_store::in_memory();
  crypto::key_info gateway = *keys->generate("gw", crypto::curve::brainpool_p256r1, crypto::key_purpose::signature);
  crypto::key_info market = *keys->generate("emt", crypto::curve::brainpool_p256r1, crypto::key_purpose::encryption);
  bytes gateway_ski = bytes(20, 1), market_ski = bytes(20, 2);
  mutable tally asymmetric;

  [[nodiscard]] cms::key_source source() const {
    return {[this](cms::curve) -> expected<cms::ephemeral> {
              auto made = asymmetric([&] { return keys->generate_ephemeral(crypto::curve::brainpool_p256r1); });
              if (!made) return std::unexpected{made.error()};
              std::shared_ptr<crypto::ephemeral_key> pair = *std::move(made);
              const auto point = pair->public_point();
              return cms::ephemeral{bytes(point.begin(), point.end()), [this, pair](bytes_view peer) {
                                      return asymmetric([&] { return pair->agree(peer); });
                                    }};
            },
            [this](std::span<std::uint8_t> out) { return keys->random(out); }};
  }
  [[nodiscard]] cms::signer signer() const {
    return {cms::curve::brainpool_p256r1,
            cms::digest::sha256,
            gateway_ski,
            [this](bytes_view digest) { return asymmetric([&] { return keys->sign_digest("gw", digest); }); },
            {}};
  }
  [[nodiscard]] expected<bytes> protect(bytes_view content, const cms::protection& how) const {
    const cms::recipient to{{cms::curve::brainpool_p256r1, market.public_point}, market_ski};
    return cms::protect(content, to, signer(), how, source());
  }
  [[nodiscard]] expected<cms::unprotected> unprotect(bytes_view message) const {
    return cms::unprotect(
        message,
        [this](bytes_view) {
          return expected<cms::known_signer>{{{cms::curve::brainpool_p256r1, gateway.public_point}, {}}};
        },
        [this](bytes_view) -> expected<cms::own_key> {
          return cms::own_key{cms::curve::brainpool_p256r1,
                              [this](bytes_view peer) { return asymmetric([&] { return keys->agree("emt", peer); }); }};
        });
  }
};

/// A delivery document of at least `size` octets, cut to it: compresses as deliveries do.
bytes document(std::size_t size) {
  cosem::delivery d{*obis::parse("01005e31803f"), "1emh0010482201.sm", {{*obis::parse("1-0:1.8.0"), "a.sm", {}}}};
  for (std::size_t i = 0; i < size / 300 + 4; ++i) {
    list_entry e;
    e.value.value = {static_cast<std::int64_t>(639'108'000 + 37 * i), -1};
    e.value.measured = unit::watt_hour;
    e.value.captured = timestamp{std::chrono::seconds{1'767'225'601 + 900 * i}};
    d.channels[0].entries.push_back(std::move(e));
  }
  const auto text = *cosem::write(d);
  const auto octets = as_bytes(text);
  return {octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(std::min(size, octets.size()))};
}

double micro(clock_type::duration d) { return std::chrono::duration<double, std::micro>(d).count(); }

struct result {
  double per_message = 0;  // µs
  double share = 0;        // of private-key operations
  int operations = 0;      // private-key operations of one message
};

template <class F>
result measure(const world& w, F&& f) {
  for (int i = 0; i < 3; ++i) f();
  w.asymmetric = {};
  int rounds = 0;
  const auto from = clock_type::now();
  while (clock_type::now() - from < std::chrono::milliseconds{700}) {
    f();
    ++rounds;
  }
  const auto total = clock_type::now() - from;
  return {micro(total) / rounds, micro(w.asymmetric.spent) / micro(total), w.asymmetric.operations / rounds};
}

void line(const char* what, const char* suite, bool compress, std::size_t size, std::size_t sent, const result& r) {
  std::printf(
      "%-10s %-9s %-5s %8zu -> %8zu octets  %9.1f us  %7.0f/s  %6.1f MiB/s  private-key: %d operations, %4.1f %%\n",
      what, suite, compress ? "zlib" : "-", size, sent, r.per_message, 1e6 / r.per_message,
      static_cast<double>(size) / r.per_message * 1e6 / (1 << 20), r.operations, 100 * r.share);
}

}  // namespace

int main() {
  const world w;
  for (const bool cbc : {false, true})
    for (const bool compress : {true, false})
      for (const std::size_t size : {std::size_t{1} << 10, std::size_t{64} << 10, std::size_t{1} << 20}) {
        const auto content = document(size);
        cms::protection how{.compress = compress};
        if (cbc) how.seal.suite = cms::eckaeg_aes128_cbc_cmac;
        const auto* suite = cbc ? "CBC-CMAC" : "GCM";
        const auto message = *w.protect(content, how);
        SMGW_ASSERT(w.unprotect(message)->content == content);
        line("protect", suite, compress, content.size(), message.size(),
             measure(w, [&] { SMGW_ASSERT(w.protect(content, how).has_value()); }));
        line("unprotect", suite, compress, content.size(), message.size(),
             measure(w, [&] { SMGW_ASSERT(w.unprotect(message).has_value()); }));
      }
}
