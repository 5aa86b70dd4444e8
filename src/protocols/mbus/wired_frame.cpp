// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "protocols/mbus/wired_frame.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"

namespace smgw::mbus {
namespace {

constexpr std::uint8_t start_short = 0x10;
constexpr std::uint8_t start_long = 0x68;
constexpr std::uint8_t stop = 0x16;
constexpr std::size_t long_overhead = 6;  // 68 L L 68 … checksum 16

std::uint8_t sum(bytes_view octets) {
  unsigned total = 0;
  for (const auto o : octets) total += o;
  return static_cast<std::uint8_t>(total);
}

expected<void> check_end(bytes_view covered, bytes_view end) {
  if (end[1] != stop) return fail(errc::malformed, "no stop octet");
  if (end[0] != sum(covered)) return fail(errc::untrusted, "check sum");
  return {};
}

expected<wired_frame> take_short(bytes_view& in) {
  if (in.size() < 5) return fail(errc::truncated, "short frame ends too early");
  SMGW_CHECK(check_end(in.subspan(1, 2), in.subspan(3, 2)));
  wired_frame f{wired_kind::short_frame, in[1], in[2], 0, {}};
  in = in.subspan(5);
  return f;
}

expected<wired_frame> take_long(bytes_view& in) {
  if (in.size() < 4) return fail(errc::truncated, "long frame ends too early");
  const std::size_t length = in[1];
  if (in[2] != in[1] || in[3] != start_long || length < 3) return fail(errc::malformed, "lengths disagree");
  if (in.size() < length + long_overhead) return fail(errc::truncated, "long frame ends too early");
  const auto covered = in.subspan(4, length);
  SMGW_CHECK(check_end(covered, in.subspan(4 + length, 2)));
  in = in.subspan(length + long_overhead);
  return wired_frame{length == 3 ? wired_kind::control_frame : wired_kind::long_frame, covered[0], covered[1],
                     covered[2], covered.subspan(3)};
}

}  // namespace

expected<wired_frame> take_wired(bytes_view& in) {
  if (in.empty()) return fail(errc::truncated, "no frame");
  switch (in[0]) {
    case acknowledge_octet: in = in.subspan(1); return wired_frame{};
    case start_short: return take_short(in);
    case start_long: return take_long(in);
    default: return fail(errc::malformed, "not a start octet");
  }
}

bytes short_frame(std::uint8_t control, std::uint8_t address) {
  return {start_short, control, address, static_cast<std::uint8_t>(control + address), stop};
}

bytes long_frame(std::uint8_t control, std::uint8_t address, std::uint8_t ci, bytes_view user_data) {
  SMGW_ASSERT(user_data.size() <= max_user_data);
  const auto length = static_cast<std::uint8_t>(user_data.size() + 3);
  bytes out{start_long, length, length, start_long, control, address, ci};
  put(out, user_data);
  out.push_back(sum(bytes_view{out}.subspan(4)));
  out.push_back(stop);
  return out;
}

}  // namespace smgw::mbus
