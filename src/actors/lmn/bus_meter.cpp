// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/lmn/bus_meter.hpp"

#include "base/octets.hpp"
#include "protocols/hdlc/frame.hpp"

namespace smgw::lmn {
namespace {

constexpr std::chrono::milliseconds first_pause{1'000};
constexpr std::chrono::milliseconds last_pause{60'000};
/// A meter that was asked has this long for its answer: a full bus takes its time.
constexpr std::chrono::seconds answer_time{30};
/// Between two questions at most; the list needs a value at each instant of its period.
constexpr std::chrono::seconds longest_gap{60};
constexpr std::size_t record_header = 5;

/// Whole records, as many as fit one frame.
std::vector<bytes> in_frames(bytes_view records) {
  std::vector<bytes> frames;
  while (!records.empty()) {
    std::size_t size = 0;
    while (records.size() - size >= record_header) {
      const auto next = size + record_header + load_be<std::uint16_t>(&records[size + 3]);
      if (next > records.size() || (next > hdlc::max_information && size != 0)) break;
      size = next;
    }
    if (size == 0) size = records.size();
    // TLS agreed on records that fit (DS 8.4); what does not is cut, as a stream may be.
    size = std::min(size, hdlc::max_information);
    frames.emplace_back(records.begin(), records.begin() + static_cast<std::ptrdiff_t>(size));
    records = records.subspan(size);
  }
  return frames;
}

}  // namespace

bus_meter::bus_meter(profile::meter profile, const bus_parts& parts)
    : profile_(std::move(profile)), parts_(parts), pairing_(profile_, parts_), answers_(profile_), pause_(first_pause) {
  for (const auto& r : profile_.registers) registers_.push_back(r.name);
}

std::string bus_meter::state() const {
  if (!on_bus_) return "not on the bus";
  if (pairing_.under_way()) return pairing_.releases() ? "being released" : "pairing";
  if (pairing_.releases() && !pairing_.needed()) return "released";
  if (session_ && session_->established()) return session_->summary()->resumed ? "reading, session resumed" : "reading";
  return last_error_.empty() ? "shaking hands" : last_error_;
}

void bus_meter::joined(instant now) {
  on_bus_ = true;
  session_.reset();
  pairing_.stop();
  pause_ = first_pause;
  wake_ = now.steady;
}

void bus_meter::left() {
  on_bus_ = renewing_ = false;
  session_.reset();
  pairing_.stop();
  answer_due_.reset();
  wake_.reset();
}

void bus_meter::begin(instant now, output& out) {
  answers_.restart();
  answer_due_.reset();
  renewing_ = false;
  auto config = parts_.tls(profile_);
  if (!config) return end(config.error(), now, out);
  if (pairing_.needed()) return begin_pairing(*config, now, out);
  if (pairing_.releases()) {
    wake_.reset();  // nothing is asked of it
    return;
  }
  std::ranges::move(pairing_.trusted(), std::back_inserter(config->peer.pinned));
  if (config->peer.pinned.empty()) return end({errc::unavailable, "no certificate and no pairing key"}, now, out);
  auto made = crypto::tls_session::create(std::move(*config));
  if (!made) return end(made.error(), now, out);
  session_ = std::move(*made);
  wake_ = now.steady + answer_time;
  take(session_->start(now.utc), now, out);
}

void bus_meter::begin_pairing(const crypto::tls_config& config, instant now, output& out) {
  if (!config.identity || config.identity->chain.empty())
    return end({errc::unavailable, "the gateway has no LMN certificate"}, now, out);
  take(pairing_.begin(config.identity->chain.front(), now), now, out);
}

void bus_meter::end(const error& why, instant now, output& out) {
  if (last_error_ != why.what) out.news = why.what;
  last_error_ = why.what;
  out.over = why;
  if (why.code == errc::untrusted) out.fault = frame_fault::mac_wrong;
  if (session_ && !session_->established()) pairing_.not_shown();
  session_.reset();
  answer_due_.reset();
  wake_ = now.steady + pause_;
  pause_ = std::min(pause_ * 2, last_pause);
}

void bus_meter::take(bus_pairing::output from, instant now, output& out) {
  std::ranges::move(from.datagrams, std::back_inserter(out.datagrams));
  std::ranges::move(from.keep, std::back_inserter(out.keep));
  if (!from.news.empty()) out.news = from.news;
  if (from.failed) return end(*from.failed, now, out);
  if (pairing_.under_way()) wake_ = pairing_.wake_at();
  if (from.done) {
    last_error_.clear();
    pause_ = first_pause;
    wake_ = now.steady;  // on to the secure channel
  }
}

void bus_meter::take(expected<crypto::tls_output> from, instant now, output& out) {
  if (!from) return end(from.error(), now, out);
  for (auto& frame : in_frames(from->transmit)) out.information.push_back(std::move(frame));
  if (from->failure) return end(from->failure->why, now, out);
  if (from->handshake_done) established(now, out);
  bytes_view in{from->plaintext};
  while (const auto answer = answers_.next(in, now)) take(*answer, now, out);
  if (from->peer_closed) end({errc::unavailable, "the meter closed the secure channel"}, now, out);
}

void bus_meter::established(instant now, output& out) {
  const auto& summary = *session_->summary();
  out.news = "secure channel: " + std::string(to_string(summary.version)) + ", " + summary.suite_name +
             (summary.resumed ? ", resumed" : "");
  last_error_.clear();
  if (summary.peer) {
    auto shown = pairing_.shown(*summary.peer);
    if (!shown.news.empty()) out.news += "; " + std::exchange(shown.news, {});
    take(std::move(shown), now, out);
  }
  if (pairing_.renewal_due(now.utc)) return renew(now, out);
  ask(now, out);
}

/// The next certificate and its key, over the channel that the one before made (REQ.SML.CLI.UpdateMtrCertAndKey.10).
void bus_meter::renew(instant now, output& out) {
  auto next = pairing_.renew(now.utc);
  if (!next) return end(next.error(), now, out);
  take(std::move(next->before), now, out);
  const auto& c = next->next.public_part.der;
  const secret key{next->next.both.reveal().subspan(c.size())};
  const auto id = parts_.gateway.server_id();
  const auto number = sml::transaction_id({{}, {}, transaction_}, 0);
  const auto file = sml::update_meter_certificate_and_key(
      {.client_id = sml::octets{id}, .request_file_id = sml::octets{number}, .first_transaction = transaction_}, c,
      key);
  transaction_ += 3;
  if (!file) return end(file.error(), now, out);
  renewing_ = true;
  say(file->reveal(), now, out);
}

void bus_meter::renewed(bool taken, instant now, output& out) {
  renewing_ = false;
  answer_due_.reset();
  if (!taken) {
    take(pairing_.not_renewed(), now, out);
    out.news = "the meter did not take its next certificate";
    return ask(now, out);
  }
  // A new handshake shows the next certificate. The old one is trusted until then.
  out.news = "the meter has its next certificate";
  for (auto& frame : in_frames(session_->close())) out.information.push_back(std::move(frame));
  session_.reset();
  wake_ = now.steady + first_pause;
}

bus_meter::output bus_meter::feed_datagram(bytes_view datagram, instant now) {
  output out;
  take(pairing_.feed(datagram, now), now, out);
  return out;
}

bus_meter::output bus_meter::feed(bytes_view information, instant now) {
  output out;
  if (session_) take(session_->feed(information, now.utc), now, out);
  return out;
}

bus_meter::output bus_meter::tick(instant now) {
  output out;
  if (!on_bus_ || !wake_ || now.steady < *wake_) return out;
  if (pairing_.under_way()) {
    take(pairing_.tick(now), now, out);
    return out;
  }
  if (!session_) {
    begin(now, out);
    return out;
  }
  if (!session_->established() || (answer_due_ && now.steady >= *answer_due_)) {
    out.fault = frame_fault::silent;
    end({errc::expired, "no answer on the secure channel"}, now, out);
    return out;
  }
  take(session_->tick(now.utc), now, out);
  if (session_) pairing_.renewal_due(now.utc) ? renew(now, out) : ask(now, out);
  return out;
}

/// The registers of the profile, one GetProcParameter.Req each (REQ.SML.CLI.RequestMeterData.10).
void bus_meter::ask(instant now, output& out) {
  const auto id = parts_.gateway.server_id();
  const auto number = sml::transaction_id({{}, {}, transaction_}, 0);
  const sml::request_ids ids{
      .client_id = sml::octets{id}, .request_file_id = sml::octets{number}, .first_transaction = transaction_};
  transaction_ += static_cast<std::uint32_t>(registers_.size()) + 2;
  const auto request = sml::request_meter_data(ids, registers_);
  if (!request) return end(request.error(), now, out);
  say(*request, now, out);
}

void bus_meter::say(bytes_view file, instant now, output& out) {
  auto records = session_->send(file);
  // Past its octets (3116 6.1) a session is renewed; resumption makes that cheap.
  if (!records) {
    for (auto& frame : in_frames(session_->close())) out.information.push_back(std::move(frame));
    pause_ = first_pause;
    return end(records.error(), now, out);
  }
  for (auto& frame : in_frames(*records)) out.information.push_back(std::move(frame));
  answer_due_ = now.steady + answer_time;
  schedule(now);
}

/// The next instant of the grid: that of the period, or of its minutes.
void bus_meter::schedule(instant now) {
  const bool minutes = profile_.period > longest_gap && profile_.period % longest_gap == std::chrono::seconds{0};
  const std::chrono::milliseconds step = minutes ? longest_gap : profile_.period;
  const auto since = now.utc.time_since_epoch();
  wake_ = now.steady + (step - since % step);
  if (answer_due_) wake_ = std::min(*wake_, *answer_due_);
}

void bus_meter::take(const expected<bus_answers::file>& answer, instant now, output& out) {
  if (!answer) {
    out.fault = frame_fault::no_frame;
    return;
  }
  if (!answer->news.empty()) out.news = answer->news;
  if (renewing_) return renewed(answer->carried_out, now, out);
  answer_due_.reset();
  pause_ = first_pause;
  schedule(now);
  std::ranges::copy(answer->reads, std::back_inserter(out.reads));
}

}  // namespace smgw::lmn
