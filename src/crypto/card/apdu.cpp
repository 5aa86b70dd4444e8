// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/card/apdu.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"

#include <format>

namespace smgw::crypto::card {
namespace {

constexpr std::size_t short_data = 255;
constexpr std::size_t extended_answer = 65536;

/// Le as octets: 00 stands for the largest value.
void put_expected(bytes& out, std::size_t le, bool extended) {
  if (extended)
    put_be(out, static_cast<std::uint16_t>(le == extended_answer ? 0 : le));
  else
    out.push_back(static_cast<std::uint8_t>(le == short_answer ? 0 : le));
}

expected<command> decode_extended(command c, bytes_view rest) {
  SMGW_TRY(const auto first, take_be<std::uint16_t>(rest));
  if (rest.empty()) {  // case 2: Le alone
    c.expects = first == 0 ? extended_answer : first;
    return c;
  }
  if (first > max_data) return fail(errc::exhausted, "APDU: data field");
  SMGW_TRY(const auto data, take(rest, first));
  c.data.assign(data.begin(), data.end());
  if (rest.empty()) return c;
  SMGW_TRY(const auto le, take_be<std::uint16_t>(rest));
  if (!rest.empty()) return fail(errc::malformed, "APDU: octets after Le");
  c.expects = le == 0 ? extended_answer : le;
  return c;
}

}  // namespace

bytes encode(const command& c) {
  SMGW_ASSERT(c.data.size() <= 65535 && c.expects <= extended_answer);
  const bool extended = c.data.size() > short_data || c.expects > short_answer;
  bytes out{c.cla, c.ins, c.p1, c.p2};
  if (extended) out.push_back(0);
  if (!c.data.empty()) {
    if (extended)
      put_be(out, static_cast<std::uint16_t>(c.data.size()));
    else
      out.push_back(static_cast<std::uint8_t>(c.data.size()));
    put(out, c.data);
  }
  if (c.expects != 0) put_expected(out, c.expects, extended);
  return out;
}

expected<command> decode_command(bytes_view apdu) {
  SMGW_TRY(const auto header, take(apdu, 4));
  command c{.cla = header[0], .ins = header[1], .p1 = header[2], .p2 = header[3], .data = {}, .expects = 0};
  if (apdu.empty()) return c;
  const auto first = apdu[0];
  apdu = apdu.subspan(1);
  if (apdu.empty()) {
    c.expects = first == 0 ? short_answer : first;
    return c;
  }
  if (first == 0) return decode_extended(std::move(c), apdu);
  SMGW_TRY(const auto data, take(apdu, first));
  c.data.assign(data.begin(), data.end());
  if (apdu.size() > 1) return fail(errc::malformed, "APDU: octets after Le");
  if (!apdu.empty()) c.expects = apdu[0] == 0 ? short_answer : apdu[0];
  return c;
}

bytes encode(const response& r) {
  bytes out = r.data;
  put_be(out, r.status);
  return out;
}

expected<response> decode_response(bytes_view apdu) {
  if (apdu.size() < 2) return fail(errc::truncated, "card: an answer without a status word");
  if (apdu.size() > max_data + 2) return fail(errc::exhausted, "card: the answer is too long");
  const auto data = apdu.first(apdu.size() - 2);
  return response{{data.begin(), data.end()}, load_be<std::uint16_t>(apdu.data() + data.size())};
}

error fault(std::uint16_t status, std::string_view what) {
  const auto text = [&](std::string_view meaning) {
    return std::format("card: {}: {} (status {:04X})", what, meaning, status);
  };
  if ((status & 0xFFF0) == 0x63C0)
    return {errc::denied, text(std::format("wrong PIN, {} tries are left", status & 0xF))};
  switch (status) {
    case wrong_password: return {errc::denied, text("wrong PIN")};
    case password_blocked: return {errc::denied, text("the PIN is blocked")};
    case security_not_satisfied:
    case conditions_not_satisfied: return {errc::denied, text("not allowed now")};
    case secure_messaging_missing:
    case secure_messaging_wrong: return {errc::unavailable, text("the secure session is gone")};
    case wrong_data:
    case wrong_length: return {errc::malformed, text("the card refuses the data")};
    case unsupported_function:
    case wrong_instruction:
    case wrong_class: return {errc::unsupported, text("the card cannot do that")};
    case file_not_found:
    case key_not_found: return {errc::conflict, text("not in the card")};
    case not_enough_memory: return {errc::exhausted, text("no room in the card")};
    default: return {errc::internal, text("failed")};
  }
}

}  // namespace smgw::crypto::card
