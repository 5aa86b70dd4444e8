// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/platform/roll_back.hpp"

#include "actors/platform/files.hpp"
#include "base/check.hpp"
#include "base/octets.hpp"
#include "crypto/aead.hpp"
#include "crypto/mac.hpp"

namespace smgw::platform {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view purpose = "smgw roll-back 1";

struct mark {
  std::uint64_t counter = 0;  ///< of the key store, after the start that wrote this
  std::uint64_t commits = 0;  ///< of the store, at that start
};

expected<crypto::aead> cipher_of(const secret& master) {
  SMGW_TRY(const auto key, crypto::hkdf_sha256(master.reveal(), {}, as_bytes(purpose), crypto::aead::key_size));
  return crypto::aead::create(key);
}

std::unexpected<error> rolled_back(const fs::path& file, std::string_view why) {
  return fail(errc::untrusted,
              file.string() + ": " + std::string(why) +
                  "; the data directory is an older copy: put the newer one back, or set the gateway up anew");
}

expected<mark> read_mark(const fs::path& file, crypto::aead& cipher) {
  if (!fs::exists(file)) return rolled_back(file, "is missing");
  SMGW_TRY(const auto sealed, read_file(file, 256));
  const auto plain = cipher.open(as_bytes(purpose), sealed);
  if (!plain) return rolled_back(file, "does not verify");
  bytes_view in{*plain};
  mark m;
  SMGW_TRY(m.counter, take_be<std::uint64_t>(in));
  SMGW_TRY(m.commits, take_be<std::uint64_t>(in));
  return m;
}

expected<void> check(const fs::path& file, crypto::aead& cipher, std::uint64_t counter, std::uint64_t commits) {
  SMGW_TRY(const auto last, read_mark(file, cipher));
  // The mark is written before the counter grows: a power cut in between leaves it one ahead.
  if (last.counter != counter && last.counter != counter + 1) return rolled_back(file, "belongs to another start");
  if (commits < last.commits) return rolled_back(file, "has seen more commits than the store has");
  return {};
}

}  // namespace

expected<void> check_roll_back(const fs::path& file, crypto::key_store& keys, const secret& master,
                               const store::database& db) {
  const auto counter = keys.counter();
  if (!counter && counter.error().code == errc::unsupported) return {};
  if (!counter && counter.error().code != errc::conflict) return std::unexpected(counter.error());
  SMGW_TRY(auto cipher, cipher_of(master));
  // Before the counter's first use, and with a store that was made just now, there is nothing to compare.
  if (counter && !db.opening().created) SMGW_CHECK(check(file, cipher, *counter, db.commits()));
  if (!counter) SMGW_CHECK(keys.advance_counter());  // a new counter begins where the device wants
  SMGW_TRY(const auto now, keys.counter());
  bytes next;
  put_be(next, now + 1);
  put_be(next, db.commits());
  SMGW_TRY(const auto sealed, cipher.seal(as_bytes(purpose), next));
  SMGW_CHECK(replace_file(file, sealed));
  SMGW_CHECK(keys.advance_counter());
  return {};
}

}  // namespace smgw::platform
