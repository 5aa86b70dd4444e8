// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/card/directory.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"
#include "crypto/card/commands.hpp"
#include "crypto/hash.hpp"

#include <algorithm>

namespace smgw::crypto::card {
namespace {

constexpr std::uint8_t version = 1;
constexpr std::size_t checksum_size = 8;

bytes checksum(bytes_view content) {
  const auto full = sha256(content);
  return {full.begin(), full.begin() + checksum_size};
}

void put_key(bytes& out, const kept_key& key) {
  out.push_back(key.slot);
  out.push_back(static_cast<std::uint8_t>(key.info.purpose));
  out.push_back(static_cast<std::uint8_t>(key.info.on));
  out.push_back(static_cast<std::uint8_t>(key.info.label.size()));
  put(out, key.info.label);
  put(out, key.info.public_point);
}

expected<kept_key> take_key(bytes_view& in) {
  SMGW_TRY(const auto head, take(in, 4));
  kept_key key{.slot = head[0], .info = {}};
  if (key.slot < first_static || key.slot > last_static || key.slot == storage_slot)
    return fail(errc::malformed, "card: key directory: slot");
  if (head[1] >= static_cast<std::uint8_t>(key_purpose::ephemeral) || head[2] >= all_curves.size())
    return fail(errc::malformed, "card: key directory: purpose or curve");
  key.info.purpose = static_cast<key_purpose>(head[1]);
  key.info.on = static_cast<curve>(head[2]);
  SMGW_TRY(const auto label, take(in, head[3]));
  key.info.label = as_text(label);
  SMGW_CHECK(check_label(key.info.label));
  SMGW_TRY(const auto point, take(in, point_size(key.info.on)));
  key.info.public_point.assign(point.begin(), point.end());
  return key;
}

}  // namespace

bytes encode(const directory& d) {
  bytes out{version};
  put_be(out, d.generation);
  out.push_back(static_cast<std::uint8_t>(d.keys.size()));
  for (const auto& [label, key] : d.keys) put_key(out, key);
  put(out, checksum(out));
  return out;
}

expected<directory> decode_directory(bytes_view content) {
  if (content.size() < checksum_size) return fail(errc::truncated, "card: key directory");
  auto in = content.first(content.size() - checksum_size);
  if (!std::ranges::equal(checksum(in), content.last(checksum_size)))
    return fail(errc::malformed, "card: key directory: checksum");
  SMGW_TRY(const auto found, take_be<std::uint8_t>(in));
  if (found != version) return fail(errc::unsupported, "card: key directory: version");
  directory d;
  SMGW_TRY(d.generation, take_be<std::uint32_t>(in));
  SMGW_TRY(const auto count, take_be<std::uint8_t>(in));
  for (unsigned i = 0; i < count; ++i) {
    SMGW_TRY(auto key, take_key(in));
    auto label = key.info.label;
    if (!d.keys.emplace(std::move(label), std::move(key)).second)
      return fail(errc::malformed, "card: key directory: a label twice");
  }
  if (!in.empty()) return fail(errc::malformed, "card: key directory: octets at its end");
  return d;
}

}  // namespace smgw::crypto::card
