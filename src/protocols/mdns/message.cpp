// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/mdns/message.hpp"

#include "base/octets.hpp"

#include <algorithm>

namespace smgw::mdns {
namespace {

constexpr std::uint16_t top_bit = 0x8000;

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

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
  if (types.empty()) return;
  for (const auto t : types) {
    const auto n = static_cast<std::uint16_t>(t);
    if (map.size() <= n / 8U) map.resize(n / 8U + 1);
    map[n / 8U] = static_cast<std::uint8_t>(map[n / 8U] | 0x80U >> n % 8U);
  }
  out.push_back(0);
  out.push_back(static_cast<std::uint8_t>(map.size()));
  put(out, map);
}

}  // namespace

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

namespace {

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

bool same_data(const record& a, const record& b) noexcept {
  return a.what == b.what && a.data == b.data && a.types == b.types;
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
