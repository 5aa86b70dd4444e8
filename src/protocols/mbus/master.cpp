// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "protocols/mbus/master.hpp"

#include "base/octets.hpp"
#include "protocols/mbus/mode2.hpp"
#include "protocols/mbus/record.hpp"
#include "protocols/mbus/response.hpp"

namespace smgw::mbus {
namespace {

constexpr std::uint8_t snd_nke = 0x40;
constexpr std::uint8_t req_ud2 = 0x5B;
constexpr std::uint8_t fcb = 0x20;
constexpr std::uint8_t test_address = 254;  // every slave answers

// What follows takes mode 1 only; an answer of mode 2 that makes no sense stays what it is.
bytes as_mode1(const wired_frame& f, bytes_view whole) {
  if (auto turned = in_mode1(f)) return *std::move(turned);
  return {whole.begin(), whole.end()};
}

bool more_follows(bytes_view whole) {
  const auto f = take_wired(whole);
  const auto answer = f ? read_response(*f) : std::unexpected{f.error()};
  if (!answer || answer->kind != response_kind::variable) return false;
  record_reader reader{answer->records};
  record r;
  bool more = false;
  while (reader.next(r).value_or(false)) more = r.more_follows;
  return more;
}

}  // namespace

master::output master::request(time_point now) {
  output out;
  ++tries_;
  pending_.clear();
  wake_at_ = now + master_timeout;
  out.wake_at = wake_at_;
  const auto control =
      phase_ == phase::resetting ? snd_nke : static_cast<std::uint8_t>(req_ud2 | (frame_count_bit_ ? fcb : 0U));
  out.transmit =
      selection_ && phase_ == phase::resetting ? selection_frame(*selection_) : short_frame(control, address_);
  return out;
}

master::output master::start(time_point now) {
  phase_ = phase::resetting;
  frame_count_bit_ = true;
  tries_ = 0;
  telegrams_ = 0;
  return request(now);
}

master::output master::after_reset(time_point now) {
  phase_ = phase::reading;
  tries_ = 0;
  return request(now);
}

expected<master::output> master::after_telegram(const wired_frame& f, bytes_view whole, time_point now) {
  auto frame = as_mode1(f, whole);
  const bool more = more_follows(frame);
  output out;
  if (more) {
    if (++telegrams_ == max_telegrams) {
      phase_ = phase::idle;
      wake_at_.reset();
      return fail(errc::exhausted, "readout without end");
    }
    frame_count_bit_ = !frame_count_bit_;
    tries_ = 0;
    out = request(now);
  } else {
    phase_ = phase::idle;
    pending_.clear();
    wake_at_.reset();
    out.done = true;
  }
  out.received.push_back(std::move(frame));
  return out;
}

expected<master::output> master::feed(bytes_view in, time_point now) {
  output waiting;
  waiting.wake_at = wake_at_;
  if (phase_ == phase::idle) return waiting;
  put(pending_, in);
  bytes_view left = pending_;
  while (!left.empty()) {
    const auto before = left;
    const auto frame = take_wired(left);
    if (!frame) {
      if (frame.error().code == errc::truncated && left.size() < max_wired_frame) break;
      left = left.subspan(1);  // noise: look for the next start octet
      continue;
    }
    if (phase_ == phase::resetting) {
      if (frame->kind == wired_kind::acknowledge) return after_reset(now);
      continue;
    }
    const bool answers = frame->kind == wired_kind::long_frame || frame->kind == wired_kind::control_frame;
    const bool ours = frame->address == address_ || address_ >= test_address - 1;
    if (answers && ours) return after_telegram(*frame, before.first(before.size() - left.size()), now);
  }
  pending_.assign(left.begin(), left.end());
  return waiting;
}

expected<master::output> master::tick(time_point now) {
  output out;
  out.wake_at = wake_at_;
  if (!wake_at_ || now < *wake_at_) return out;
  if (tries_ < master_tries) return request(now);
  phase_ = phase::idle;
  wake_at_.reset();
  return fail(errc::unavailable, "slave does not answer");
}

}  // namespace smgw::mbus
