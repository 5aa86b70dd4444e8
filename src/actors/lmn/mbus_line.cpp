// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/lmn/line.hpp"
#include "actors/lmn/mbus_search.hpp"
#include "actors/lmn/round.hpp"
#include "protocols/mbus/master.hpp"
#include "protocols/mbus/obis_map.hpp"
#include "protocols/mbus/response.hpp"
#include "protocols/wmbus/meter_status.hpp"

#include <algorithm>
#include <charconv>

namespace smgw::lmn {
namespace {

/// By its primary address, or, where the profile has none, selected by its identity.
mbus::master master_of(const profile::meter& m) {
  std::uint8_t address = 0;
  std::from_chars(m.address.data(), m.address.data() + m.address.size(), address);
  if (!m.address.empty()) return mbus::master{address};
  const auto whom = mbus::selection_of(m.id);
  return whom ? mbus::master{*whom} : mbus::master{address};
}

/// A wired M-Bus with the gateway as master: one slave after the other. A slave whose identity is not that of the
/// profile gives no values: a meter may have been exchanged. Slaves without a profile are searched for when somebody
/// asks who is there (EN 13757-3, 11.5).
class mbus_line final : public line {
 public:
  mbus_line(const profile::lmn_port& port, std::vector<profile::meter> meters)
      : line(port, meters), meters_(std::move(meters)), round_(meters_.size(), port.poll), search_(port) {}

  void opened(instant now, output&) override {
    master_.reset();
    search_.stop();
    round_.begin(now.steady);
  }

  void feed(bytes_view in, instant now, output& out) override {
    if (master_)
      step(master_->feed(in, now.steady), now, out);
    else if (search_.running() && !search_.held())
      searched(search_.feed(in, now.steady), now, out);
  }

  void tick(instant now, output& out) override {
    if (master_) step(master_->tick(now.steady), now, out);
    if (!master_ && search_.running()) searched(search_.tick(now.steady, round_.due(now.steady)), now, out);
    const bool free = !search_.running() || search_.held();
    if (!master_ && free && round_.due(now.steady)) {
      master_.emplace(master_of(meters_[round_.current()]));
      step(master_->start(now.steady), now, out);
    }
  }

  [[nodiscard]] std::optional<time_point> wake_at() const override {
    if (master_) return wake_;
    return search_.running() ? search_.wake_at() : round_.next();
  }

  void look_around(instant now, output& out) override {
    if (!search_.running()) searched(search_.start(now.steady, !master_), now, out);
  }
  [[nodiscard]] bool looking() const override { return search_.running(); }

  void report(status_report& to) const override {
    to.fields.emplace_back("silent", roster_.count(frame_fault::silent));
    to.fields.emplace_back("no frame", roster_.count(frame_fault::no_frame));
    to.fields.emplace_back("unsupported", roster_.count(frame_fault::unsupported));
    search_.report(to);
  }

 private:
  void step(expected<mbus::master::output> done, instant now, output& out) {
    if (!done) {
      roster_.refused(round_.current(),
                      done.error().code == errc::unavailable ? frame_fault::silent : frame_fault::no_frame, now.utc);
      return finish(now);
    }
    wake_ = done->wake_at;
    out.transmit.insert(out.transmit.end(), done->transmit.begin(), done->transmit.end());
    for (const auto& frame : done->received) take(round_.current(), frame, now, out);
    if (done->done) finish(now);
  }

  void finish(instant now) {
    master_.reset();
    round_.advance(now.steady);
    if (search_.running()) search_.resume(now.steady);
  }

  void searched(mbus_search::output done, instant now, output& out) {
    out.transmit.insert(out.transmit.end(), done.transmit.begin(), done.transmit.end());
    if (!done.news.empty()) out.news.push_back(std::move(done.news));
    for (const auto& who : done.found) {
      const auto id = mbus::device_id_of(who);
      if (id && std::ranges::contains(meters_, *id, &profile::meter::id)) continue;
      tell_stranger(id ? std::string(id->text()) : "M-Bus " + mbus::id_text(who), now.utc, out);
    }
  }

  void take(std::size_t meter, bytes_view octets, instant now, output& out) {
    const auto frame = mbus::take_wired(octets);
    const auto answer = frame ? mbus::read_response(*frame) : std::unexpected{frame.error()};
    if (!answer)
      return roster_.refused(
          meter, answer.error().code == errc::unsupported ? frame_fault::unsupported : frame_fault::no_frame, now.utc);
    if (answer->kind != mbus::response_kind::variable || !answer->identified)
      return roster_.refused(meter, frame_fault::unsupported, now.utc);
    const auto id = mbus::device_id_of(answer->meter);
    if (!id || *id != meters_[meter].id)
      return tell_stranger(id ? std::string(id->text()) : "M-Bus " + mbus::id_text(answer->meter), now.utc, out);
    deliver(meter, *answer, now, out);
  }

  void deliver(std::size_t meter, const mbus::response& answer, instant now, output& out) {
    output::heard heard{meter, {now.utc, 0, {}}, {}};
    wmbus::error_flags flags;
    mbus::record_reader reader{answer.records};
    mbus::record r;
    for (;;) {
      const auto more = reader.next(r);
      if (!more) return roster_.refused(meter, frame_fault::no_frame, now.utc);
      if (!*more) break;
      wmbus::note_error_flags(r, flags);
      const auto name = mbus::obis_of(r, answer.meter.type);
      if (name && r.kind == mbus::value_kind::number) heard.read.values.push_back({*name, r.value, r.vif.measured});
    }
    if (meters_[meter].medium == status::meter_kind::wireless)
      heard.read.meter_status = wmbus::meter_status(flags, answer.status);
    roster_.accepted(meter, now.utc);
    out.telegrams.push_back(std::move(heard));
  }

  std::vector<profile::meter> meters_;
  polling_round round_;
  mbus_search search_;
  std::optional<mbus::master> master_;
  std::optional<time_point> wake_;
};

}  // namespace

std::unique_ptr<line> make_mbus_line(const profile::lmn_port& port, std::vector<profile::meter> meters) {
  return std::make_unique<mbus_line>(port, std::move(meters));
}

}  // namespace smgw::lmn
