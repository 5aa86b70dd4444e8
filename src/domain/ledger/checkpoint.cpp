// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/ledger/checkpoint.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"

#include <algorithm>

namespace smgw::ledger {
namespace {

constexpr std::string_view label = "smgw ledger checkpoint 1";
constexpr std::size_t max_signature = 132;  // r‖s on a 521-bit curve; brainpoolP512r1 has 128

}  // namespace

bytes to_be_signed(const head& at, timestamp signed_at) {
  bytes out;
  put(out, label);
  out.push_back(static_cast<std::uint8_t>(at.log.kind));
  put_be(out, static_cast<std::uint16_t>(std::min<std::size_t>(at.log.consumer.size(), max_identity)));
  put(out, std::string_view{at.log.consumer}.substr(0, max_identity));
  put_be(out, at.last);
  put(out, at.hash);
  put_be(out, static_cast<std::uint64_t>(signed_at.time_since_epoch().count()));
  return out;
}

expected<checkpoint> make_checkpoint(const head& at, timestamp now, const sign_function& sign) {
  if (at.log.consumer.size() > max_identity) return fail(errc::malformed, "the consumer id is too long");
  SMGW_TRY(auto signature, sign(to_be_signed(at, now)));
  if (signature.empty() || signature.size() > max_signature) return fail(errc::internal, "not a signature");
  return checkpoint{.at = at, .signed_at = now, .signature = std::move(signature)};
}

bytes encode(const checkpoint& c) {
  auto out = to_be_signed(c.at, c.signed_at);
  out.push_back(static_cast<std::uint8_t>(c.signature.size()));
  put(out, c.signature);
  return out;
}

expected<checkpoint> decode_checkpoint(bytes_view in) {
  SMGW_TRY(const auto front, take(in, label.size()));
  if (as_text(front) != label) return fail(errc::malformed, "not a checkpoint");
  checkpoint c;
  SMGW_TRY(const auto kind, take_be<std::uint8_t>(in));
  if (kind < 1 || kind > 3) return fail(errc::malformed, "an unknown log");
  c.at.log.kind = static_cast<log_kind>(kind);
  SMGW_TRY(const auto length, take_be<std::uint16_t>(in));
  if (length > max_identity) return fail(errc::malformed, "the consumer id is too long");
  SMGW_TRY(const auto consumer, take(in, length));
  c.at.log.consumer = as_text(consumer);
  SMGW_TRY(c.at.last, take_be<std::uint32_t>(in));
  SMGW_TRY(const auto hash, take(in, c.at.hash.size()));
  std::ranges::copy(hash, c.at.hash.begin());
  SMGW_TRY(const auto when, take_be<std::uint64_t>(in));
  c.signed_at = timestamp{std::chrono::milliseconds{static_cast<std::int64_t>(when)}};
  SMGW_TRY(const auto size, take_be<std::uint8_t>(in));
  if (size == 0 || size > max_signature) return fail(errc::malformed, "not a signature");
  SMGW_TRY(const auto signature, take(in, size));
  c.signature.assign(signature.begin(), signature.end());
  if (!in.empty()) return fail(errc::malformed, "octets after the checkpoint");
  return c;
}

bool checkpoint_due(const head& now_at, const std::optional<checkpoint>& last, timestamp now) noexcept {
  const std::uint32_t signed_to = last ? last->at.last : 0;
  if (now_at.last <= signed_to) return false;
  return now_at.last - signed_to >= checkpoint_records || !last || now - last->signed_at >= checkpoint_age;
}

}  // namespace smgw::ledger
