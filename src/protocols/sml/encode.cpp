// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/check.hpp"
#include "base/crc16.hpp"
#include "base/octets.hpp"
#include "protocols/sml/message.hpp"
#include "protocols/sml/tl.hpp"

#include <numeric>

namespace smgw::sml {
namespace {

constexpr std::uint8_t absent = 0x01;

class writer {
 public:
  explicit writer(bytes& out) : out_(out) {}

  void head(tl_type type, std::size_t length) {
    const auto bits = static_cast<unsigned>(type) << 4;
    // a list counts its elements, everything else counts its length field, too
    unsigned digits = 1;
    const auto counted = [&] { return length + (type == tl_type::list ? 0U : digits); };
    while (counted() >> (4 * digits) != 0) ++digits;
    SMGW_ASSERT(digits <= max_tl_octets);
    const auto n = counted();
    for (unsigned i = digits; i-- > 0;)
      out_.push_back(
          static_cast<std::uint8_t>((i != 0 ? 0x80U : 0U) | (i == digits - 1 ? bits : 0U) | ((n >> (4 * i)) & 0x0FU)));
  }
  void list(std::size_t n) { head(tl_type::list, n); }
  void text(bytes_view data) {
    head(tl_type::octet_string, data.size());
    put(out_, data);
  }
  void number(tl_type type, std::uint64_t bits, unsigned width) {
    SMGW_ASSERT(width >= 1 && width <= 8);
    head(type, width);
    for (unsigned i = width; i-- > 0;) out_.push_back(static_cast<std::uint8_t>(bits >> (8 * i)));
  }
  void octet(std::uint8_t n) { number(tl_type::unsigned_integer, n, 1); }
  void word(std::uint32_t n) { number(tl_type::unsigned_integer, n, 4); }
  void scaler(std::int8_t n) { number(tl_type::integer, static_cast<std::uint8_t>(n), 1); }
  void nothing() { out_.push_back(absent); }
  void boolean(bool is) { number(tl_type::boolean, is ? 1 : 0, 1); }

  void write(const moment& m) {
    switch (m.kind) {
      case moment::form::absent: return nothing();
      case moment::form::bare: return word(m.seconds);
      case moment::form::three_values: return local(m);
      case moment::form::second_index:
      case moment::form::timestamp:
        list(2);
        octet(m.kind == moment::form::second_index ? 1 : 2);
        return word(m.seconds);
      case moment::form::timestamp_local:
        list(2);
        octet(3);
        return local(m);
    }
  }
  void local(const moment& m) {
    list(3);
    word(m.seconds);
    number(tl_type::integer, static_cast<std::uint16_t>(m.local_offset), 2);
    number(tl_type::integer, static_cast<std::uint16_t>(m.season_offset), 2);
  }
  void write(const status& s) {
    if (s.width == 0) return nothing();
    number(tl_type::unsigned_integer, s.bits, s.width);
  }
  void write(std::optional<std::uint8_t> n) {
    if (!n) return nothing();
    octet(*n);
  }
  void write(std::optional<std::int8_t> n) {
    if (!n) return nothing();
    scaler(*n);
  }
  void write(const value& v) {
    switch (v.kind) {
      case value::type::octet_string: return text(v.data);
      case value::type::boolean: return boolean(v.bits != 0);
      case value::type::integer: return number(tl_type::integer, v.bits, v.width);
      case value::type::unsigned_integer: return number(tl_type::unsigned_integer, v.bits, v.width);
      case value::type::list: return put(out_, v.data);
    }
  }
  void write(const register_entry& e) {
    list(7);
    text(e.name);
    write(e.status);
    write(e.val_time);
    write(e.unit);
    write(e.scaler);
    write(e.value);
    text(e.signature);
  }
  void write(const period_entry& e) {
    list(5);
    text(e.name);
    octet(e.unit);
    scaler(e.scaler);
    write(e.value);
    text(e.signature);
  }
  void write(const tupel_entry& e) { put(out_, e.encoded); }
  void write(const profile_header& h) {
    list(3);
    text(h.name);
    octet(h.unit);
    scaler(h.scaler);
  }
  void write(const parameter_value& v) {
    if (v.index() == 0) return nothing();
    list(2);
    // the choices 1..5 stand in the order of the variant
    octet(static_cast<std::uint8_t>(v.index()));
    std::visit(
        [this](const auto& held) {
          if constexpr (!std::is_same_v<std::decay_t<decltype(held)>, std::monostate>) write(held);
        },
        v);
  }
  void path(const view<octets>& names) {
    list(names.size());
    for (const auto& name : names) text(name);
  }
  void tree(const view<tree_node>& nodes) {
    const auto below = [](std::size_t sum, const tree_node& n) { return sum + n.children; };
    SMGW_ASSERT(!nodes.empty() &&
                std::accumulate(nodes.begin(), nodes.end(), std::size_t{0}, below) + 1 == nodes.size());
    for (const auto& node : nodes) {
      list(3);
      text(node.name);
      write(node.value);
      if (node.children == 0)
        nothing();
      else
        list(node.children);
    }
  }
  void optional_tree(const view<tree_node>& nodes) { return nodes.empty() ? nothing() : tree(nodes); }

  // --- bodies

  void body(const other_body& b) { put(out_, b.encoded); }
  void body(const open_request& b) {
    list(7);
    for (const auto* field : {&b.codepage, &b.client_id, &b.request_file_id, &b.server_id, &b.username, &b.password})
      text(*field);
    write(b.sml_version);
  }
  void body(const open_response& b) {
    list(6);
    for (const auto* field : {&b.codepage, &b.client_id, &b.request_file_id, &b.server_id}) text(*field);
    write(b.ref_time);
    write(b.sml_version);
  }
  void body(const close_request& b) {
    list(1);
    text(b.global_signature);
  }
  void body(const close_response& b) {
    list(1);
    text(b.global_signature);
  }
  void body(const profile_request& b) {
    list(9);
    for (const auto* field : {&b.server_id, &b.username, &b.password}) text(*field);
    if (b.with_raw_data)
      boolean(*b.with_raw_data);
    else
      nothing();
    write(b.begin);
    write(b.end);
    path(b.path);
    if (b.objects.empty())
      nothing();
    else
      path(b.objects);
    optional_tree(b.das_details);
  }
  void body(const get_profile_pack_response& b) {
    list(8);
    text(b.server_id);
    write(b.act_time);
    word(b.registration_period);
    path(b.path);
    list(b.headers.size());
    for (const auto& h : b.headers) write(h);
    list(b.periods.size());
    for (const auto& p : b.periods) {
      list(4);
      write(p.val_time);
      write(p.status);
      list(p.count);
      for (const auto& v : b.values.subspan(p.first, p.count)) {
        list(2);
        write(v.value);
        text(v.signature);
      }
      text(p.signature);
    }
    text(b.raw_data);
    text(b.signature);
  }
  void body(const get_profile_list_response& b) {
    list(9);
    text(b.server_id);
    write(b.act_time);
    word(b.registration_period);
    path(b.path);
    write(b.val_time);
    write(b.status);
    list(b.periods.size());
    for (const auto& p : b.periods) write(p);
    text(b.raw_data);
    text(b.signature);
  }
  void body(const get_proc_parameter_request& b) {
    list(5);
    for (const auto* field : {&b.server_id, &b.username, &b.password}) text(*field);
    path(b.path);
    text(b.attribute);
  }
  void body(const get_proc_parameter_response& b) {
    list(3);
    text(b.server_id);
    path(b.path);
    tree(b.tree);
  }
  void body(const set_proc_parameter_request& b) {
    list(5);
    for (const auto* field : {&b.server_id, &b.username, &b.password}) text(*field);
    path(b.path);
    tree(b.tree);
  }
  void body(const get_list_request& b) {
    list(5);
    for (const auto* field : {&b.client_id, &b.server_id, &b.username, &b.password, &b.list_name}) text(*field);
  }
  void body(const get_list_response& b) {
    list(7);
    for (const auto* field : {&b.client_id, &b.server_id, &b.list_name}) text(*field);
    write(b.act_sensor_time);
    list(b.values.size());
    for (const auto& e : b.values) write(e);
    text(b.list_signature);
    write(b.act_gateway_time);
  }
  void body(const attention_response& b) {
    list(4);
    for (const auto* field : {&b.server_id, &b.number, &b.message}) text(*field);
    optional_tree(b.details);
  }

 private:
  bytes& out_;
};

}  // namespace

void put_message(bytes& out, const message& m) {
  const auto begin = out.size();
  writer w{out};
  w.list(6);
  w.text(m.transaction_id);
  w.octet(m.group);
  w.octet(m.abort_on_error);
  w.list(2);
  const auto tag = m.tag();
  w.number(tl_type::unsigned_integer, tag, tag > 0xFFFF ? 4 : 2);
  std::visit([&w](const auto& body) { w.body(body); }, m.body);
  const auto crc = crc16_x25(bytes_view{out}.subspan(begin));
  out.insert(out.end(), {0x63, static_cast<std::uint8_t>(crc), static_cast<std::uint8_t>(crc >> 8), 0x00});
}

}  // namespace smgw::sml
