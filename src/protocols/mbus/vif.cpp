// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "protocols/mbus/vif.hpp"

#include "base/check.hpp"
#include "protocols/mbus/plain_text.hpp"

namespace smgw::mbus {
namespace {

constexpr std::uint8_t more = 0x80;

void apply(const meaning& m, value_information& out) {
  out.what = m.what;
  out.measured = m.measured;
  out.type = m.type;
  out.scaler = m.scaler;
  out.factor = m.factor;
}

void correct(value_information& out, int exponent) {
  out.qualifiers |= q_corrected;
  out.correction = static_cast<std::int8_t>(out.correction + exponent);
  out.scaler = static_cast<std::int8_t>(out.scaler + exponent);
}

void date_of(value_information& out) {
  out.qualifiers |= q_date_of;
  out.type = value_type::calendar;
  out.measured = unit::none;
}

void duration_of(value_information& out, std::uint8_t code) {
  constexpr unit units[4] = {unit::second, unit_minute, unit_hour, unit_day};
  out.qualifiers |= q_duration_of;
  out.type = value_type::number;
  out.measured = units[code & 3U];
  out.scaler = 0;
  out.factor = 1;
}

// E100 0000 to E110 1111 of table 15: limits, their excess, and durations and dates of both.
void about_limit(value_information& out, std::uint8_t code) {
  out.limit = code;
  if (code == 0x69 || code == 0x6D) {  // leakage, overflow
    out.qualifiers |= q_special;
    return;
  }
  if (code == 0x4C || code == 0x4D) {
    out.qualifiers |= q_reserved;
    return;
  }
  out.qualifiers |= q_limit;
  if (code == 0x41 || code == 0x49) {  // how often
    out.measured = unit::none;
    out.scaler = 0;
    out.factor = 1;
  } else if (code < 0x50 ? (code & 0x02U) != 0 : code >= 0x68 && (code & 0x02U) != 0) {
    date_of(out);
  } else if (code >= 0x50 && code < 0x68) {
    duration_of(out, code);
  }
}

void combine(value_information& out, std::uint8_t code) {
  switch (code) {
    case 0x12: out.qualifiers |= q_average; return;
    case 0x13: out.qualifiers |= q_inverse_profile; return;
    case 0x14:
    case 0x1D: out.qualifiers |= q_special; return;
    case 0x1E: out.qualifiers |= q_register_profile; return;
    case 0x1F: out.qualifiers |= q_profile; return;
    case 0x39: date_of(out); return;
    case 0x3A: out.qualifiers |= q_uncorrected; return;
    case 0x3B: out.qualifiers |= q_forward_only; return;
    case 0x3C: out.qualifiers |= q_backward_only; return;
    case 0x3D: out.qualifiers |= q_not_metric; return;
    case 0x3E: out.qualifiers |= q_base_conditions; return;
    case 0x3F: out.qualifiers |= q_obis; return;
    case 0x7D: correct(out, 3); return;
    case 0x7E: out.qualifiers |= q_future; return;
    default: break;
  }
  if (code == 0) return;  // "no error"
  if (code < 0x20) {
    out.qualifiers |= q_error;
    out.record_error = code;
  } else if (code < 0x39 || code == 0x44 || code == 0x45) {  // 44, 45: times a hundredth of a temperature
    out.qualifiers |= q_rate;
    out.rate = code;
  } else if (code < 0x70) {
    about_limit(out, code);
  } else if (code < 0x78) {
    correct(out, static_cast<int>(code & 7U) - 6);
  } else if (code < 0x7C) {
    constexpr std::uint16_t thousandths[4] = {1, 10, 100, 1000};
    out.qualifiers |= q_additive;
    out.additive = static_cast<std::uint16_t>(out.additive + thousandths[code & 3U]);
  } else {
    out.qualifiers |= q_reserved;
  }
}

// The VIFE after FC (table 16): phase, quadrant, direction; how the value is coded; the end of a period.
void extend(value_information& out, std::uint8_t code) {
  if (code == 0x11) {
    out.type = value_type::unsigned_number;
  } else if (code == 0x12) {
    out.type = value_type::bits;
  } else if (code == 0x13) {
    date_of(out);
  } else {
    // Of several, one alone would tell less than the meter said.
    if ((out.qualifiers & q_extended) != 0) out.qualifiers |= q_special;
    out.qualifiers |= q_extended;
    out.extension = code;
  }
}

// The octets of one block, counted.
class cursor {
 public:
  explicit cursor(bytes_view& in) : in_(in) {}
  [[nodiscard]] bool empty() const { return in_.empty(); }
  [[nodiscard]] bool spent() const { return taken_ > max_vife + 1; }
  std::uint8_t next() {
    const auto octet = in_.front();
    in_ = in_.subspan(1);
    ++taken_;
    return octet;
  }

 private:
  bytes_view& in_;
  std::size_t taken_ = 0;
};

std::unexpected<error> short_of() { return fail(errc::truncated, "record header ends too early"); }

}  // namespace

expected<void> take_value_information(bytes_view& in, value_information& out) {
  out = {};
  cursor at{in};
  if (at.empty()) return short_of();
  std::uint8_t octet = at.next();
  bool manufacturer = (octet & 0x7FU) == 0x7F;
  const bool table_fb = octet == 0xFB;
  const bool text_last = octet == 0xFC && is_text_behind_vifes(in);
  if (octet == 0xFB || octet == 0xFD) {
    const bool fd = octet == 0xFD;
    if (at.empty()) return short_of();
    octet = at.next();
    apply(fd ? fd_meaning(octet) : fb_meaning(octet), out);
    if (fd && octet == 0xFD) {  // second level
      if (at.empty()) return short_of();
      octet = at.next();
      apply(fd2_meaning(octet), out);
    }
  } else if (octet == 0xEF) {  // the third extension table has no codes yet
    if (at.empty()) return short_of();
    octet = at.next();
  } else {
    apply(primary_meaning(octet), out);
    if ((octet & 0x7FU) == 0x7C && !text_last) SMGW_CHECK(take_plain_text(in, out.text));
  }
  while ((octet & more) != 0) {
    if (at.empty()) return short_of();
    octet = at.next();
    if (at.spent()) return fail(errc::malformed, "more than ten VIFEs");
    const auto code = static_cast<std::uint8_t>(octet & 0x7FU);
    if (manufacturer) {
      out.qualifiers |= q_manufacturer;
    } else if (code == 0x7F) {
      manufacturer = true;
      out.qualifiers |= q_manufacturer;
    } else if (octet == 0xFC) {
      if (at.empty()) return short_of();
      octet = at.next();
      extend(out, static_cast<std::uint8_t>(octet & 0x7FU));
    } else {
      combine(out, code);
    }
  }
  if (text_last) SMGW_CHECK(take_plain_text(in, out.text));
  if (table_fb) out.additive = 0;
  return {};
}

}  // namespace smgw::mbus
