// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/mdns/message.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"

#include <algorithm>

namespace smgw::mdns {
namespace {

constexpr std::uint16_t top_bit = 0x8000;
constexpr std::uint16_t class_mask = 0x7FFF;
constexpr std::uint8_t pointer_bits = 0xC0;
constexpr std::size_t max_jumps = 32;

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

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

void put_name(bytes& out, const name& n) {
  for (const auto& label : n) {
    out.push_back(static_cast<std::uint8_t>(label.size()));
    put(out, std::string_view{label});
  }
  out.push_back(0);
}

/// One window of types, as all of ours lie below 256 (RFC 4034, 4.1.2; RFC 6762, 6.1).
void put_types(bytes& out, const std::vector<type>& types) {
  bytes map;
  for (const auto t : types) {
    const auto n = static_cast<std::uint16_t>(t);
    if (map.size() <= n / 8U) map.resize(n / 8U + 1);
    map[n / 8U] = static_cast<std::uint8_t>(map[n / 8U] | 0x80U >> n % 8U);
  }
  out.push_back(0);
  out.push_back(static_cast<std::uint8_t>(map.size()));
  put(out, map);
}

bytes data_of(const record& r) {
  bytes out;
  if (const auto* v4 = std::get_if<ipv4>(&r.data)) put(out, bytes_view{*v4});
  if (const auto* v6 = std::get_if<ipv6>(&r.data)) put(out, bytes_view{*v6});
  if (const auto* n = std::get_if<name>(&r.data)) {
    put_name(out, *n);
    if (r.what == type::nsec) put_types(out, r.types);
  }
  if (const auto* s = std::get_if<service>(&r.data)) {
    for (const auto v : {s->priority, s->weight, s->port}) put_be(out, v);
    put_name(out, s->target);
  }
  if (const auto* t = std::get_if<text>(&r.data)) {
    for (const auto& s : t->strings) {
      out.push_back(static_cast<std::uint8_t>(s.size()));
      put(out, std::string_view{s});
    }
    if (t->strings.empty()) out.push_back(0);
  }
  if (const auto* raw = std::get_if<bytes>(&r.data)) put(out, *raw);
  return out;
}

void put_record(bytes& out, const record& r) {
  put_name(out, r.about);
  put_be(out, static_cast<std::uint16_t>(r.what));
  put_be(out, static_cast<std::uint16_t>(r.class_code | (r.flush ? top_bit : 0)));
  put_be(out, r.ttl);
  const auto data = data_of(r);
  put_be(out, static_cast<std::uint16_t>(data.size()));
  put(out, data);
}

}  // namespace

name make_name(std::string_view dotted) {
  name out;
  while (!dotted.empty()) {
    const auto label = dotted.substr(0, dotted.find('.'));
    dotted.remove_prefix(std::min(label.size() + 1, dotted.size()));
    if (!label.empty()) out.emplace_back(label.substr(0, max_label));
  }
  return out;
}

std::string to_text(const name& n) {
  std::string out;
  for (const auto& label : n) out += label + ".";
  return out;
}

bool same(const name& a, const name& b) noexcept {
  return std::ranges::equal(a, b, [](const std::string& x, const std::string& y) {
    return std::ranges::equal(x, y, [](char p, char q) { return lower(p) == lower(q); });
  });
}

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

bytes encode(const message& m) {
  bytes out;
  put_be(out, m.id);
  // Responses are authoritative (RFC 6762, 18.4).
  put_be(out, static_cast<std::uint16_t>(m.response ? 0x8400U : 0U));
  for (const auto n : {m.questions.size(), m.answers.size(), m.authorities.size(), m.additional.size()})
    put_be(out, static_cast<std::uint16_t>(n));
  for (const auto& q : m.questions) {
    put_name(out, q.about);
    put_be(out, static_cast<std::uint16_t>(q.what));
    put_be(out, static_cast<std::uint16_t>(q.class_code | (q.unicast ? top_bit : 0)));
  }
  for (const auto* part : {&m.answers, &m.authorities, &m.additional})
    for (const auto& r : *part) put_record(out, r);
  return out;
}

}  // namespace smgw::mdns
