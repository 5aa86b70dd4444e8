// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/http/parser.hpp"

#include "base/octets.hpp"
#include "protocols/http/framing.hpp"

#include <llhttp.h>

#include <algorithm>
#include <array>

namespace smgw::http {
namespace {

constexpr std::size_t method_limit = 32;
constexpr std::size_t reason_limit = 256;
/// Room for the method, the version and the line ends around target and fields.
constexpr std::size_t start_line_room = 64;
/// A body of single-octet chunks is six octets on the wire for each of its own.
constexpr std::size_t chunk_overhead = 6;
constexpr int interim_limit = 8;

/// One message on its way in. llhttp knows the syntax and bounds nothing: every limit is here.
class wire {
 public:
  wire(llhttp_type_t type, const limits& bounds) : bounds_(bounds), type_(type) { restart(); }
  wire(const wire&) = delete;
  wire& operator=(const wire&) = delete;

  /// Back to the start of a message.
  void restart() {
    llhttp_init(&parser_, type_, &settings());
    parser_.data = this;
    begin_message();
    raw_ = 0;
    interim_ = blanks_ = 0;
    previous_ = 0;
    line_ended_ = false;
    started_ = complete_ = false;
  }

  /// Reads until the message is complete or `in` is used up; advances `in`.
  outcome<void> read(bytes_view& in) {
    while (!in.empty() && !complete_) {
      const auto budget = raw_budget();
      if (raw_ >= budget) return give_up(headers_done_ ? 413 : target_done_ ? 431 : 414, "message too long");
      const auto piece = in.first(std::min(in.size(), budget - raw_));
      started_ = true;
      if (type_ == HTTP_REQUEST && !check_blanks(piece)) return give_up(400, "blanks in the request line");
      const auto* text = reinterpret_cast<const char*>(piece.data());
      const auto code = llhttp_execute(&parser_, text, piece.size());
      std::size_t used = piece.size();
      if (code == HPE_PAUSED && complete_)
        used = static_cast<std::size_t>(llhttp_get_error_pos(&parser_) - text);
      else if (code != HPE_OK)
        return refuse(code, piece);
      raw_ += used;
      in = in.subspan(used);
    }
    return {};
  }

  /// The peer closed: a response may be complete by that.
  outcome<void> finish() {
    const auto code = llhttp_finish(&parser_);
    if ((code != HPE_OK && code != HPE_PAUSED) || !complete_)
      return std::unexpected{refusal{502, {errc::truncated, "message cut off"}}};
    return {};
  }

  [[nodiscard]] bool complete() const noexcept { return complete_; }
  [[nodiscard]] bool started() const noexcept { return started_; }
  [[nodiscard]] bool awaits_body() const noexcept { return headers_done_ && !complete_ && body_.empty(); }
  void expect_no_body(bool none) noexcept { no_body_ = none; }

  bool keep_alive_ = false;
  bool continue_ = false;
  int status_ = 0;
  method verb_ = method::get;
  std::string line_;  ///< target or reason
  fields headers_;
  bytes body_;

 private:
  static wire& of(llhttp_t* p) { return *static_cast<wire*>(p->data); }
  static const llhttp_settings_t& settings();

  void begin_message() {
    line_.clear();
    method_text_.clear();
    name_.clear();
    value_.clear();
    headers_ = {};
    body_.clear();
    header_octets_ = 0;
    target_done_ = headers_done_ = continue_ = false;
    refused_.reset();
  }

  /// The request line has two single blanks (RFC 9112, 3); llhttp would take more.
  bool check_blanks(bytes_view piece) noexcept {
    for (std::size_t i = 0; i < piece.size() && !line_ended_; ++i) {
      if (piece[i] == ' ' && (previous_ == ' ' || ++blanks_ > 2)) return false;
      previous_ = piece[i];
      line_ended_ = previous_ == '\n';
    }
    return true;
  }

  [[nodiscard]] std::size_t raw_budget() const noexcept {
    const auto header = start_line_room + bounds_.target + bounds_.header;
    return headers_done_ ? 2 * header + chunk_overhead * bounds_.body : header;
  }

  std::unexpected<refusal> give_up(int status, const char* why) {
    const auto code = status == 501 || status == 505                                     ? errc::unsupported
                      : status == 411 || status == 413 || status == 414 || status == 431 ? errc::exhausted
                                                                                         : errc::malformed;
    return std::unexpected{refusal{type_ == HTTP_REQUEST ? status : 502, {code, why}}};
  }
  /// From inside a callback: remembers why and stops llhttp.
  int stop(int status, const char* why) {
    refused_ = give_up(status, why).error();
    return HPE_USER;
  }
  std::unexpected<refusal> refuse(llhttp_errno code, bytes_view piece);

  int append(std::string& to, const char* at, std::size_t n, std::size_t limit, int status) {
    if (to.size() + n > limit) return stop(status, "start line too long");
    to.append(at, n);
    return 0;
  }
  int append_field(std::string& to, const char* at, std::size_t n) {
    header_octets_ += n;
    if (name_.size() + value_.size() + n + 4 > bounds_.field) return stop(431, "header field too long");
    if (header_octets_ > bounds_.header) return stop(431, "header too long");
    to.append(at, n);
    return 0;
  }
  int field_complete() {
    header_octets_ += 4;  // colon, blank, CR, LF
    // What follows the body (trailers) counts, and is dropped: it must not change what was decided before the body.
    if (!headers_done_) {
      if (headers_.all().size() == bounds_.fields) return stop(431, "too many header fields");
      headers_.add(std::move(name_), std::move(value_));
    }
    name_.clear();
    value_.clear();
    return 0;
  }
  int version_complete() {
    if (parser_.http_major != 1) return stop(505, "HTTP version");
    return 0;
  }
  int method_complete() {
    for (const auto m : {method::get, method::head, method::put, method::post, method::del})
      if (method_text_ == to_string(m)) {
        verb_ = m;
        return 0;
      }
    return stop(501, "method");
  }
  int headers_complete();
  int check_request();
  int message_complete();

  limits bounds_;
  llhttp_type_t type_;
  llhttp_t parser_{};
  std::string method_text_, name_, value_;
  std::size_t header_octets_ = 0;
  std::size_t raw_ = 0;
  int interim_ = 0;
  int blanks_ = 0;
  std::uint8_t previous_ = 0;
  bool line_ended_ = false;
  bool target_done_ = false;
  bool headers_done_ = false;
  bool started_ = false;
  bool complete_ = false;
  bool no_body_ = false;
  std::optional<refusal> refused_;
};

const llhttp_settings_t& wire::settings() {
  static const llhttp_settings_t shared = [] {
    llhttp_settings_t s;
    llhttp_settings_init(&s);
    s.on_method = [](llhttp_t* p, const char* at, std::size_t n) {
      return of(p).append(of(p).method_text_, at, n, method_limit, 501);
    };
    s.on_method_complete = [](llhttp_t* p) { return of(p).method_complete(); };
    s.on_url = [](llhttp_t* p, const char* at, std::size_t n) {
      return of(p).append(of(p).line_, at, n, of(p).bounds_.target, 414);
    };
    s.on_url_complete = [](llhttp_t* p) {
      of(p).target_done_ = true;
      return 0;
    };
    s.on_status = [](llhttp_t* p, const char* at, std::size_t n) {
      return of(p).append(of(p).line_, at, n, reason_limit, 431);
    };
    s.on_version_complete = [](llhttp_t* p) { return of(p).version_complete(); };
    s.on_header_field = [](llhttp_t* p, const char* at, std::size_t n) {
      return of(p).append_field(of(p).name_, at, n);
    };
    s.on_header_value = [](llhttp_t* p, const char* at, std::size_t n) {
      return of(p).append_field(of(p).value_, at, n);
    };
    s.on_header_value_complete = [](llhttp_t* p) { return of(p).field_complete(); };
    s.on_headers_complete = [](llhttp_t* p) { return of(p).headers_complete(); };
    s.on_chunk_extension_name = s.on_chunk_extension_value = [](llhttp_t* p, const char*, std::size_t n) {
      of(p).header_octets_ += n;
      return of(p).header_octets_ > of(p).bounds_.header ? of(p).stop(431, "chunk extensions too long") : 0;
    };
    s.on_body = [](llhttp_t* p, const char* at, std::size_t n) -> int {
      auto& w = of(p);
      if (w.body_.size() + n > w.bounds_.body) return w.stop(413, "body too large");
      put(w.body_, std::string_view{at, n});
      return 0;
    };
    s.on_message_complete = [](llhttp_t* p) { return of(p).message_complete(); };
    return s;
  }();
  return shared;
}

int wire::check_request() {
  const framing seen{parser_.http_minor > 0, (parser_.flags & F_CONTENT_LENGTH) != 0};
  if (const auto why = check_request_framing(verb_, headers_, seen); why.status != 0) return stop(why.status, why.text);
  if (const auto why = to_origin_form(line_, headers_); why.status != 0) return stop(why.status, why.text);
  const bool coded = headers_.find("Transfer-Encoding") != nullptr;
  continue_ = parser_.http_minor > 0 && (coded || parser_.content_length > 0) &&
              same_token(headers_.get("Expect"), "100-continue");
  return 0;
}

int wire::headers_complete() {
  if (type_ == HTTP_REQUEST) {
    if (const int code = check_request(); code != 0) return code;
  } else {
    status_ = parser_.status_code;
    if (status_ == 101 || status_ < 100) return stop(400, "status");
    const framing seen{parser_.http_minor > 0, (parser_.flags & F_CONTENT_LENGTH) != 0};
    if (const auto why = check_coding(headers_, seen); why.status != 0) return stop(why.status, why.text);
  }
  if ((parser_.flags & F_CONTENT_LENGTH) != 0 && !no_body_ && parser_.content_length > bounds_.body)
    return stop(413, "body too large");
  // No upgrade is offered: such a request is answered as if it had not asked (RFC 9110, 7.8).
  parser_.upgrade = 0;
  headers_done_ = true;
  return no_body_ ? 1 : 0;
}

int wire::message_complete() {
  if (type_ == HTTP_RESPONSE && status_ < 200) {
    if (++interim_ > interim_limit) return stop(400, "too many interim responses");
    begin_message();
    return 0;
  }
  keep_alive_ = llhttp_should_keep_alive(&parser_) != 0;
  complete_ = true;
  return HPE_PAUSED;
}

std::unexpected<refusal> wire::refuse(llhttp_errno code, bytes_view piece) {
  if (refused_) return std::unexpected{*refused_};
  switch (code) {
    case HPE_INVALID_METHOD: {
      // An unknown word where the method belongs is 501; anything else there is no HTTP.
      const auto text = as_text(piece);
      const auto word = method_text_ + std::string{text.substr(0, text.find(' '))};
      const bool token =
          std::ranges::all_of(word, [](char c) { return (c >= 'A' && c <= 'Z') || c == '-' || c == '_'; });
      return give_up(token ? 501 : 400, "method");
    }
    case HPE_INVALID_VERSION: {
      const bool known = parser_.http_major == 1 && parser_.http_minor <= 1;  // then the line goes on behind it
      const bool version = std::string_view{llhttp_get_error_reason(&parser_)} == "Invalid HTTP version";
      return give_up(version && !known ? 505 : 400, "HTTP version");
    }
    case HPE_INVALID_TRANSFER_ENCODING:
      return give_up(headers_.find("Content-Length") != nullptr ? 400 : 501, "transfer coding");
    default: return give_up(400, llhttp_errno_name(code));
  }
}

}  // namespace

struct request_parser::state {
  explicit state(const limits& bounds) : in(HTTP_REQUEST, bounds), ahead_limit(bounds.ahead) {}
  wire in;
  std::size_t ahead_limit;
  bytes ahead;
  std::optional<refusal> dead;
};

request_parser::request_parser(const limits& bounds) : state_(std::make_unique<state>(bounds)) {}
request_parser::~request_parser() = default;
request_parser::request_parser(request_parser&&) noexcept = default;
request_parser& request_parser::operator=(request_parser&&) noexcept = default;

bool request_parser::idle() const noexcept { return !state_->in.started() && state_->ahead.empty(); }

bool request_parser::wants_continue() noexcept {
  return state_->in.awaits_body() && std::exchange(state_->in.continue_, false);
}

outcome<std::optional<request>> request_parser::feed(bytes_view in) {
  auto& s = *state_;
  if (s.dead) return std::unexpected{*s.dead};
  bytes joined;
  if (!s.ahead.empty()) {
    joined = std::exchange(s.ahead, {});
    put(joined, in);
    in = joined;
  }
  // Empty lines before a request are left over from clients that end a body with one (RFC 9112, 2.2).
  while (!s.in.started() && in.size() >= 2 && in[0] == '\r' && in[1] == '\n') in = in.subspan(2);
  const auto read = s.in.read(in);
  if (!read) {
    s.dead = read.error();
    return std::unexpected{*s.dead};
  }
  if (!s.in.complete()) return std::nullopt;
  if (in.size() > s.ahead_limit) {
    s.dead = refusal{400, {errc::exhausted, "too much sent ahead"}};
    return std::unexpected{*s.dead};
  }
  s.ahead.assign(in.begin(), in.end());
  auto r =
      request{s.in.verb_, std::move(s.in.line_), std::move(s.in.headers_), std::move(s.in.body_), s.in.keep_alive_};
  s.in.restart();
  return r;
}

struct response_parser::state {
  explicit state(const limits& bounds) : in(HTTP_RESPONSE, bounds) {}
  response take() {
    auto r = response{in.status_, std::move(in.line_), std::move(in.headers_), std::move(in.body_), in.keep_alive_};
    in.restart();
    asked = false;
    return r;
  }
  outcome<response> fail_with(refusal why) {
    dead = std::move(why);
    return std::unexpected{*dead};
  }
  wire in;
  bool asked = false;
  std::optional<refusal> dead;
};

response_parser::response_parser(const limits& bounds) : state_(std::make_unique<state>(bounds)) {}
response_parser::~response_parser() = default;
response_parser::response_parser(response_parser&&) noexcept = default;
response_parser& response_parser::operator=(response_parser&&) noexcept = default;

void response_parser::expect(method asked) {
  state_->asked = true;
  state_->in.expect_no_body(asked == method::head);
}

outcome<std::optional<response>> response_parser::feed(bytes_view in) {
  auto& s = *state_;
  if (!s.dead && !s.asked && !in.empty()) s.dead = refusal{502, {errc::conflict, "response without a request"}};
  if (s.dead) return std::unexpected{*s.dead};
  if (const auto read = s.in.read(in); !read) {
    s.dead = read.error();
    return std::unexpected{*s.dead};
  }
  if (!s.in.complete()) return std::nullopt;
  auto r = s.take();
  // The peer said more than it was asked: what comes next on this connection cannot be trusted to be an answer.
  if (!in.empty()) r.keep_alive = false;
  return r;
}

outcome<response> response_parser::eof() {
  auto& s = *state_;
  if (s.dead) return std::unexpected{*s.dead};
  if (!s.asked || !s.in.started()) return s.fail_with({502, {errc::truncated, "connection closed without a response"}});
  if (const auto ended = s.in.finish(); !ended) return s.fail_with(ended.error());
  auto r = s.take();
  r.keep_alive = false;
  return r;
}

}  // namespace smgw::http
