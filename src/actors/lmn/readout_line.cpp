// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/lmn/line.hpp"
#include "actors/lmn/readout_values.hpp"
#include "actors/lmn/round.hpp"
#include "protocols/d0/reader.hpp"
#include "protocols/d0/session.hpp"

#include <utility>

namespace smgw::lmn {
namespace {

/// Readouts by IEC 62056-21 and P1: listens, or asks one meter after the other. Who is asked is asked at the opening
/// rate; then both change to the best that the meter offers and the port's profile allows (mode C; mode B: the
/// meter's), and back for the next request. A line that is no serial device stays at the opening rate.
class readout_line final : public line {
 public:
  readout_line(const profile::lmn_port& port, std::vector<profile::meter> meters)
      : line(port, meters),
        meters_(std::move(meters)),
        round_(meters_.size(), port.poll),
        fastest_(port.serial.empty() ? d0::opening_baud : std::max(port.baud, d0::opening_baud)) {}

  void opened(instant now, output&) override {
    session_.reset();
    later_.reset();
    speed_later_.reset();
    round_.begin(now.steady);
  }

  void feed(bytes_view in, instant now, output& out) override {
    if (session_) return step(session_->feed(in, now.steady), now, out);
    if (round_.asks()) return;  // nobody was asked
    while (const auto got = reader_.feed(in, now.steady)) take(0, *got, now, out);
  }

  void tick(instant now, output& out) override {
    if (!round_.asks()) {
      if (const auto got = reader_.tick(now.steady)) take(0, *got, now, out);
      return;
    }
    send_later(now, out);
    change_later(now, out);
    if (session_ && session_wake_ && now.steady >= *session_wake_) step(session_->tick(now.steady), now, out);
    if (!session_ && round_.due(now.steady)) {
      session_.emplace(d0::session::options{.address = meters_[round_.current()].address, .fastest = fastest_});
      step(session_->start(now.steady), now, out);
    }
  }

  [[nodiscard]] std::optional<time_point> wake_at() const override {
    if (!round_.asks()) return reader_.wake_at();
    if (later_) return later_->first;
    if (speed_later_) return speed_later_->first;
    return session_ ? session_wake_ : round_.next();
  }

  void report(status_report& to) const override {
    const auto& c = reader_.counters();
    to.fields.emplace_back("broken", static_cast<std::int64_t>(c.broken) + roster_.count(frame_fault::no_frame));
    to.fields.emplace_back("bad checksum", roster_.count(frame_fault::bad_crc));
    to.fields.emplace_back("silent", roster_.count(frame_fault::silent));
    to.fields.emplace_back("noise octets", static_cast<std::int64_t>(c.noise));
  }

 private:
  void step(expected<d0::session_output> done, instant now, output& out) {
    if (!done) {
      roster_.refused(round_.current(),
                      done.error().code == errc::expired ? frame_fault::silent : frame_fault::no_frame, now.utc);
      return finish(now);
    }
    session_wake_ = done->wake_at;
    if (done->baud) speed(*done->baud, out);
    if (!done->transmit.empty()) {
      later_.emplace(done->not_before.value_or(now.steady), std::move(done->transmit));
      then_ = done->then_baud;
      send_later(now, out);
    }
    if (done->received) take(round_.current(), *done->received, now, out);
    if (done->done) finish(now);
  }

  /// The standard wants a pause between what one side says and the answer of the other.
  void send_later(instant now, output& out) {
    if (!later_ || now.steady < later_->first) return;
    out.transmit.insert(out.transmit.end(), later_->second.begin(), later_->second.end());
    // Ten bits a character. The meter in turn leaves its reaction time before it speaks at the new rate.
    const auto sending = std::chrono::milliseconds{later_->second.size() * 10'000 / rate_} + d0::reaction_time / 4;
    later_.reset();
    if (const auto then = std::exchange(then_, std::nullopt); then && *then != rate_)
      speed_later_.emplace(now.steady + sending, *then);
  }

  void change_later(instant now, output& out) {
    if (!speed_later_ || now.steady < speed_later_->first) return;
    speed(speed_later_->second, out);
    speed_later_.reset();
  }

  void speed(std::uint32_t baud, output& out) {
    rate_ = baud;
    out.baud = baud;
  }

  void finish(instant now) {
    session_.reset();
    session_wake_.reset();
    later_.reset();
    speed_later_.reset();
    round_.advance(now.steady);
  }

  void take(std::size_t meter, const expected<d0::readout>& got, instant now, output& out) {
    if (meters_.empty()) {
      if (got)
        tell_stranger("D0 " + std::string(got->ident.manufacturer) + " " + std::string(got->ident.text), now.utc, out);
      return;
    }
    if (!got)
      return roster_.refused(meter, got.error().code == errc::malformed ? frame_fault::bad_crc : frame_fault::no_frame,
                             now.utc);
    roster_.accepted(meter, now.utc);
    output::heard heard{meter, {now.utc, 0, {}}, {}};
    add_readout_values(got->data, heard.read);
    out.telegrams.push_back(std::move(heard));
  }

  std::vector<profile::meter> meters_;
  polling_round round_;
  d0::reader reader_;
  std::optional<d0::session> session_;
  std::optional<time_point> session_wake_;
  std::uint32_t fastest_;
  std::uint32_t rate_ = d0::opening_baud;
  std::optional<std::pair<time_point, bytes>> later_;
  std::optional<std::uint32_t> then_;  ///< the rate after `later_`
  std::optional<std::pair<time_point, std::uint32_t>> speed_later_;
};

}  // namespace

std::unique_ptr<line> make_readout_line(const profile::lmn_port& port, std::vector<profile::meter> meters) {
  return std::make_unique<readout_line>(port, std::move(meters));
}

}  // namespace smgw::lmn
