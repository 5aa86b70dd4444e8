// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/check.hpp"
#include "base/octets.hpp"
#include "protocols/mdns/message.hpp"

#include <algorithm>

namespace smgw::mdns {
namespace {

constexpr std::uint16_t top_bit = 0x8000;
constexpr std::uint16_t class_mask = 0x7FFF;
constexpr std::uint8_t pointer_bits = 0xC0;
constexpr std::size_t max_jumps = 32;

/// Reads a name at `at` of the whole message and moves behind it. Pointers lead backwards only, so it ends.
expected<name> read_name(bytes_view all, std::size_t& at) {
  name out;
  std::size_t length = 0, jumps = 0, from = at;
  std::optional<std::size_t> behind;
  for (;;) {
    if (from >= all.size()) return fail(errc::truncated, "name");
    const std::size_t size = all[from];
    if ((size & pointer_bits) == pointer_bits) {
      if (from + 1 >= all.size()) return fail(errc::truncated, "name");
      const std::size_t to = (size & ~std::size_t{pointer_bits}) << 8U | all[from + 1];
      if (to >= from || ++jumps > max_jumps) return fail(errc::malformed, "name: pointer");
      if (!behind) behind = from + 2;
      from = to;
      continue;
    }
    if ((size & pointer_bits) != 0) return fail(errc::malformed, "name: label");
    ++from;
    if (size == 0) break;
    if (from + size > all.size()) return fail(errc::truncated, "name");
    if ((length += size + 1) >= max_name) return fail(errc::exhausted, "name");
    out.emplace_back(as_text(all.subspan(from, size)));
    from += size;
  }
  at = behind.value_or(from);
  return out;
}

expected<std::uint16_t> read_16(bytes_view all, std::size_t& at) {
  if (at + 2 > all.size()) return fail(errc::truncated, "message");
  at += 2;
  return load_be<std::uint16_t>(all.data() + at - 2);
}

expected<question> read_question(bytes_view all, std::size_t& at) {
  question q;
  SMGW_TRY(q.about, read_name(all, at));
  SMGW_TRY(const auto what, read_16(all, at));
  SMGW_TRY(const auto cls, read_16(all, at));
  q.what = static_cast<type>(what);
  q.class_code = cls & class_mask;
  q.unicast = (cls & top_bit) != 0;
  return q;
}

expected<text> read_text(bytes_view data) {
  text out;
  while (!data.empty()) {
    const std::size_t size = data[0];
    if (size + 1 > data.size()) return fail(errc::malformed, "TXT");
    out.strings.emplace_back(as_text(data.subspan(1, size)));
    data = data.subspan(size + 1);
  }
  return out;
}

/// Which types are there, of the first window: mDNS has no others (RFC 6762, 6.1; RFC 4034, 4.1.2).
expected<std::vector<type>> read_types(bytes_view data) {
  std::vector<type> out;
  while (!data.empty()) {
    if (data.size() < 2 || data[1] == 0 || data[1] > 32) return fail(errc::malformed, "NSEC");
    const std::size_t size = data[1];
    if (data.size() < 2 + size) return fail(errc::malformed, "NSEC");
    for (std::size_t bit = 0; data[0] == 0 && bit < size * 8; ++bit)
      if ((data[2 + bit / 8] & 0x80U >> bit % 8) != 0) out.push_back(static_cast<type>(bit));
    data = data.subspan(2 + size);
  }
  return out;
}

expected<void> read_data(bytes_view all, std::size_t at, std::size_t size, record& r) {
  const auto data = all.subspan(at, size);
  const auto end = at + size;
  if (r.what == type::a && size == 4) {
    ipv4 v{};
    std::ranges::copy(data, v.begin());
    r.data = v;
  } else if (r.what == type::aaaa && size == 16) {
    ipv6 v{};
    std::ranges::copy(data, v.begin());
    r.data = v;
  } else if (r.what == type::ptr) {
    SMGW_TRY(auto n, read_name(all, at));
    if (at != end) return fail(errc::malformed, "PTR");
    r.data = std::move(n);
  } else if (r.what == type::nsec) {
    SMGW_TRY(auto n, read_name(all, at));
    if (at > end) return fail(errc::malformed, "NSEC");
    SMGW_TRY(r.types, read_types(all.subspan(at, end - at)));
    r.data = std::move(n);
  } else if (r.what == type::srv) {
    service s;
    SMGW_TRY(s.priority, read_16(all, at));
    SMGW_TRY(s.weight, read_16(all, at));
    SMGW_TRY(s.port, read_16(all, at));
    SMGW_TRY(s.target, read_name(all, at));
    if (at != end) return fail(errc::malformed, "SRV");
    r.data = std::move(s);
  } else if (r.what == type::txt) {
    SMGW_TRY(auto t, read_text(data));
    r.data = std::move(t);
  } else {
    r.data = bytes(data.begin(), data.end());
  }
  return {};
}

expected<record> read_record(bytes_view all, std::size_t& at) {
  record r;
  SMGW_TRY(r.about, read_name(all, at));
  SMGW_TRY(const auto what, read_16(all, at));
  SMGW_TRY(const auto cls, read_16(all, at));
  SMGW_TRY(const auto high, read_16(all, at));
  SMGW_TRY(const auto low, read_16(all, at));
  SMGW_TRY(const auto size, read_16(all, at));
  r.what = static_cast<type>(what);
  r.class_code = cls & class_mask;
  r.flush = (cls & top_bit) != 0;
  r.ttl = std::uint32_t{high} << 16U | low;
  if (at + size > all.size()) return fail(errc::truncated, "record");
  SMGW_CHECK(read_data(all, at, size, r));
  at += size;
  return r;
}

expected<void> read_records(bytes_view all, std::size_t& at, std::size_t count, std::vector<record>& into) {
  for (std::size_t i = 0; i < count; ++i) {
    SMGW_TRY(auto r, read_record(all, at));
    into.push_back(std::move(r));
  }
  return {};
}

}  // namespace

expected<message> decode(bytes_view in) {
  if (in.size() > max_message) return fail(errc::exhausted, "message");
  message m;
  std::size_t at = 0;
  SMGW_TRY(m.id, read_16(in, at));
  SMGW_TRY(const auto flags, read_16(in, at));
  std::array<std::uint16_t, 4> counts{};
  for (auto& c : counts) {
    SMGW_TRY(c, read_16(in, at));
  }
  if (counts[0] > max_questions || std::size_t{counts[1]} + counts[2] + counts[3] > max_records)
    return fail(errc::exhausted, "message");
  m.response = (flags & top_bit) != 0;
  m.truncated = (flags & 0x0200U) != 0;
  m.operation = static_cast<std::uint8_t>(flags >> 11U & 0x0FU);
  m.code = static_cast<std::uint8_t>(flags & 0x0FU);
  for (std::size_t i = 0; i < counts[0]; ++i) {
    SMGW_TRY(auto q, read_question(in, at));
    m.questions.push_back(std::move(q));
  }
  SMGW_CHECK(read_records(in, at, counts[1], m.answers));
  SMGW_CHECK(read_records(in, at, counts[2], m.authorities));
  SMGW_CHECK(read_records(in, at, counts[3], m.additional));
  return m;
}

}  // namespace smgw::mdns
