// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/d0/session.hpp"

#include "base/octets.hpp"

#include <algorithm>

namespace smgw::d0 {
namespace {

constexpr std::size_t max_address = 32;  // IEC 62056-21, 6.3.2 item 22

bool can_be_address(std::string_view text) noexcept {
  return text.size() <= max_address && std::ranges::all_of(text, [](char c) {
           return c == ' ' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
         });
}

}  // namespace

session_output session::quiet() const {
  session_output out;
  out.wake_at = deadline_;
  out.done = state_ == state::after;
  return out;
}

session_output session::send_request(time_point now) {
  state_ = state::identification;
  ++tried_;
  line_.clear();
  reader_ = reader{{.pause = std::chrono::hours{1}}};
  session_output out;
  put(out.transmit, "/?" + options_.address + "!\r\n");
  out.baud = opening_baud;
  // At 300 baud and ten bits a character the request itself takes its time.
  const auto sending = std::chrono::milliseconds{out.transmit.size() * 10'000 / opening_baud};
  deadline_ = out.wake_at = now + sending + options_.answer;
  return out;
}

expected<session_output> session::start(time_point now) {
  if (state_ != state::before) return fail(errc::conflict, "the dialogue has begun already");
  if (!can_be_address(options_.address)) return fail(errc::malformed, "no device address");
  return send_request(now);
}

expected<session_output> session::again(error why, time_point now) {
  if (tried_ < options_.tries) return send_request(now);
  state_ = state::after;
  deadline_.reset();
  return std::unexpected{std::move(why)};
}

expected<session_output> session::take_identification(time_point now) {
  const auto text = as_text(line_);
  const auto id = read_identification(text.substr(0, text.find_first_of("\r\n")));
  if (!id) return again(id.error(), now);
  state_ = state::readout;
  session_output out;
  deadline_ = out.wake_at = now + options_.readout;
  bytes_view seen = line_;
  (void)reader_.feed(seen, now);  // the readout begins with it
  if (!id->mode_c()) {            // mode B changes by itself, mode A stays
    out.baud = id->baud_rate();
    return out;
  }
  char z = id->baud;
  while (z > '0' && *baud_of(z) > options_.fastest) --z;
  out.not_before = now + reaction_time;
  out.transmit = {0x06, '0', static_cast<std::uint8_t>(z), '0', '\r', '\n'};
  out.then_baud = baud_of(z);
  return out;
}

expected<session_output> session::take_readout(bytes_view in, time_point now) {
  auto got = reader_.feed(in, now);
  if (!got) return quiet();
  if (!*got) return again(got->error(), now);
  state_ = state::after;
  deadline_.reset();
  auto out = quiet();
  out.received = **got;
  return out;
}

// Characters have seven bits; a port may leave their parity in.
bytes_view session::seven_bits(bytes_view in) {
  input_.assign(in.begin(), in.end());
  for (auto& c : input_) c &= 0x7F;
  return input_;
}

expected<session_output> session::feed(bytes_view received, time_point now) {
  auto in = seven_bits(received);
  if (state_ == state::readout) return take_readout(in, now);
  if (state_ != state::identification) return quiet();
  while (!in.empty()) {
    const auto octet = in[0];
    in = in.subspan(1);
    // Optical heads echo what is sent, so the request comes back first.
    if (octet == '/') line_.clear();
    line_.push_back(octet);
    if (line_.size() > max_identification + 2) line_.clear();
    if (octet != '\n') continue;
    if (line_.size() < 2 || line_[0] != '/' || line_[1] == '?') {
      line_.clear();
      continue;
    }
    auto out = take_identification(now);
    if (!out || state_ != state::readout || in.empty()) return out;
    // A meter of mode A or B goes on without being asked.
    auto more = take_readout(in, now);
    if (more && more->transmit.empty()) {
      out->received = more->received;
      out->done = more->done;
      out->wake_at = more->wake_at;
      return out;
    }
    return more;
  }
  return quiet();
}

expected<session_output> session::tick(time_point now) {
  if (!deadline_ || now < *deadline_) return quiet();
  if (state_ == state::identification) return again({errc::expired, "the meter did not answer"}, now);
  return again({errc::expired, "the readout did not come to its end"}, now);
}

session_output responder::quiet() const {
  session_output out;
  out.wake_at = deadline_;
  return out;
}

// Then the line is at the opening rate again, for the next request.
session_output responder::send_block() {
  state_ = state::idle;
  deadline_.reset();
  session_output out;
  out.transmit = encode_block(content_);
  out.then_baud = opening_baud;
  out.done = true;
  return out;
}

responder::responder(std::string address, readout_to_send content)
    : address_(std::move(address)), content_(std::move(content)) {}

// Leading zeros of an address do not count, and an empty one means every meter (6.3.2 item 22).
bool responder::is_for_me(std::string_view line) const noexcept {
  if (!line.starts_with("/?") || !line.ends_with('!')) return false;
  auto asked = line.substr(2, line.size() - 3);
  if (asked.empty()) return true;
  std::string_view mine = address_;
  asked.remove_prefix(std::min(asked.find_first_not_of('0'), asked.size()));
  mine.remove_prefix(std::min(mine.find_first_not_of('0'), mine.size()));
  return asked == mine;
}

session_output responder::take_line(std::string_view line, time_point now) {
  if (is_for_me(line)) {
    session_output out;
    state_ = state::identified;
    out.not_before = now + reaction_time;
    out.baud = opening_baud;
    out.transmit = encode_identification(content_);
    deadline_ = out.wake_at = now + default_pause;
    return out;
  }
  // ACK, V = 0 (normal), Z, Y = 0 (readout)
  if (state_ != state::identified || line.size() != 4 || line[0] != '\x06' || line[1] != '0' || line[3] != '0')
    return quiet();
  const auto rate = baud_of(line[2]);
  if (!rate) return quiet();
  auto out = send_block();
  out.not_before = now + reaction_time;
  out.baud = rate;
  return out;
}

session_output responder::feed(bytes_view in, time_point now) {
  auto out = quiet();
  for (const auto octet : in) {
    if (octet == '/' || octet == 0x06) line_.clear();
    if (line_.size() > max_identification) line_.clear();
    if (octet != '\n') {
      line_.push_back(octet);
      continue;
    }
    auto line = as_text(line_);
    if (line.ends_with('\r')) line.remove_suffix(1);
    auto next = take_line(line, now);
    line_.clear();
    if (!next.transmit.empty()) out = std::move(next);
  }
  return out;
}

session_output responder::tick(time_point now) {
  if (!deadline_ || now < *deadline_) return quiet();
  return send_block();
}

}  // namespace smgw::d0
