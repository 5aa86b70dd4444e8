// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// A message while it arrives: its parts, and every bound on them. Whoever reads the syntax bounds nothing, so that all
/// limits stand in one place. Inner use of the parser.

#include "protocols/http/framing.hpp"
#include "protocols/http/parser.hpp"

namespace smgw::http {

class incoming_message {
 public:
  enum class kind : std::uint8_t { request, response };

  incoming_message(kind what, const limits& bounds) : bounds_(bounds), kind_(what) {}
  /// Forgets all: the next message begins.
  void begin();

  method verb = method::get;  ///< of a request
  int status = 0;             ///< of a response
  std::string line;           ///< target or reason
  fields headers;
  bytes body;
  bool wants_continue = false;  ///< it asks for `100 Continue`

  // Parts as they are read, cut anywhere. False: the message is refused, and `refused` says why.
  [[nodiscard]] bool add_method(std::string_view part);
  [[nodiscard]] bool end_method();
  [[nodiscard]] bool add_target(std::string_view part) { return add_to_line(part, bounds_.target, 414); }
  void end_target() noexcept { target_done_ = true; }
  [[nodiscard]] bool add_reason(std::string_view part);
  [[nodiscard]] bool add_field_name(std::string_view part) { return add_to_field(name_, part); }
  [[nodiscard]] bool add_field_value(std::string_view part) { return add_to_field(value_, part); }
  [[nodiscard]] bool end_field();
  /// `length` is that of Content-Length, if there is one; `bodyless` where the request asked for no body.
  [[nodiscard]] bool end_header(const framing& seen, std::uint64_t length, bool bodyless);
  [[nodiscard]] bool add_chunk_extension(std::string_view part);
  [[nodiscard]] bool add_body(std::string_view part);

  [[nodiscard]] kind what() const noexcept { return kind_; }
  [[nodiscard]] bool header_done() const noexcept { return header_done_; }
  [[nodiscard]] const std::string& method_text() const noexcept { return method_text_; }
  /// Octets of the wire that a message within its bounds can have, and what to say where they are used up.
  [[nodiscard]] std::size_t most_octets() const noexcept;
  [[nodiscard]] refusal too_long() const;

  /// A refusal with this status, if it is a request; with 502, if it is a response.
  [[nodiscard]] refusal refuse(int with, const char* why) const;
  /// The same, remembered. False.
  bool stop(int with, const char* why);
  std::optional<refusal> refused;

 private:
  bool add_to_line(std::string_view part, std::size_t limit, int otherwise);
  bool add_to_field(std::string& to, std::string_view part);
  bool check_request(const framing& seen, std::uint64_t length);
  bool check_response(const framing& seen);

  limits bounds_;
  kind kind_;
  std::string method_text_, name_, value_;
  std::size_t header_octets_ = 0;
  bool target_done_ = false;
  bool header_done_ = false;
};

}  // namespace smgw::http
