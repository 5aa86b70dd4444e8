// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/crc16.hpp"
#include "protocols/sml/elements.hpp"
#include "protocols/sml/message.hpp"

#include <array>

namespace smgw::sml {

// Reads message bodies. Faults stay in the cursor; whoever starts a body asks it at the end.
class body_reader {
 public:
  body_reader(cursor& in, decoder& store) noexcept : in_(in), store_(store) {}

  void read(std::uint32_t tag, message_body& body) {
    switch (static_cast<sml::tag>(tag)) {
      case tag::open_request: return read(body.emplace<open_request>());
      case tag::open_response: return read(body.emplace<open_response>());
      case tag::close_request: return read_close(body.emplace<close_request>());
      case tag::close_response: return read_close(body.emplace<close_response>());
      case tag::get_profile_pack_request: return read_profile(body.emplace<get_profile_pack_request>());
      case tag::get_profile_pack_response: return read(body.emplace<get_profile_pack_response>());
      case tag::get_profile_list_request: return read_profile(body.emplace<get_profile_list_request>());
      case tag::get_profile_list_response: return read(body.emplace<get_profile_list_response>());
      case tag::get_proc_parameter_request: return read(body.emplace<get_proc_parameter_request>());
      case tag::get_proc_parameter_response: return read(body.emplace<get_proc_parameter_response>());
      case tag::set_proc_parameter_request: return read(body.emplace<set_proc_parameter_request>());
      case tag::get_list_request: return read(body.emplace<get_list_request>());
      case tag::get_list_response: return read(body.emplace<get_list_response>());
      case tag::attention_response: return read(body.emplace<attention_response>());
      default: body.emplace<other_body>(tag, in_.skip());
    }
  }

 private:
  profile_period read_period() {
    in_.list(4);
    profile_period p;
    p.val_time = read_moment(in_);
    p.status = optional_status(in_);
    auto& values = store_.profile_values_;
    p.first = static_cast<std::uint32_t>(values.size());
    p.count = in_.list_up_to(max_profile_values - values.size());
    for (std::uint32_t i = 0; i < p.count && in_.ok(); ++i) {
      in_.list(2);
      auto v = read_value(in_);
      values.push_back({v, in_.octets()});
    }
    p.signature = in_.octets();
    return p;
  }

  // --- lists; the memory stays with the decoder

  template <class T, class Read>
  view<T> read_list(std::vector<T>& store, std::size_t most, Read read) {
    const auto n = in_.list_up_to(most);
    store.resize(n);
    for (std::uint32_t i = 0; i < n && in_.ok(); ++i) read(store[i]);
    return std::span<const T>{store};
  }
  view<octets> read_path(std::vector<octets>& store) {
    return read_list(store, max_path_entries, [this](octets& name) { name = in_.octets(); });
  }

  parameter_value read_parameter() {
    if (in_.absent()) return std::monostate{};
    in_.list(2);
    switch (in_.number(1)) {
      case 1: return read_value(in_);
      case 2: return read_period_entry(in_);
      case 3: return read_tupel();
      case 4: return read_moment(in_);
      case 5: {
        register_entry e;
        read_entry(in_, e);
        return e;
      }
      default: in_.bad("SML_ProcParValue has five choices"); return std::monostate{};
    }
  }
  tupel_entry read_tupel() {
    cursor ahead = in_;
    ahead.list(23);
    if (!ahead.ok()) in_.bad("SML_TupelEntry has 23 elements");
    return {in_.skip()};
  }

  view<tree_node> read_tree() {
    auto& nodes = store_.nodes_;
    nodes.clear();
    std::array<std::uint32_t, max_tree_depth> siblings;  // that are still to come, on each level
    std::uint32_t depth = 0;
    siblings[0] = 1;
    while (in_.ok()) {
      while (siblings[depth] == 0) {
        if (depth == 0) return std::span<const tree_node>{nodes};
        --depth;
      }
      --siblings[depth];
      in_.list(3);
      tree_node node;
      node.name = in_.octets();
      node.value = read_parameter();
      node.depth = depth;
      if (!in_.absent()) node.children = in_.list_up_to(max_tree_nodes);
      if (nodes.size() == max_tree_nodes || (node.children != 0 && depth + 1 == max_tree_depth)) {
        in_.stop(errc::exhausted, "a tree is too large");
        break;
      }
      if (node.children != 0) siblings[++depth] = node.children;
      nodes.push_back(node);
    }
    return {};
  }
  view<tree_node> optional_tree() { return in_.absent() ? view<tree_node>{} : read_tree(); }

  // --- bodies

  void read(open_request& b) {
    in_.list(7);
    b.codepage = in_.octets();
    b.client_id = in_.octets();
    b.request_file_id = in_.octets();
    b.server_id = in_.octets();
    b.username = in_.octets();
    b.password = in_.octets();
    b.sml_version = optional_octet(in_);
  }
  void read(open_response& b) {
    in_.list(6);
    b.codepage = in_.octets();
    b.client_id = in_.octets();
    b.request_file_id = in_.octets();
    b.server_id = in_.octets();
    b.ref_time = read_moment(in_);
    b.sml_version = optional_octet(in_);
  }
  template <class Close>
  void read_close(Close& b) {
    in_.list(1);
    b.global_signature = in_.octets();
  }
  void read_profile(profile_request& b) {
    in_.list(9);
    b.server_id = in_.octets();
    b.username = in_.octets();
    b.password = in_.octets();
    if (!in_.absent()) b.with_raw_data = in_.boolean();
    b.begin = read_moment(in_);
    b.end = read_moment(in_);
    b.path = read_path(store_.path_);
    if (!in_.absent()) b.objects = read_path(store_.objects_);
    b.das_details = optional_tree();
  }
  void read(get_profile_pack_response& b) {
    in_.list(8);
    b.server_id = in_.octets();
    b.act_time = read_moment(in_);
    b.registration_period = read_seconds(in_);
    b.path = read_path(store_.path_);
    b.headers = read_list(store_.headers_, max_list_entries, [this](profile_header& h) { h = read_header(in_); });
    store_.profile_values_.clear();
    b.periods = read_list(store_.periods_, max_profile_periods, [this](profile_period& p) { p = read_period(); });
    b.values = std::span<const profile_value>{store_.profile_values_};
    b.raw_data = in_.octets();
    b.signature = in_.octets();
  }
  void read(get_profile_list_response& b) {
    in_.list(9);
    b.server_id = in_.octets();
    b.act_time = read_moment(in_);
    b.registration_period = read_seconds(in_);
    b.path = read_path(store_.path_);
    b.val_time = read_moment(in_);
    b.status = optional_status(in_);
    b.periods =
        read_list(store_.period_entries_, max_list_entries, [this](period_entry& e) { e = read_period_entry(in_); });
    b.raw_data = in_.octets();
    b.signature = in_.octets();
  }
  void read(get_proc_parameter_request& b) {
    in_.list(5);
    b.server_id = in_.octets();
    b.username = in_.octets();
    b.password = in_.octets();
    b.path = read_path(store_.path_);
    b.attribute = in_.octets();
  }
  void read(get_proc_parameter_response& b) {
    in_.list(3);
    b.server_id = in_.octets();
    b.path = read_path(store_.path_);
    b.tree = read_tree();
  }
  void read(set_proc_parameter_request& b) {
    in_.list(5);
    b.server_id = in_.octets();
    b.username = in_.octets();
    b.password = in_.octets();
    b.path = read_path(store_.path_);
    b.tree = read_tree();
  }
  void read(get_list_request& b) {
    in_.list(5);
    b.client_id = in_.octets();
    b.server_id = in_.octets();
    b.username = in_.octets();
    b.password = in_.octets();
    b.list_name = in_.octets();
  }
  void read(get_list_response& b) {
    in_.list(7);
    b.client_id = in_.octets();
    b.server_id = in_.octets();
    b.list_name = in_.octets();
    b.act_sensor_time = read_moment(in_);
    b.values = read_list(store_.entries_, max_list_entries, [this](register_entry& e) { read_entry(in_, e); });
    b.list_signature = in_.octets();
    b.act_gateway_time = read_moment(in_);
  }
  void read(attention_response& b) {
    in_.list(4);
    b.server_id = in_.octets();
    b.number = in_.octets();
    b.message = in_.octets();
    b.details = optional_tree();
  }

  cursor& in_;
  decoder& store_;
};

namespace {

// Octets 00 between messages, and behind the last one where no padding count tells: no element begins so.
bytes_view without_filler(bytes_view in) noexcept {
  while (!in.empty() && in.front() == 0) in = in.subspan(1);
  return in;
}

}  // namespace

expected<message> decoder::next(bytes_view& in) {
  cursor c{in};
  expected<message> out{std::in_place};
  auto& m = *out;
  c.list(6);
  m.transaction_id = c.octets();
  m.group = static_cast<std::uint8_t>(c.number(1));
  m.abort_on_error = static_cast<std::uint8_t>(c.number(1));
  c.list(2);
  const auto tag = static_cast<std::uint32_t>(c.number(4));
  if (c.ok()) body_reader{c, *this}.read(tag, m.body);
  const auto covered = in.first(static_cast<std::size_t>(c.position() - in.data()));
  // the octets of the CRC are those of the line, low one first: a number read the wrong way round
  const auto sent = static_cast<std::uint32_t>(c.number(2));
  if (!c.ok()) return c.refusal();
  if (c.left() == 0) return fail(errc::truncated, "input ends too early");
  if (*c.position() != 0) return fail(errc::malformed, "a message does not end with 00");
  const auto in_order = static_cast<std::uint16_t>((sent << 8) | (sent >> 8));
  if (crc16_x25(covered) != in_order) {
    if (crc16_kermit(covered) != sent) return fail(errc::untrusted, "the CRC of a message does not fit");
    if (!options_.accept_kermit) return fail(errc::untrusted, "the CRC of a message is CRC-16/KERMIT");
    m.kermit = true;
  }
  in = without_filler(in.last(c.left() - 1));
  return out;
}

}  // namespace smgw::sml
