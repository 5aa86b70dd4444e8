// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/card/pace.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"
#include "crypto/card/tlv.hpp"

#include <algorithm>

namespace smgw::crypto::card {
namespace {

// Dynamic authentication data (TR-03110-3, B.1): the steps' tags, commands odd, answers even.
constexpr std::uint16_t authentication_data = 0x7C;
constexpr std::uint16_t encrypted_nonce = 0x80;
constexpr std::uint16_t mapping_data = 0x81, mapping_answer = 0x82;
constexpr std::uint16_t ephemeral_data = 0x83, ephemeral_answer = 0x84;
constexpr std::uint16_t token_data = 0x85, token_answer = 0x86;
constexpr std::uint8_t chained = 0x10;

command set_mechanism() {
  const std::uint8_t password = pace_parts::password_pin, parameters = pace_parts::domain_parameters;
  bytes data = tlv(0x80, {pace_parts::mechanism});
  put(data, tlv(0x83, {bytes_view{&password, 1}}));
  put(data, tlv(0x84, {bytes_view{&parameters, 1}}));
  return {.cla = 0x00, .ins = 0x22, .p1 = 0xC1, .p2 = 0xA4, .data = std::move(data), .expects = 0};
}

/// One GENERAL AUTHENTICATE; gives the value under `wanted` of its answer.
expected<bytes> step(const exchange_function& exchange, bool last, bytes inside, std::uint16_t wanted) {
  const command c{.cla = last ? std::uint8_t{0} : chained,
                  .ins = 0x86,
                  .p1 = 0,
                  .p2 = 0,
                  .data = tlv(authentication_data, {inside}),
                  .expects = short_answer};
  SMGW_TRY(const auto answer, exchange(c));
  if (answer.status != ok) return std::unexpected(fault(answer.status, "PACE"));
  const auto data = find_object(answer.data, authentication_data);
  const auto value = data ? find_object(*data, wanted) : data;
  if (!value) return fail(errc::untrusted, "card: PACE: " + value.error().what);
  return bytes(value->begin(), value->end());
}

bool is_pin(bytes_view pin) {
  return pin.size() >= min_pin_digits && pin.size() <= max_pin_digits &&
         std::ranges::all_of(pin, [](std::uint8_t c) { return c >= '0' && c <= '9'; });
}

}  // namespace

expected<session_keys> pace(const exchange_function& exchange, const secret& pin) {
  if (!is_pin(pin.reveal())) return fail(errc::malformed, "card: the PIN has 10 to 32 decimal digits");
  SMGW_TRY(const auto set, exchange(set_mechanism()));
  // 63CX is a warning here: tries were used before, and the PIN may be tried.
  if (set.status != ok && (set.status & 0xFFF0) != 0x63C0) return std::unexpected(fault(set.status, "PACE"));
  SMGW_TRY(const auto password_key, pace_parts::derive(pin.reveal(), pace_parts::key_use::password));
  SMGW_TRY(const auto cipher, step(exchange, false, {}, encrypted_nonce));
  SMGW_TRY(auto nonce, pace_parts::decrypt_nonce(password_key, cipher));
  pace_parts::agreement mine;
  SMGW_TRY(const auto mapping, mine.mapping_point());
  SMGW_TRY(const auto their_mapping, step(exchange, false, tlv(mapping_data, {mapping}), mapping_answer));
  const auto mapped = mine.map(nonce, their_mapping);
  wipe(nonce);
  SMGW_CHECK(mapped);
  SMGW_TRY(const auto point, mine.ephemeral_point());
  SMGW_TRY(const auto theirs, step(exchange, false, tlv(ephemeral_data, {point}), ephemeral_answer));
  SMGW_TRY(auto keys, mine.agree(theirs));
  SMGW_TRY(const auto token, pace_parts::token(keys.mac, theirs));
  SMGW_TRY(const auto answer, step(exchange, true, tlv(token_data, {token}), token_answer));
  SMGW_TRY(const auto right, pace_parts::token(keys.mac, point));
  if (!equal_constant_time(answer, right)) return fail(errc::untrusted, "card: PACE: the card does not know the PIN");
  return keys;
}

}  // namespace smgw::crypto::card
