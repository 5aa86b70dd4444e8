// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#pragma once

#include "base/hex.hpp"
#include "base/octets.hpp"
#include "protocols/dlms/apdu.hpp"
#include "protocols/dlms/axdr_write.hpp"
#include "protocols/dlms/reader.hpp"
#include "protocols/dlms/security.hpp"

#include <nlohmann/json.hpp>

#include <deque>
#include <fstream>

namespace smgw::dlms::samples {

inline bytes hex(std::string_view text) { return *from_hex(text); }

/// Octets that live as long as the program, for views into them.
inline bytes_view kept(bytes_view octets) {
  static std::deque<bytes> all;
  return all.emplace_back(octets.begin(), octets.end());
}

/// A list of one power and one energy in the form {name, value, {scaler, unit}}.
inline bytes body() {
  bytes out;
  axdr::put_array(out, 2);
  axdr::put_structure(out, 3);
  axdr::put_name(out, *obis::parse("1-0:1.7.0"));
  axdr::put_integer(out, axdr::type::double_long_unsigned, 1234);
  axdr::put_scaler_unit(out, -1, unit::watt);
  axdr::put_structure(out, 3);
  axdr::put_name(out, *obis::parse("1-0:1.8.0"));
  axdr::put_integer(out, axdr::type::long64_unsigned, 99'999'999'999);
  axdr::put_scaler_unit(out, 0, unit::watt_hour);
  return out;
}

inline date_time noon() {
  return {.year = std::uint16_t{2026},
          .month = std::uint8_t{5},
          .day = std::uint8_t{14},
          .weekday = std::uint8_t{4},
          .hour = std::uint8_t{12},
          .minute = std::uint8_t{0},
          .second = std::uint8_t{0},
          .hundredths = {},
          .deviation = std::int16_t{-120},
          .clock_status = 0x80};
}

inline bytes notification_octets() {
  bytes out;
  put_notification(out, 7, noon(), body());
  return out;
}

inline bytes with_llc(bytes_view apdu_octets) {
  bytes out{0xE6, 0xE7, 0x00};
  out.insert(out.end(), apdu_octets.begin(), apdu_octets.end());
  return out;
}

inline bytes hdlc(bytes_view apdu_octets, std::size_t max_info = 2000) {
  bytes out;
  put_hdlc_segments(out, hex("ceff"), hex("03"), with_llc(apdu_octets), max_info);
  return out;
}

inline secret key(std::uint8_t fill, std::size_t size = 16) { return secret{bytes_view{bytes(size, fill)}}; }
inline bytes title() { return hex("534d470000000001"); }

/// The captured telegrams of the project, each parsed.
inline std::vector<nlohmann::json> rows() {
  std::vector<nlohmann::json> out;
  std::ifstream in(SMGW_SOURCE_DIR "/test/vectors/dlms/dlms_public.jsonl");
  for (std::string line; std::getline(in, line);) out.push_back(nlohmann::json::parse(line));
  return out;
}

}  // namespace smgw::dlms::samples
