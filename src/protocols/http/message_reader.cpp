// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/http/message_reader.hpp"

#include "base/octets.hpp"

#include <llhttp.h>

#include <algorithm>

namespace smgw::http {
namespace {

constexpr int interim_limit = 8;

/// What a callback says to llhttp.
int go_on(bool good) { return good ? 0 : HPE_USER; }

}  // namespace

struct message_reader::syntax {
  llhttp_t parser{};

  static const llhttp_settings_t& settings();
  static message_reader& of(llhttp_t* p) { return *static_cast<message_reader*>(p->data); }

  template <auto Add>
  static int part(llhttp_t* p, const char* at, std::size_t n) {
    return go_on((of(p).message.*Add)({at, n}));
  }
  static int version_ends(llhttp_t* p) { return go_on(p->http_major == 1 || of(p).message.stop(505, "HTTP version")); }
  static int header_ends(llhttp_t* p);
  static int message_ends(llhttp_t* p);
};

const llhttp_settings_t& message_reader::syntax::settings() {
  static const llhttp_settings_t shared = [] {
    using message = incoming_message;
    llhttp_settings_t s;
    llhttp_settings_init(&s);
    s.on_method = part<&message::add_method>;
    s.on_method_complete = [](llhttp_t* p) { return go_on(of(p).message.end_method()); };
    s.on_url = part<&message::add_target>;
    s.on_url_complete = [](llhttp_t* p) {
      of(p).message.end_target();
      return 0;
    };
    s.on_status = part<&message::add_reason>;
    s.on_version_complete = version_ends;
    s.on_header_field = part<&message::add_field_name>;
    s.on_header_value = part<&message::add_field_value>;
    s.on_header_value_complete = [](llhttp_t* p) { return go_on(of(p).message.end_field()); };
    s.on_headers_complete = header_ends;
    s.on_chunk_extension_name = s.on_chunk_extension_value = part<&message::add_chunk_extension>;
    s.on_body = part<&message::add_body>;
    s.on_message_complete = message_ends;
    return s;
  }();
  return shared;
}

int message_reader::syntax::header_ends(llhttp_t* p) {
  auto& r = of(p);
  r.message.status = p->status_code;
  const framing seen{p->http_minor > 0, (p->flags & F_CONTENT_LENGTH) != 0};
  if (!r.message.end_header(seen, p->content_length, r.no_body_)) return HPE_USER;
  // No upgrade is offered: such a request is answered as if it had not asked (RFC 9110, 7.8).
  p->upgrade = 0;
  return r.no_body_ ? 1 : 0;
}

int message_reader::syntax::message_ends(llhttp_t* p) {
  auto& r = of(p);
  if (r.message.what() == incoming_message::kind::response && r.message.status < 200) {
    if (++r.interim_ > interim_limit) return go_on(r.message.stop(400, "too many interim responses"));
    r.message.begin();
    return 0;
  }
  r.keep_alive = llhttp_should_keep_alive(p) != 0;
  r.complete_ = true;
  return HPE_PAUSED;
}

message_reader::message_reader(incoming_message::kind what, const limits& bounds)
    : message(what, bounds), syntax_(std::make_unique<syntax>()) {
  restart();
}
message_reader::~message_reader() = default;

void message_reader::restart() {
  auto& p = syntax_->parser;
  llhttp_init(&p, message.what() == incoming_message::kind::request ? HTTP_REQUEST : HTTP_RESPONSE,
              &syntax::settings());
  p.data = this;
  message.begin();
  octets_ = 0;
  interim_ = blanks_ = 0;
  previous_ = 0;
  line_ended_ = false;
  started_ = complete_ = false;
}

outcome<void> message_reader::read(bytes_view& in) {
  const bool request = message.what() == incoming_message::kind::request;
  while (!in.empty() && !complete_) {
    const auto budget = message.most_octets();
    if (octets_ >= budget) return std::unexpected{message.too_long()};
    const auto piece = in.first(std::min(in.size(), budget - octets_));
    started_ = true;
    if (request && !check_blanks(piece)) return std::unexpected{message.refuse(400, "blanks in the request line")};
    const auto* text = reinterpret_cast<const char*>(piece.data());
    const auto code = llhttp_execute(&syntax_->parser, text, piece.size());
    std::size_t used = piece.size();
    if (code == HPE_PAUSED && complete_)
      used = static_cast<std::size_t>(llhttp_get_error_pos(&syntax_->parser) - text);
    else if (code != HPE_OK)
      return std::unexpected{why(code, piece)};
    octets_ += used;
    in = in.subspan(used);
  }
  return {};
}

outcome<void> message_reader::finish() {
  const auto code = llhttp_finish(&syntax_->parser);
  if ((code != HPE_OK && code != HPE_PAUSED) || !complete_)
    return std::unexpected{refusal{502, {errc::truncated, "message cut off"}}};
  return {};
}

/// The request line has two single blanks (RFC 9112, 3); llhttp would take more.
bool message_reader::check_blanks(bytes_view piece) noexcept {
  for (std::size_t i = 0; i < piece.size() && !line_ended_; ++i) {
    if (piece[i] == ' ' && (previous_ == ' ' || ++blanks_ > 2)) return false;
    previous_ = piece[i];
    line_ended_ = previous_ == '\n';
  }
  return true;
}

/// What was refused in a callback, or by llhttp itself.
refusal message_reader::why(int code, bytes_view piece) const {
  if (message.refused) return *message.refused;
  const auto& p = syntax_->parser;
  switch (code) {
    case HPE_INVALID_METHOD: {
      // An unknown word where the method belongs is 501; anything else there is no HTTP.
      const auto text = as_text(piece);
      const auto word = message.method_text() + std::string{text.substr(0, text.find(' '))};
      const bool token =
          std::ranges::all_of(word, [](char c) { return (c >= 'A' && c <= 'Z') || c == '-' || c == '_'; });
      return message.refuse(token ? 501 : 400, "method");
    }
    case HPE_INVALID_VERSION: {
      const bool known = p.http_major == 1 && p.http_minor <= 1;  // then the line goes on behind it
      const bool version = std::string_view{llhttp_get_error_reason(&p)} == "Invalid HTTP version";
      return message.refuse(version && !known ? 505 : 400, "HTTP version");
    }
    case HPE_INVALID_TRANSFER_ENCODING:
      return message.refuse(message.headers.find("Content-Length") != nullptr ? 400 : 501, "transfer coding");
    default: return message.refuse(400, llhttp_errno_name(static_cast<llhttp_errno_t>(code)));
  }
}

}  // namespace smgw::http
