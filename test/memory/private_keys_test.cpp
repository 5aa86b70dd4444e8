// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

/// \file
/// A module's private keys are not in our memory. Every window of 32 octets that looks random is taken as a scalar, in
/// both octet orders; its public point must be none of ours. The software's store is the control: there the keys are.

#include "crypto/card/pc_sc.hpp"
#include "crypto/card/slot.hpp"
#include "crypto/detail/botan.hpp"
#include "crypto/pkcs11/soft_hsm.hpp"
#include "crypto/soft_key_store.hpp"
#include "crypto/tpm2/soft_tpm.hpp"

#include <botan/auto_rng.h>

#include <fstream>
#include <set>
#include <unordered_set>

using namespace smgw;
using namespace smgw::crypto;
using namespace smgw::crypto::test;

namespace {

constexpr std::size_t scalar_size = 32, page = 4096;
/// Of 32 random octets 30 differ; 24 or fewer are one case in a million.
constexpr unsigned least_different = 25;

class search {
 public:
  search(curve on, const std::vector<bytes>& public_points) : on_(on) {
    const auto& group = detail::group_of(on);
    // The library computes with k * 2^256 instead of k: as a scalar that has the point 2^256 * P.
    const auto shift = Botan::EC_Scalar::from_bigint(group, Botan::BigInt::power_of_2(256) % group.get_order());
    for (const auto& point : public_points) {
      sought_.insert(x_of(point));
      sought_.insert(x_of(detail::multiply(*detail::point_of(on, point), shift, rng_).serialize_uncompressed()));
    }
  }

  /// How many places hold one of the keys.
  std::size_t run() {
    std::ifstream maps{"/proc/self/maps"};
    const int memory = ::open("/proc/self/mem", O_RDONLY | O_CLOEXEC),
              present = ::open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
    REQUIRE(memory >= 0);
    REQUIRE(present >= 0);
    for (std::string line; std::getline(maps, line);) {
      std::uintptr_t from = 0, to = 0;
      char rights[5] = {};
      REQUIRE(std::sscanf(line.c_str(), "%lx-%lx %4s", &from, &to, rights) == 3);
      // Terabytes are what the sanitizer notes about memory, not memory.
      if (rights[0] == 'r' && rights[1] == 'w' && to - from < std::uintptr_t{1} << 36)
        region(memory, present, from, to);
    }
    ::close(memory);
    ::close(present);
    return found_;
  }
  [[nodiscard]] std::size_t tried() const { return seen_.size(); }

 private:
  using x_coordinate = std::array<std::uint8_t, scalar_size>;
  static x_coordinate x_of(bytes_view point) {
    x_coordinate x{};
    std::copy_n(point.begin() + 1, x.size(), x.begin());
    return x;
  }

  /// Pages that were never touched are left out; one that follows another is read with its end.
  void region(int memory, int present, std::uintptr_t from, std::uintptr_t to) {
    bytes text;
    std::vector<std::uint64_t> entries((to - from) / page);
    const auto size = entries.size() * sizeof entries[0];
    const auto at = static_cast<off_t>(from / page * sizeof entries[0]);
    if (::pread(present, entries.data(), size, at) != static_cast<ssize_t>(size)) return;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (entries[i] >> 62 == 0) {  // neither in memory nor in swap
        text.clear();
        continue;
      }
      if (text.size() >= scalar_size) text.erase(text.begin(), text.end() - (scalar_size - 1));
      const auto kept = text.size();
      text.resize(kept + page);
      if (::pread(memory, text.data() + kept, page, static_cast<off_t>(from + i * page)) != static_cast<ssize_t>(page))
        text.clear();
      windows(text);
    }
  }

  void windows(bytes_view text) {
    std::array<unsigned, 256> count{};
    unsigned different = 0;
    for (std::size_t end = 0; end < text.size(); ++end) {
      if (count[text[end]]++ == 0) ++different;
      if (end >= scalar_size && --count[text[end - scalar_size]] == 0) --different;
      if (end + 1 >= scalar_size && different >= least_different)
        try_as_scalar(text.subspan(end + 1 - scalar_size, scalar_size));
    }
  }

  void try_as_scalar(bytes_view window) {
    if (!seen_.insert(std::hash<std::string_view>{}(as_text(window))).second) return;
    x_coordinate turned{};
    std::ranges::reverse_copy(window, turned.begin());
    found_ += is_key(window) + is_key(turned);
  }
  std::size_t is_key(bytes_view octets) {
    const auto scalar = Botan::EC_Scalar::deserialize(detail::group_of(on_), octets);
    return scalar && sought_.contains(x_of(detail::multiply_generator(*scalar, rng_))) ? 1 : 0;
  }

  curve on_;
  Botan::AutoSeeded_RNG rng_;
  std::set<x_coordinate> sought_;
  std::unordered_set<std::size_t> seen_;
  std::size_t found_ = 0;
};

bytes copy(bytes_view v) { return {v.begin(), v.end()}; }

/// Uses keys of every kind, one ephemeral unused and alive at the end, and searches.
std::size_t keys_in_memory(key_store& keys, curve on) {
  std::vector<bytes> points;
  for (const auto purpose : {key_purpose::tls, key_purpose::signature, key_purpose::encryption}) {
    const auto made = must(keys.generate(to_string(purpose), on, purpose));
    points.push_back(made.public_point);
    must(keys.sign_digest(made.label, bytes(32, 1)));
  }
  must(keys.agree("encryption", points.front()));
  must(keys.unseal(must(keys.seal(bytes(32, 7)))));
  auto used = must(keys.generate_ephemeral(on)), alive = must(keys.generate_ephemeral(on));
  points.push_back(copy(used->public_point()));
  points.push_back(copy(alive->public_point()));
  must(used->agree(points.front()));
  search all(on, points);
  const auto found = all.run();
  UNSCOPED_INFO(all.tried() << " windows looked random, " << found << " were a key");
  CHECK(all.tried() > 1000);  // the library's tables of points alone
  return found;
}

/// The card in a process of its own, that goes with the object.
class card_process {
 public:
  explicit card_process(std::uint16_t port) : pid_(::fork()) {
    if (pid_ != 0) return;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const auto card = sim::card_module::make({});
    const auto in = sim::inserted_card::insert(**card, port, std::chrono::milliseconds(patience_ms));
    while (in) ::pause();
    ::_exit(1);
  }
  ~card_process() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  card_process(const card_process&) = delete;
  card_process& operator=(const card_process&) = delete;

 private:
  pid_t pid_;
};

}  // namespace

TEST_CASE("the search finds the keys of the software key store", "[memory][key_store]") {
  for (const auto on : {curve::secp256r1, curve::brainpool_p256r1}) {
    auto keys = soft_key_store::in_memory();
    CHECK(keys_in_memory(*keys, on) >= 4);  // three static ones and the ephemeral that is alive
  }
}

TEST_CASE("no private key of a TPM is in the memory of its user", "[memory][tpm2]") {
  const soft_tpm chip;
  const auto keys = must(tpm2::tpm_key_store::open(chip.address()));
  CHECK(keys_in_memory(*keys, curve::secp256r1) == 0);
}

TEST_CASE("no private key of a smart card is in the memory of its user", "[memory][smartcard]") {
  const pc_sc service;
  const card_process chip(service.port());
  service.await_card(std::chrono::steady_clock::now() + std::chrono::milliseconds(patience_ms));
  const auto keys =
      must(card::card_key_store::open({.reader = service.reader(), .serial = {}, .pin_source = {}}, pin_of(right_pin)));
  CHECK(keys_in_memory(*keys, curve::brainpool_p256r1) == 0);
}

/// SoftHSM is a library in this very process; a hardware token is not. It keeps keys encrypted while they rest.
TEST_CASE("no private key of a PKCS#11 token is in the memory of its user", "[memory][pkcs11]") {
  const soft_hsm hsm;
  hsm.make_token("gateway");
  const auto keys = must(pkcs11::token_key_store::open(hsm.address("gateway"), pin("4711")));
  CHECK(keys_in_memory(*keys, curve::brainpool_p256r1) == 0);
}
