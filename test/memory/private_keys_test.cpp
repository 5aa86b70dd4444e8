// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

/// \file
/// A module's private keys are not in our memory, nor on our disk. Every window of 32 octets that looks random and lies
/// where a program keeps a scalar (on a multiple of four, or behind the length octets of DER) is taken as one, in both
/// octet orders; its public point must be none of ours. The software's store is the control: there the keys are.

#include "base/octets.hpp"
#include "crypto/card/pc_sc.hpp"
#include "crypto/card/slot.hpp"
#include "crypto/detail/botan.hpp"
#include "crypto/pkcs11/soft_hsm.hpp"
#include "crypto/soft_key_store.hpp"
#include "crypto/tpm2/soft_tpm.hpp"

#include <botan/auto_rng.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <future>
#include <set>
#include <span>

using namespace smgw;
using namespace smgw::crypto;
using namespace smgw::crypto::test;

namespace {

constexpr std::size_t scalar_size = 32, page = 4096;
/// Of 32 random octets 30 differ; 24 or fewer are one case in a million.
constexpr unsigned least_different = 25;
constexpr std::size_t most_windows = 4'000'000;

class search {
 public:
  using window = std::array<std::uint8_t, scalar_size>;
  explicit search(curve on) : on_(on) {
    before_.reserve(most_windows);
    collected_.reserve(most_windows);
    // What the library keeps for this curve is there from now on.
    (void)must(soft_key_store::in_memory()->generate_ephemeral(on));
    collect(before_);
  }

  /// How many windows that were not there at first are one of the keys. All are collected before the first is tried,
  /// because trying leaves more octets that look random behind.
  std::size_t run(const std::vector<bytes>& public_points) {
    seek(public_points);
    collect(collected_);
    drop_known();
    return keys_among_collected();
  }
  /// The same for what stands in files.
  std::size_t run(const std::filesystem::path& folder) {
    collected_.clear();
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
      if (!entry.is_regular_file()) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      const std::string text{std::istreambuf_iterator<char>(file), {}};
      for (std::size_t phase = 0; phase < 4; ++phase) windows(collected_, as_bytes(text), phase);
    }
    return keys_among_collected();
  }
  [[nodiscard]] std::size_t tried() const { return collected_.size(); }

 private:
  void seek(const std::vector<bytes>& public_points) {
    const auto& group = crypto::detail::group_of(on_);
    // The library computes with k * 2^256 instead of k: as a scalar that has the point 2^256 * P.
    const auto shift = Botan::EC_Scalar::from_bigint(group, Botan::BigInt::power_of_2(256) % group.get_order());
    for (const auto& point : public_points) {
      sought_.insert(x_of(point));
      sought_.insert(
          x_of(crypto::detail::multiply(*crypto::detail::point_of(on_, point), shift, rng_).serialize_uncompressed()));
    }
  }

  void collect(std::vector<window>& into) {
    into.clear();
    std::ifstream maps{"/proc/self/maps"};
    std::vector<std::pair<std::uintptr_t, std::uintptr_t>> regions;
    for (std::string line; std::getline(maps, line);) {
      std::uintptr_t from = 0, to = 0;
      char rights[5] = {};
      REQUIRE(std::sscanf(line.c_str(), "%lx-%lx %4s", &from, &to, rights) == 3);
      // Terabytes are what the sanitizer notes about memory, not memory.
      if (rights[0] == 'r' && rights[1] == 'w' && to - from < std::uintptr_t{1} << 36) regions.emplace_back(from, to);
    }
    const int memory = ::open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    const int present = ::open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
    REQUIRE(memory >= 0);
    REQUIRE(present >= 0);
    for (const auto& [from, to] : regions) region(into, memory, present, from, to);
    ::close(memory);
    ::close(present);
    REQUIRE(into.size() < most_windows);
    std::ranges::sort(into);
    into.erase(std::ranges::unique(into).begin(), into.end());
  }

  void drop_known() {
    std::erase_if(collected_, [this](const window& w) { return std::ranges::binary_search(before_, w); });
  }

  static window x_of(bytes_view point) {
    window x{};
    std::copy_n(point.begin() + 1, x.size(), x.begin());
    return x;
  }

  /// Pages that were never touched are left out; one that follows another is read with its end.
  void region(std::vector<window>& into, int memory, int present, std::uintptr_t from, std::uintptr_t to) {
    std::array<std::uint8_t, scalar_size - 1 + page> text{};
    std::size_t kept = 0;
    for (auto at = from; at < to; at += page) {
      if (ours(before_, at) || ours(collected_, at)) {
        kept = 0;
        continue;
      }
      std::uint64_t entry = 0;
      const auto place = static_cast<off_t>(at / page * sizeof entry);
      const bool there =
          ::pread(present, &entry, sizeof entry, place) == static_cast<ssize_t>(sizeof entry) &&
          entry >> 62 != 0 &&  // in memory or in swap
          ::pread(memory, text.data() + kept, page, static_cast<off_t>(at)) == static_cast<ssize_t>(page);
      if (!there) {
        kept = 0;
        continue;
      }
      windows(into, bytes_view{text}.first(kept + page), kept % 4);
      std::copy_n(text.begin() + static_cast<std::ptrdiff_t>(kept + page - (scalar_size - 1)), scalar_size - 1,
                  text.begin());
      kept = scalar_size - 1;
    }
  }

  /// Pages that hold what was found.
  static bool ours(const std::vector<window>& found, std::uintptr_t at) {
    const auto begin = reinterpret_cast<std::uintptr_t>(found.data());
    return at + page > begin && at < begin + found.capacity() * sizeof(window);
  }

  /// `phase`: the first octet that lies on a multiple of four.
  static void windows(std::vector<window>& into, bytes_view text, std::size_t phase) {
    std::array<unsigned, 256> count{};
    unsigned different = 0;
    for (std::size_t end = 0; end < text.size(); ++end) {
      if (count[text[end]]++ == 0) ++different;
      if (end >= scalar_size && --count[text[end - scalar_size]] == 0) --different;
      if (end + 1 < scalar_size || different < least_different || into.size() == most_windows) continue;
      const auto begin = end + 1 - scalar_size;
      if (begin % 4 != phase && !behind_der(text, begin)) continue;
      auto& kept = into.emplace_back();
      std::copy_n(text.begin() + static_cast<std::ptrdiff_t>(begin), scalar_size, kept.begin());
    }
  }
  /// OCTET STRING or INTEGER of 32 octets, or an INTEGER with a sign octet.
  static bool behind_der(bytes_view text, std::size_t begin) {
    if (begin >= 2 && (text[begin - 2] == 0x04 || text[begin - 2] == 0x02) && text[begin - 1] == 0x20) return true;
    return begin >= 3 && text[begin - 3] == 0x02 && text[begin - 2] == 0x21 && text[begin - 1] == 0x00;
  }

  /// Half of them on each core.
  std::size_t keys_among_collected() {
    const auto half = collected_.begin() + static_cast<std::ptrdiff_t>(collected_.size() / 2);
    auto first = std::async(std::launch::async, [&] { return keys_among({collected_.begin(), half}); });
    const auto second = keys_among({half, collected_.end()});
    return first.get() + second;
  }
  std::size_t keys_among(std::span<window> some) const {
    Botan::AutoSeeded_RNG rng;
    std::size_t found = 0;
    for (auto& octets : some) {
      found += is_key(octets, rng);
      std::ranges::reverse(octets);
      found += is_key(octets, rng);
    }
    return found;
  }

  std::size_t is_key(bytes_view octets, Botan::RandomNumberGenerator& rng) const {
    const auto scalar = Botan::EC_Scalar::deserialize(crypto::detail::group_of(on_), octets);
    return scalar && sought_.contains(x_of(crypto::detail::multiply_generator(*scalar, rng))) ? 1 : 0;
  }

  curve on_;
  Botan::AutoSeeded_RNG rng_;
  std::set<window> sought_;
  std::vector<window> before_, collected_;
};

bytes copy(bytes_view v) { return {v.begin(), v.end()}; }

/// Uses keys of every kind, one ephemeral unused and alive at the end, and searches.
std::size_t keys_in_memory(search& all, key_store& keys, curve on) {
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
  const auto found = all.run(points);
  std::printf("%zu windows looked random, %zu were a key\n", all.tried(), found);
  CHECK(all.tried() > 100);  // signatures, points, what was sealed
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

TEST_CASE("the search finds the keys of the software key store", "[memory][software]") {
  search all(curve::secp256r1);
  auto keys = soft_key_store::in_memory();
  CHECK(keys_in_memory(all, *keys, curve::secp256r1) >= 4);  // three static ones and the ephemeral that is alive
}

TEST_CASE("no private key of a TPM is in the memory of its user, nor in its file", "[memory][tpm2]") {
  const soft_tpm chip;
  const scratch folder;
  search all(curve::secp256r1);
  auto where = chip.address();
  where.file = folder / "keys";
  const auto keys = must(tpm2::tpm_key_store::open(where));
  CHECK(keys_in_memory(all, *keys, curve::secp256r1) == 0);
  CHECK(all.run(std::filesystem::path(folder / "")) == 0);
  CHECK(all.tried() > 100);  // what the TPM wrapped
}

TEST_CASE("no private key of a smart card is in the memory of its user", "[memory][smartcard]") {
  const pc_sc service;
  const card_process chip(service.port());
  service.await_card(std::chrono::steady_clock::now() + std::chrono::milliseconds(patience_ms));
  search all(curve::brainpool_p256r1);
  const auto keys =
      must(card::card_key_store::open({.reader = service.reader(), .serial = {}, .pin_source = {}}, pin_of(right_pin)));
  CHECK(keys_in_memory(all, *keys, curve::brainpool_p256r1) == 0);
}

/// SoftHSM is a library in this very process; a hardware token is not. It keeps keys encrypted while they rest.
TEST_CASE("no private key of a PKCS#11 token is in the memory of its user", "[memory][pkcs11]") {
  const soft_hsm hsm;
  hsm.make_token("gateway");
  search all(curve::brainpool_p256r1);
  const auto keys = must(pkcs11::token_key_store::open(hsm.address("gateway"), pin("4711")));
  CHECK(keys_in_memory(all, *keys, curve::brainpool_p256r1) == 0);
}
