// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The messages of SML 1.04 (DIN VDE 0418-63-9, 5): decoded as views, nothing is copied.

#include "protocols/sml/values.hpp"

#include <smgw/types.hpp>

#include <vector>

namespace smgw::sml {

/// Bounds of what one message may hold. The standard names none; the largest list of a meter in the field has 30
/// registers, a tree of a few levels has less than 100 nodes.
inline constexpr std::size_t max_list_entries = 1024;
inline constexpr std::size_t max_tree_nodes = 1024;
inline constexpr std::size_t max_tree_depth = 64;
inline constexpr std::size_t max_path_entries = 64;
inline constexpr std::size_t max_profile_periods = 4096;
inline constexpr std::size_t max_profile_values = 16384;

/// SML_MessageBody, the choices of 5.1.
enum class tag : std::uint32_t {
  open_request = 0x0100,
  open_response = 0x0101,
  close_request = 0x0200,
  close_response = 0x0201,
  get_profile_pack_request = 0x0300,
  get_profile_pack_response = 0x0301,
  get_profile_list_request = 0x0400,
  get_profile_list_response = 0x0401,
  get_proc_parameter_request = 0x0500,
  get_proc_parameter_response = 0x0501,
  set_proc_parameter_request = 0x0600,
  get_list_request = 0x0700,
  get_list_response = 0x0701,
  get_cosem_request = 0x0800,
  get_cosem_response = 0x0801,
  set_cosem_request = 0x0900,
  set_cosem_response = 0x0901,
  action_cosem_request = 0x0A00,
  action_cosem_response = 0x0A01,
  attention_response = 0xFF01,
};
/// `GetList.Res`; empty for a tag that 1.04 does not know.
[[nodiscard]] std::string_view to_string(tag t) noexcept;

struct open_request {
  octets codepage, client_id, request_file_id, server_id, username, password;
  std::optional<std::uint8_t> sml_version;
  friend bool operator==(const open_request&, const open_request&) = default;
};
struct open_response {
  octets codepage, client_id, request_file_id, server_id;
  moment ref_time;
  std::optional<std::uint8_t> sml_version;
  friend bool operator==(const open_response&, const open_response&) = default;
};
struct close_request {
  octets global_signature;
  friend bool operator==(const close_request&, const close_request&) = default;
};
struct close_response {
  octets global_signature;
  friend bool operator==(const close_response&, const close_response&) = default;
};
/// What both kinds of profile requests ask for.
struct profile_request {
  octets server_id, username, password;
  std::optional<bool> with_raw_data;
  moment begin, end;
  view<octets> path;
  view<octets> objects;
  view<tree_node> das_details;
  friend bool operator==(const profile_request&, const profile_request&) = default;
};
struct get_profile_pack_request : profile_request {
  friend bool operator==(const get_profile_pack_request&, const get_profile_pack_request&) = default;
};
struct get_profile_list_request : profile_request {
  friend bool operator==(const get_profile_list_request&, const get_profile_list_request&) = default;
};
struct get_profile_pack_response {
  octets server_id;
  moment act_time;
  std::uint32_t registration_period = 0;  ///< seconds
  view<octets> path;
  view<profile_header> headers;
  view<profile_period> periods;
  view<profile_value> values;  ///< of all periods
  octets raw_data, signature;
  friend bool operator==(const get_profile_pack_response&, const get_profile_pack_response&) = default;
};
struct get_profile_list_response {
  octets server_id;
  moment act_time;
  std::uint32_t registration_period = 0;  ///< seconds
  view<octets> path;
  moment val_time;
  sml::status status;
  view<period_entry> periods;
  octets raw_data, signature;
  friend bool operator==(const get_profile_list_response&, const get_profile_list_response&) = default;
};
struct get_proc_parameter_request {
  octets server_id, username, password;
  view<octets> path;
  octets attribute;
  friend bool operator==(const get_proc_parameter_request&, const get_proc_parameter_request&) = default;
};
struct get_proc_parameter_response {
  octets server_id;
  view<octets> path;
  view<tree_node> tree;
  friend bool operator==(const get_proc_parameter_response&, const get_proc_parameter_response&) = default;
};
struct set_proc_parameter_request {
  octets server_id, username, password;
  view<octets> path;
  view<tree_node> tree;
  friend bool operator==(const set_proc_parameter_request&, const set_proc_parameter_request&) = default;
};
struct get_list_request {
  octets client_id, server_id, username, password, list_name;
  friend bool operator==(const get_list_request&, const get_list_request&) = default;
};
struct get_list_response {
  octets client_id, server_id, list_name;
  moment act_sensor_time;
  view<register_entry> values;
  octets list_signature;
  moment act_gateway_time;
  friend bool operator==(const get_list_response&, const get_list_response&) = default;
};
struct attention_response {
  octets server_id;
  octets number;   ///< six octets; `8181C7C7FD00` is a positive acknowledgement
  octets message;  ///< text for people
  view<tree_node> details;
  friend bool operator==(const attention_response&, const attention_response&) = default;
};
/// A body that is not taken apart: COSEM messages, and tags that 1.04 does not know. Its structure is sound.
struct other_body {
  std::uint32_t tag = 0;
  octets encoded;
  friend bool operator==(const other_body&, const other_body&) = default;
};

using message_body = std::variant<other_body, open_request, open_response, close_request, close_response,
                                  get_profile_pack_request, get_profile_pack_response, get_profile_list_request,
                                  get_profile_list_response, get_proc_parameter_request, get_proc_parameter_response,
                                  set_proc_parameter_request, get_list_request, get_list_response, attention_response>;

struct message {
  octets transaction_id;
  std::uint8_t group = 0;
  std::uint8_t abort_on_error = 0;
  message_body body;
  bool kermit = false;  ///< decoded: the CRC was of the quirk's kind
  /// The number on the line, also of a body that is not taken apart.
  [[nodiscard]] std::uint32_t tag() const noexcept;
  friend bool operator==(const message&, const message&) = default;
};

struct decode_options {
  bool accept_kermit = false;  ///< quirk `holley_time_and_crc`
};

/// Decodes messages one by one. Keeps the memory of their lists, so that nothing is allocated once warm: a message is
/// valid until the next call, as long as the octets it was read from.
class decoder {
 public:
  explicit decoder(decode_options options = {}) : options_(options) {}

  /// Reads one message from the front of `in` and advances past it and octets 00 behind it; on error `in` stays.
  /// Refuses with truncated; malformed (structure, type, length); untrusted (CRC); exhausted (a bound above).
  [[nodiscard]] expected<message> next(bytes_view& in);

 private:
  friend class body_reader;
  decode_options options_;
  std::vector<register_entry> entries_;
  std::vector<tree_node> nodes_;
  std::vector<octets> path_;
  std::vector<octets> objects_;
  std::vector<period_entry> period_entries_;
  std::vector<profile_header> headers_;
  std::vector<profile_period> periods_;
  std::vector<profile_value> profile_values_;
};

/// Appends one message with its CRC. A tree must be complete: as many nodes as its counts of children say.
void put_message(bytes& out, const message& m);

}  // namespace smgw::sml
