// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/http/incoming.hpp"

#include "base/octets.hpp"

namespace smgw::http {
namespace {

constexpr std::size_t method_limit = 32;
constexpr std::size_t reason_limit = 256;
/// Room for the method, the version and the line ends around target and fields.
constexpr std::size_t start_line_room = 64;
/// A body of single-octet chunks is six octets on the wire for each of its own.
constexpr std::size_t chunk_overhead = 6;
/// Colon, blank, CR, LF.
constexpr std::size_t field_overhead = 4;

errc code_of(int status) {
  switch (status) {
    case 501:
    case 505: return errc::unsupported;
    case 411:
    case 413:
    case 414:
    case 431: return errc::exhausted;
    default: return errc::malformed;
  }
}

}  // namespace

void incoming_message::begin() {
  line.clear();
  method_text_.clear();
  name_.clear();
  value_.clear();
  headers = {};
  body.clear();
  header_octets_ = 0;
  target_done_ = header_done_ = wants_continue = false;
  refused.reset();
}

refusal incoming_message::refuse(int with, const char* why) const {
  return {kind_ == kind::request ? with : 502, {code_of(with), why}};
}

bool incoming_message::stop(int with, const char* why) {
  refused = refuse(with, why);
  return false;
}

std::size_t incoming_message::most_octets() const noexcept {
  const auto header = start_line_room + bounds_.target + bounds_.header;
  return header_done_ ? 2 * header + chunk_overhead * bounds_.body : header;
}

refusal incoming_message::too_long() const {
  return refuse(header_done_ ? 413 : target_done_ ? 431 : 414, "message too long");
}

bool incoming_message::add_method(std::string_view part) {
  if (method_text_.size() + part.size() > method_limit) return stop(501, "start line too long");
  method_text_ += part;
  return true;
}

bool incoming_message::end_method() {
  for (const auto m : {method::get, method::head, method::put, method::post, method::del})
    if (method_text_ == to_string(m)) {
      verb = m;
      return true;
    }
  return stop(501, "method");
}

bool incoming_message::add_to_line(std::string_view part, std::size_t limit, int otherwise) {
  if (line.size() + part.size() > limit) return stop(otherwise, "start line too long");
  line += part;
  return true;
}

bool incoming_message::add_reason(std::string_view part) { return add_to_line(part, reason_limit, 431); }

bool incoming_message::add_to_field(std::string& to, std::string_view part) {
  header_octets_ += part.size();
  if (name_.size() + value_.size() + part.size() + field_overhead > bounds_.field)
    return stop(431, "header field too long");
  if (header_octets_ > bounds_.header) return stop(431, "header too long");
  to += part;
  return true;
}

bool incoming_message::end_field() {
  header_octets_ += field_overhead;
  // What follows the body (trailers) counts, and is dropped: it must not change what was decided before the body.
  if (!header_done_) {
    if (headers.all().size() == bounds_.fields) return stop(431, "too many header fields");
    headers.add(std::move(name_), std::move(value_));
  }
  name_.clear();
  value_.clear();
  return true;
}

bool incoming_message::check_request(const framing& seen, std::uint64_t length) {
  if (const auto why = check_request_framing(verb, headers, seen); why.status != 0) return stop(why.status, why.text);
  if (const auto why = to_origin_form(line, headers); why.status != 0) return stop(why.status, why.text);
  const bool coded = headers.find("Transfer-Encoding") != nullptr;
  wants_continue = seen.http_1_1 && (coded || length > 0) && same_token(headers.get("Expect"), "100-continue");
  return true;
}

bool incoming_message::check_response(const framing& seen) {
  if (status == 101 || status < 100) return stop(400, "status");
  if (const auto why = check_coding(headers, seen); why.status != 0) return stop(why.status, why.text);
  return true;
}

bool incoming_message::end_header(const framing& seen, std::uint64_t length, bool bodyless) {
  if (!(kind_ == kind::request ? check_request(seen, length) : check_response(seen))) return false;
  if (seen.has_length && !bodyless && length > bounds_.body) return stop(413, "body too large");
  header_done_ = true;
  return true;
}

bool incoming_message::add_chunk_extension(std::string_view part) {
  header_octets_ += part.size();
  return header_octets_ <= bounds_.header || stop(431, "chunk extensions too long");
}

bool incoming_message::add_body(std::string_view part) {
  if (body.size() + part.size() > bounds_.body) return stop(413, "body too large");
  put(body, part);
  return true;
}

}  // namespace smgw::http
