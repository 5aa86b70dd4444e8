// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// One message after the other on a connection: what a server and a client make of what was read.
#include "protocols/http/parser.hpp"

#include "base/octets.hpp"
#include "protocols/http/message_reader.hpp"

#include <utility>

namespace smgw::http {

struct request_parser::state {
  explicit state(const limits& bounds) : in(incoming_message::kind::request, bounds), ahead_limit(bounds.ahead) {}
  message_reader in;
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
  return state_->in.awaits_body() && std::exchange(state_->in.message.wants_continue, false);
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
  auto& m = s.in.message;
  auto r = request{m.verb, std::move(m.line), std::move(m.headers), std::move(m.body), s.in.keep_alive};
  s.in.restart();
  return r;
}

struct response_parser::state {
  explicit state(const limits& bounds) : in(incoming_message::kind::response, bounds) {}
  response take() {
    auto& m = in.message;
    auto r = response{m.status, std::move(m.line), std::move(m.headers), std::move(m.body), in.keep_alive};
    in.restart();
    asked = false;
    return r;
  }
  outcome<response> fail_with(refusal why) {
    dead = std::move(why);
    return std::unexpected{*dead};
  }
  message_reader in;
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
