// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "protocols/mbus/mode2.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"
#include "protocols/mbus/record.hpp"

#include <algorithm>
#include <initializer_list>

namespace smgw::mbus {
namespace {

constexpr std::uint8_t ci_variable = 0x76;
constexpr std::uint8_t ci_fixed = 0x77;
constexpr std::uint8_t mode_bit = 0x04;

void put_reversed(bytes& out, bytes_view octets) { out.insert(out.end(), octets.rbegin(), octets.rend()); }

// Fields of these sizes, in a row.
expected<void> turn_fields(bytes_view& in, std::initializer_list<std::size_t> sizes, bytes& out) {
  for (const auto size : sizes) {
    SMGW_TRY(const auto field, take(in, size));
    put_reversed(out, field);
  }
  return {};
}

// The header of a record has no field of several octets but the text of a plain-text VIF.
void turn_record(const record& r, bytes& out) {
  const auto start = out.size();
  put(out, r.header);
  if (!r.vif.text.empty()) {
    const auto at = out.begin() + static_cast<std::ptrdiff_t>(start) + (r.vif.text.data() - r.header.data());
    std::reverse(at, at + static_cast<std::ptrdiff_t>(r.vif.text.size()));
  }
  if (r.data_field == 0x0D) out.push_back(r.lvar);
  if (r.kind == value_kind::manufacturer || r.kind == value_kind::profile) return put(out, r.raw);
  put_reversed(out, r.raw);
}

}  // namespace

bool is_mode2(const wired_frame& f) noexcept {
  return f.kind == wired_kind::long_frame && (f.ci == ci_variable || f.ci == ci_fixed);
}

expected<bytes> in_mode1(const wired_frame& f) {
  if (!is_mode2(f)) return fail(errc::conflict, "not a frame of mode 2");
  bytes data;
  auto in = f.user_data;
  if (f.ci == ci_fixed) {
    SMGW_CHECK(turn_fields(in, {4, 1, 1, 2, 4, 4}, data));  // number, access, status, units, two counters
    put(data, in);
  } else {
    SMGW_CHECK(turn_fields(in, {4, 2, 1, 1, 1, 1, 2}, data));  // number, manufacturer, version, medium, …, signature
    record_reader reader{in};
    record r;
    for (;;) {
      SMGW_TRY(const bool more, reader.next(r));
      if (!more) break;
      turn_record(r, data);
    }
  }
  return long_frame(f.control, f.address, static_cast<std::uint8_t>(f.ci & ~mode_bit), data);
}

}  // namespace smgw::mbus
