// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "store/vault.hpp"

#include "base/check.hpp"
#include "base/hex.hpp"
#include "base/octets.hpp"

namespace smgw::store {

namespace {
bytes associated(table where, bytes_view key, std::uint16_t schema) {
  const auto name = name_of(where);
  bytes out;
  out.reserve(4 + name.size() + key.size());
  put_be(out, schema);
  put_be(out, static_cast<std::uint8_t>(name.size()));
  put(out, name);
  put(out, key);  // the last one needs no length
  return out;
}
}  // namespace

std::unexpected<error> distrust(table where, bytes_view key, std::string_view why) {
  return fail(errc::untrusted,
              "store: table " + std::string(name_of(where)) + ", row " + to_hex(key) + ": " + std::string(why));
}

std::optional<std::uint16_t> vault::version_of(bytes_view cell) noexcept {
  if (cell.size() < 2) return std::nullopt;
  return load_be<std::uint16_t>(cell.data());
}

expected<bytes> vault::seal(table where, bytes_view key, bytes_view plaintext, std::uint16_t schema) const {
  SMGW_TRY(const bytes sealed, cipher_->seal(associated(where, key, schema), plaintext));
  bytes cell;
  cell.reserve(2 + sealed.size());
  put_be(cell, schema);
  put(cell, sealed);
  return cell;
}

expected<bytes> vault::open(table where, bytes_view key, bytes_view cell, std::uint16_t schema) const {
  if (version_of(cell) != schema) return distrust(where, key, "of another schema version");
  auto plain = cipher_->open(associated(where, key, schema), cell.subspan(2));
  if (plain) return plain;
  // Whatever the cipher calls it (too short, say): what it cannot open is not to be trusted.
  return distrust(where, key, plain.error().what);
}

expected<hidden_name> vault::hide(table where, bytes_view name) const {
  bytes in;
  put(in, name_of(where));
  in.push_back(0);  // the same name in two tables must not be recognisable
  put(in, name);
  return cipher_->name_key(in);
}

}  // namespace smgw::store
