// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/soft_key_store.hpp"

#include "base/hex.hpp"
#include "base/octets.hpp"
#include "crypto/hash.hpp"
#include "crypto/signature.hpp"
#include "crypto/tls_world.hpp"

#include <sys/stat.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

using namespace smgw;
using namespace smgw::crypto;
using namespace smgw::crypto::test;

namespace {

/// A folder of its own for one test, gone afterwards.
struct folder {
  std::filesystem::path path;
  folder() {
    std::string name = (std::filesystem::temp_directory_path() / "smgw-keys-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~folder() { std::filesystem::remove_all(path); }
  folder(const folder&) = delete;
  folder& operator=(const folder&) = delete;
};

secret word(std::string_view text) { return secret{as_bytes(text)}; }
constexpr soft_key_store_options quick{.memory_kib = 64, .iterations = 1};

std::unique_ptr<soft_key_store> open(const folder& f, std::string_view passphrase = "open sesame") {
  return must(soft_key_store::open(f.path / "keys", word(passphrase), quick));
}
bytes slurp(const std::filesystem::path& p) {
  std::ifstream in{p, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}
void spill(const std::filesystem::path& p, bytes_view data) {
  std::ofstream{p, std::ios::binary}.write(as_text(data).data(), static_cast<std::streamsize>(data.size()));
}

}  // namespace

TEST_CASE("keys of every curve sign, and anyone can verify", "[key_store]") {
  auto store = soft_key_store::in_memory();
  for (const auto on : all_curves) {
    const auto label = "k." + std::string{to_string(on)};
    const auto made = must(store->generate(label, on, key_purpose::signature));
    CHECK(made.public_point.size() == point_size(on));
    CHECK(must(store->find(label)) == made);
    for (const auto h : {hash::sha256, hash::sha384, hash::sha512}) {
      const auto d = digest(h, as_bytes("a reading"));
      const auto raw = must(store->sign_digest(label, d));
      CHECK(raw.size() == 2 * field_size(on));
      CHECK(verify_signature(on, made.public_point, d, raw));
      CHECK(verify_signature(on, made.public_point, digest(h, as_bytes("another")), raw).error().code ==
            errc::untrusted);
    }
  }
  CHECK(must(store->list()).size() == all_curves.size());
  CHECK(store->counters().signed_digests == 15);
}

TEST_CASE("agreement on brainpoolP256r1 (RFC 7027 A.1)", "[key_store]") {
  auto store = soft_key_store::in_memory();
  const secret scalar{bytes_view{must(from_hex("81db1ee100150ff2ea338d708271be38300cb54241d79950f77b063039804f1d"))}};
  const auto key = must(store->import_scalar("a", curve::brainpool_p256r1, key_purpose::encryption, scalar));
  CHECK(
      to_hex(key.public_point) ==
      "0444106e913f92bc02a1705d9953a8414db95e1aaa49e81d9e85f929a8e3100be58ab4846f11caccb73ce49cbdd120f5a900a69fd32c272"
      "223f789ef10eb089bdc");
  const auto peer =
      must(from_hex("048d2d688c6cf93e1160ad04cc4429117dc2c41825e1e9fca0addd34e6f1b39f7b990c57520812be512641e47034832106"
                    "bc7d3e8dd0e4c7f1"
                    "136d7006547cec6a"));
  CHECK(to_hex(must(store->agree("a", peer)).reveal()) ==
        "89afc39d41d3b327814b80940b042590f96556ec91e6ae7939bce31f3a18bf2b");
  auto off = peer;
  off.back() ^= 1;
  CHECK(store->agree("a", off).error().code == errc::malformed);
  CHECK(store->agree("a", bytes{0x04}).error().code == errc::malformed);
}

TEST_CASE("ephemeral keys agree once and are gone", "[key_store]") {
  auto store = soft_key_store::in_memory();
  for (const auto on : all_curves) {
    auto a = must(store->generate_ephemeral(on));
    auto b = must(store->generate_ephemeral(on));
    CHECK(store->counters().ephemerals_alive == 2);
    const bytes point_a{a->public_point().begin(), a->public_point().end()};
    const auto z = must(a->agree(b->public_point()));
    CHECK(z.size() == field_size(on));
    CHECK(equal_constant_time(z.reveal(), must(b->agree(point_a)).reveal()));
    CHECK(store->counters().ephemerals_alive == 0);
    CHECK(a->agree(point_a).error().code == errc::conflict);
  }
  auto unused = must(store->generate_ephemeral(curve::secp256r1));
  CHECK(unused->agree(bytes(65, 4)).error().code == errc::malformed);
  CHECK(store->counters().ephemerals_alive == 0);  // spent, though the peer's point was bad
  auto orphan = must(store->generate_ephemeral(curve::secp256r1));
  CHECK(store->counters().ephemerals_alive == 1);
  orphan.reset();
  CHECK(store->counters().ephemerals_alive == 0);
  auto survivor = must(store->generate_ephemeral(curve::secp256r1));
  store.reset();
  CHECK(survivor->agree(survivor->public_point()));
}

TEST_CASE("uses that do not fit are refused", "[key_store]") {
  auto store = soft_key_store::in_memory();
  must(store->generate("sig", curve::secp256r1, key_purpose::signature));
  must(store->generate("enc", curve::secp256r1, key_purpose::encryption));
  const auto point = must(store->find("enc")).public_point;
  CHECK(store->agree("sig", point).error().code == errc::denied);
  CHECK(store->agree("enc", point));
  CHECK(store->sign_digest("enc", bytes(32)));  // a request is signed with the key it asks for
  CHECK(store->generate("sig", curve::secp256r1, key_purpose::tls).error().code == errc::conflict);
  CHECK(store->generate("e", curve::secp256r1, key_purpose::ephemeral).error().code == errc::denied);
  CHECK(store->sign_digest("none", bytes(32)).error().code == errc::conflict);
  CHECK(store->sign_digest("sig", bytes(20)).error().code == errc::malformed);
  CHECK(store->destroy("none").error().code == errc::conflict);
  for (const auto* label : {"", "with blank", "\x7f", "tab\t"})
    CHECK(store->generate(label, curve::secp256r1, key_purpose::tls).error().code == errc::malformed);
  CHECK(store->generate(std::string(65, 'x'), curve::secp256r1, key_purpose::tls).error().code == errc::malformed);
  CHECK(store->import_scalar("z", curve::secp256r1, key_purpose::tls, secret{std::size_t{32}}).error().code ==
        errc::malformed);
  CHECK(
      store->import_scalar("z", curve::secp256r1, key_purpose::tls, secret{bytes_view{bytes(32, 0xff)}}).error().code ==
      errc::malformed);
  CHECK(store->import_scalar("z", curve::secp384r1, key_purpose::tls, secret{bytes_view{bytes(32, 1)}}).error().code ==
        errc::malformed);
}

TEST_CASE("only a meter's key in memory leaves its store", "[key_store]") {
  auto store = soft_key_store::in_memory();
  must(store->generate("meter", curve::brainpool_p384r1, key_purpose::lmn));
  must(store->generate("own", curve::brainpool_p384r1, key_purpose::tls));
  const auto scalar = must(store->export_scalar("meter"));
  CHECK(scalar.size() == 48);
  CHECK(must(store->import_scalar("again", curve::brainpool_p384r1, key_purpose::lmn, scalar)).public_point ==
        must(store->find("meter")).public_point);
  CHECK(store->export_scalar("own").error().code == errc::denied);
  const folder f;
  auto on_disk = open(f);
  must(on_disk->generate("meter", curve::secp256r1, key_purpose::lmn));
  CHECK(on_disk->export_scalar("meter").error().code == errc::denied);
}

TEST_CASE("keys on disk outlive the process", "[key_store]") {
  const folder f;
  std::vector<key_info> before;
  bytes sealed;
  std::string serial;
  {
    auto store = open(f);
    for (const auto on : all_curves)
      must(store->generate("k." + std::string{to_string(on)}, on, key_purpose::encryption));
    must(store->generate("short-lived", curve::secp256r1, key_purpose::tls));
    must(store->destroy("short-lived"));
    before = must(store->list());
    sealed = must(store->seal(as_bytes("storage master key")));
    serial = store->identify().serial;
  }
  struct stat status{};
  REQUIRE(::stat((f.path / "keys").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  CHECK_FALSE(std::filesystem::exists(f.path / "keys.new"));
  auto store = open(f);
  CHECK(must(store->list()) == before);
  CHECK(store->find("short-lived").error().code == errc::conflict);
  CHECK(store->identify().serial == serial);
  CHECK(store->identify().kind == "soft");
  CHECK(as_text(must(store->unseal(sealed)).reveal()) == "storage master key");
  const auto d = digest(hash::sha256, as_bytes("x"));
  for (const auto& key : before)
    CHECK(verify_signature(key.on, key.public_point, d, must(store->sign_digest(key.label, d))));
}

TEST_CASE("a wrong passphrase and an altered file are told apart from other files", "[key_store]") {
  const folder f;
  must(open(f)->generate("k", curve::brainpool_p256r1, key_purpose::tls));
  const auto file = f.path / "keys";
  const auto wrong = soft_key_store::open(file, word("open barley"), quick);
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().code == errc::untrusted);
  CHECK(wrong.error().what.find("passphrase") != std::string::npos);
  CHECK(soft_key_store::open(file, secret{}, quick).error().code == errc::malformed);
  const auto good = slurp(file);
  for (std::size_t i = 8; i < good.size(); i += 9) {
    if (i >= 8 && i < 16) continue;  // the Argon2 parameters, below
    auto bent = good;
    bent[i] ^= 1;
    spill(file, bent);
    CHECK(soft_key_store::open(file, word("open sesame"), quick).error().code == errc::untrusted);
  }
  auto greedy = good;
  greedy[8] = 0xff;
  spill(file, greedy);
  CHECK(soft_key_store::open(file, word("open sesame"), quick).error().code == errc::exhausted);
  for (const std::size_t size : {0u, 1u, 20u, 59u}) {
    spill(file, bytes_view{good}.first(size));
    CHECK(soft_key_store::open(file, word("open sesame"), quick).error().code == errc::malformed);
  }
  spill(file, bytes(100, 'x'));
  CHECK(soft_key_store::open(file, word("open sesame"), quick).error().code == errc::malformed);
  CHECK(soft_key_store::open("/nonexistent/keys", word("open sesame"), quick).error().code == errc::unavailable);
  spill(file, good);
  CHECK(soft_key_store::open(file, word("open sesame"), quick));
}

TEST_CASE("a write that fails changes nothing", "[key_store]") {
  const folder f;
  auto store = open(f);
  must(store->generate("k", curve::secp256r1, key_purpose::tls));
  std::filesystem::rename(f.path, f.path.string() + ".away");
  CHECK(store->generate("l", curve::secp256r1, key_purpose::tls).error().code == errc::unavailable);
  CHECK(store->find("l").error().code == errc::conflict);
  CHECK(store->destroy("k").error().code == errc::unavailable);
  CHECK(store->find("k"));
  std::filesystem::rename(f.path.string() + ".away", f.path);
  // A rest of an interrupted write does not matter.
  spill(f.path / "keys.new", bytes(10, 'x'));
  must(store->generate("l", curve::secp256r1, key_purpose::tls));
  CHECK(must(open(f)->list()).size() == 2);
}

TEST_CASE("the passphrase can be changed", "[key_store]") {
  const folder f;
  auto store = open(f);
  must(store->generate("k", curve::secp256r1, key_purpose::tls));
  must(store->change_passphrase(word("better")));
  CHECK(soft_key_store::open(f.path / "keys", word("open sesame"), quick).error().code == errc::untrusted);
  CHECK(open(f, "better")->find("k"));
  CHECK(soft_key_store::in_memory()->change_passphrase(word("x")).error().code == errc::conflict);
}

TEST_CASE("sealed values open only where they were sealed", "[key_store]") {
  auto a = soft_key_store::in_memory();
  auto b = soft_key_store::in_memory();
  auto sealed = must(a->seal(bytes(32, 7)));
  CHECK(must(a->unseal(sealed)).size() == 32);
  CHECK(b->unseal(sealed).error().code == errc::untrusted);
  sealed[20] ^= 1;
  CHECK(a->unseal(sealed).error().code == errc::untrusted);
  CHECK(a->seal(bytes(key_store::max_sealed + 1)).error().code == errc::exhausted);
  CHECK(a->unseal(bytes(1000)).error().code == errc::malformed);
  CHECK(a->unseal({}).error().code == errc::untrusted);
}

TEST_CASE("many threads share one store", "[key_store]") {
  auto store = soft_key_store::in_memory();
  must(store->generate("k", curve::secp256r1, key_purpose::encryption));
  const auto point = must(store->find("k")).public_point;
  std::atomic<int> bad{0};
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 10; ++i) {
        const auto label = std::to_string(t) + "." + std::to_string(i);
        const auto d = digest(hash::sha256, as_bytes(label));
        const auto raw = store->sign_digest("k", d);
        auto e = store->generate_ephemeral(curve::secp256r1);
        if (!raw || !verify_signature(curve::secp256r1, point, d, *raw) || !e || !(*e)->agree(point) ||
            !store->generate(label, curve::secp256r1, key_purpose::tls) || !store->destroy(label))
          ++bad;
      }
    });
  threads.clear();
  CHECK(bad == 0);
  CHECK(store->counters().ephemerals_alive == 0);
  CHECK(must(store->list()).size() == 1);
}
