// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/hdlc/link.hpp"

#include "base/check.hpp"

#include <utility>

namespace smgw::hdlc {

void link::transmit(output& out, std::uint8_t control, bytes_view information) {
  SMGW_ASSERT(put_frame(out.transmit, {peer_, own_, control, information}));
}

void link::ask(output& out, std::uint8_t control, time_point now, bytes_view information) {
  transmit(out, control, information);
  response_due_ = now + options_.response;
}

// The front of the queue, or a poll.
void link::ask_next(output& out, time_point now) {
  if (in_flight_ || (!queue_.empty() && !peer_busy_)) {
    in_flight_ = true;
    ask(out, control::information(v_s_, v_r_), now, queue_.front());
  } else {
    ask(out, control::rr(v_r_), now);
  }
}

link::output link::finish(output out) const {
  if (response_due_)
    out.wake_at = response_due_;
  else if (state_ == state::connected)
    out.wake_at = poll_due_;
  return out;
}

void link::lose(output& out) {
  out.lost = state_ != state::disconnecting;
  state_ = state::disconnected;
  response_due_.reset();
  queue_.clear();
  in_flight_ = peer_busy_ = asked_datagram_ = false;
}

// Both numbers start at 0 with the acknowledged SNRM (REQ.TLSHDLC.SMGW.30).
void link::up(time_point now) {
  state_ = state::connected;
  v_s_ = v_r_ = 0;
  poll_due_ = now;
}

expected<link::output> link::connect(time_point now) {
  if (state_ != state::disconnected) return fail(errc::conflict, "the link is up or under way");
  output out;
  state_ = state::connecting;
  tries_ = 0;
  ask(out, control::snrm, now);
  return finish(std::move(out));
}

expected<link::output> link::disconnect(time_point now) {
  if (state_ != state::connected) return fail(errc::conflict, "the link is not up");
  output out;
  state_ = state::disconnecting;
  tries_ = 0;
  queue_.clear();
  in_flight_ = false;
  ask(out, control::disc, now);
  return finish(std::move(out));
}

expected<link::output> link::send(bytes information, time_point now) {
  if (state_ != state::connected) return fail(errc::conflict, "the link is not up");
  if (information.empty()) return fail(errc::malformed, "nothing to send");
  if (information.size() > max_information) return fail(errc::exhausted, "too much information for one frame");
  if (queue_.size() >= options_.max_queued) return fail(errc::exhausted, "too much waits for this meter");
  queue_.push_back(std::move(information));
  output out;
  if (!response_due_) {
    tries_ = 0;
    ask_next(out, now);
  }
  return finish(std::move(out));
}

expected<link::output> link::send_datagram(bytes_view information, time_point) {
  if (information.size() > max_information) return fail(errc::exhausted, "too much information for one frame");
  output out;
  transmit(out, control::ui & static_cast<std::uint8_t>(~control::poll_final), information);
  return finish(std::move(out));
}

expected<link::output> link::ask_datagram(bytes_view information, time_point now) {
  if (response_due_) return fail(errc::conflict, "an answer is outstanding");
  if (information.size() > max_information) return fail(errc::exhausted, "too much information for one frame");
  output out;
  asked_datagram_ = true;
  ask(out, control::ui, now, information);
  return finish(std::move(out));
}

bool link::acknowledge(unsigned n_r) {
  // window 1: the answer acknowledges the one frame on the way, or it does not
  if (!in_flight_ || n_r != ((v_s_ + 1U) & 7U)) return false;
  v_s_ = static_cast<std::uint8_t>(n_r);
  queue_.pop_front();
  in_flight_ = false;
  return true;
}

// I, RR and RNR frames of a link that is up.
void link::numbered(const frame& f, output& out, time_point now) {
  const unsigned n_r = f.control >> 5;
  const bool information = (f.control & 1U) == 0;
  const auto kind = f.control & 0x0FU;
  if (!information && kind != 0x01 && kind != 0x05) return;  // REJ and SREJ do not belong to window 1
  if (n_r != v_s_ && !(in_flight_ && n_r == ((v_s_ + 1U) & 7U))) return lose(out);  // a number never sent
  peer_busy_ = !information && kind == 0x05;
  bool progress = acknowledge(n_r);
  if (information && ((f.control >> 1) & 7U) == v_r_) {
    progress = true;
    v_r_ = static_cast<std::uint8_t>((v_r_ + 1U) & 7U);
    out.received.emplace_back(f.information.begin(), f.information.end());
  }
  if ((f.control & control::poll_final) == 0) return;  // more of this answer follows
  response_due_.reset();
  // A meter that repeats itself, or never acknowledges, is asked as often as one that does not answer.
  if (progress || !(in_flight_ || information))
    tries_ = 0;
  else if (tries_++ == options_.retries)
    return lose(out);
  // what came is acknowledged by the next question: at once if there is something to say or to fetch
  if (in_flight_ || (!queue_.empty() && !peer_busy_) || information)
    ask_next(out, now);
  else
    poll_due_ = now + options_.poll;
}

link::output link::feed(const frame& f, time_point now) {
  output out;
  if (f.destination != own_ || f.source != peer_) return finish(std::move(out));
  if ((f.control & ~control::poll_final) == (control::ui & ~control::poll_final)) {
    out.datagrams.emplace_back(f.information.begin(), f.information.end());
    if ((f.control & control::poll_final) != 0 && std::exchange(asked_datagram_, false)) response_due_.reset();
    return finish(std::move(out));
  }
  const bool unnumbered = (f.control & 3U) == 3U;
  switch (state_) {
    case state::connecting:
      if (f.control == control::ua) {
        response_due_.reset();
        up(now);
      } else if (f.control == control::dm) {
        lose(out);
      }
      break;
    case state::disconnecting:
      if (f.control == control::ua || f.control == control::dm) lose(out);
      break;
    case state::connected:
      if (f.control == control::dm || f.control == control::frmr)
        lose(out);
      else if (!unnumbered && response_due_)  // a secondary that was not asked has nothing to say
        numbered(f, out, now);
      break;
    case state::disconnected: break;
  }
  return finish(std::move(out));
}

link::output link::tick(time_point now) {
  output out;
  if (response_due_) {
    if (now < *response_due_) return finish(std::move(out));
    if (std::exchange(asked_datagram_, false)) {
      response_due_.reset();
      poll_due_ = now;
    } else if (tries_++ == options_.retries) {
      lose(out);
    } else if (state_ == state::connected) {
      ask_next(out, now);
    } else {
      ask(out, state_ == state::connecting ? control::snrm : control::disc, now);
    }
  } else if (state_ == state::connected && now >= poll_due_) {
    tries_ = 0;
    ask_next(out, now);
  }
  return finish(std::move(out));
}

}  // namespace smgw::hdlc
