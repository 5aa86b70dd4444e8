// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/sml/client.hpp"

#include "base/check.hpp"
#include "protocols/sml/readings.hpp"
#include "protocols/sml/status.hpp"
#include "protocols/sml/transport.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace smgw::sml {
namespace {

// Messages of group 0 may be worked on in any order; the three groups of a file follow each other.
constexpr std::uint8_t group_open = 0;
constexpr std::uint8_t group_requests = 1;
constexpr std::uint8_t group_close = 2;

// Room for the envelope of a written object, so that no octet of a key is left behind by a growing vector.
constexpr std::size_t envelope = 512;

class request_file {
 public:
  explicit request_file(const request_ids& ids) : ids_(ids) {
    open_request open;
    open.client_id = ids.client_id;
    open.request_file_id = ids.request_file_id;
    add(group_open, open);
  }
  void reserve(std::size_t n) { payload_.reserve(n); }
  void add_request(message_body body) { add(group_requests, std::move(body)); }
  bytes& close() {
    add(group_close, close_request{});
    return payload_;
  }

 private:
  void add(std::uint8_t group, message_body body) {
    const auto id = transaction_id(ids_, messages_++);
    message m;
    m.transaction_id = id;
    m.group = group;
    m.body = std::move(body);
    put_message(payload_, m);
  }

  const request_ids& ids_;
  std::uint32_t messages_ = 0;
  bytes payload_;
};

struct object_path {
  std::array<std::uint8_t, 2> class_id;
  std::array<octets, 2> entries;
};
// The mapping of a COSEM object to a tree path, see the header.
void path_of(const obis& name, std::uint16_t class_id, object_path& out) {
  out.class_id = {static_cast<std::uint8_t>(class_id >> 8), static_cast<std::uint8_t>(class_id & 0xFFU)};
  out.entries = {octets{name.code}, octets{out.class_id}};
}

void add_write(request_file& file, const obis& name, const value& v) {
  constexpr std::array<std::uint8_t, 1> value_attribute{static_cast<std::uint8_t>(attribute::value)};
  object_path path;
  path_of(name, class_data, path);
  std::array<tree_node, 2> tree;
  tree[0].name = name.code;
  tree[0].children = 1;
  tree[1].name = value_attribute;
  tree[1].value = v;
  tree[1].depth = 1;
  set_proc_parameter_request request;
  request.path = path.entries;
  request.tree = tree;
  file.add_request(request);
}

expected<void> check_size(std::size_t size) {
  if (size == 0) return fail(errc::malformed, "nothing to write to the meter");
  if (size > max_written_octets) return fail(errc::exhausted, "too long to write to the meter");
  return {};
}

}  // namespace

std::uint16_t class_of(const obis& name) noexcept {
  constexpr std::uint8_t electricity = 1;
  constexpr std::uint8_t time_integral = 8;
  return name.code[0] == electricity && name.code[3] == time_integral ? class_advanced_extended_register
                                                                      : class_register;
}

std::array<std::uint8_t, 4> transaction_id(const request_ids& ids, std::uint32_t n) noexcept {
  const auto number = ids.first_transaction + n;
  return {static_cast<std::uint8_t>(number >> 24), static_cast<std::uint8_t>(number >> 16),
          static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number)};
}

expected<bytes> request_meter_data(const request_ids& ids, std::span<const obis> registers) {
  if (registers.empty() || registers.size() > max_requested_registers)
    return fail(errc::exhausted, "a request file asks for 1 to 64 registers");
  request_file file{ids};
  for (const auto& name : registers) {
    object_path path;
    path_of(name, class_of(name), path);
    get_proc_parameter_request request;
    request.path = path.entries;
    file.add_request(request);
  }
  bytes out;
  put_file(out, file.close());
  return out;
}

expected<secret> update_meter_certificate_and_key(const request_ids& ids, bytes_view certificate,
                                                  const secret& private_key) {
  SMGW_CHECK(check_size(certificate.size()));
  SMGW_CHECK(check_size(private_key.size()));
  SMGW_CHECK(check_size(certificate.size() + private_key.size()));
  secret content{certificate.size() + private_key.size()};
  std::ranges::copy(certificate, content.writable().begin());
  std::ranges::copy(private_key.reveal(), content.writable().begin() + static_cast<std::ptrdiff_t>(certificate.size()));
  request_file file{ids};
  file.reserve(content.size() + envelope);
  add_write(file, meter_certificate_and_key, value::of_octets(content.reveal()));
  auto& payload = file.close();
  bytes framed;
  framed.reserve(2 * payload.size() + envelope);
  put_file(framed, payload);
  secret out{bytes_view{framed}};
  wipe(payload);
  wipe(framed);
  return out;
}

expected<bytes> update_gateway_certificate(const request_ids& ids, bytes_view certificate) {
  SMGW_CHECK(check_size(certificate.size()));
  request_file file{ids};
  add_write(file, gateway_certificate, value::of_octets(certificate));
  bytes out;
  put_file(out, file.close());
  return out;
}

bool is_positive(const attention_response& a) noexcept { return std::ranges::equal(a.number, attention_positive.code); }

bytes reset_tamper_state(const request_ids& ids, std::uint32_t meter_word) {
  constexpr std::array<std::pair<std::uint32_t, obis>, 2> kinds{
      {{status_magnetic_tamper, magnetic_tamper_reset}, {status_mechanical_tamper, mechanical_tamper_reset}}};
  bytes out;
  if ((meter_word & (status_magnetic_tamper | status_mechanical_tamper)) == 0) return out;
  request_file file{ids};
  for (const auto& [bit, name] : kinds)
    if ((meter_word & bit) != 0) add_write(file, name, value::of_boolean(true));
  put_file(out, file.close());
  return out;
}

expected<timestamp> measured_at(timestamp received, second_index ref_time, second_index val_time) {
  if (val_time > ref_time) return fail(errc::malformed, "a value that is newer than its message");
  return received - std::chrono::seconds{std::to_underlying(ref_time) - std::to_underlying(val_time)};
}

bool second_index_watch::decremented(second_index ref_time) noexcept {
  const auto before = std::exchange(last_, ref_time);
  return before && ref_time < *before;
}

}  // namespace smgw::sml
