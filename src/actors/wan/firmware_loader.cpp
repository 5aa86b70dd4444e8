// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/wan/firmware_loader.hpp"

#include "actors/ask.hpp"
#include "actors/metering/meter.hpp"
#include "actors/reply_slot.hpp"
#include "actors/wan/market.hpp"
#include "base/check.hpp"
#include "base/octets.hpp"
#include "crypto/hash.hpp"
#include "protocols/cms/signed_data.hpp"
#include "protocols/http/client_exchange.hpp"
#include "protocols/http/range.hpp"

#include <algorithm>
#include <utility>

namespace smgw {
namespace {

constexpr std::chrono::seconds record_budget{30};
/// How often a firmware on trial is looked at.
constexpr std::chrono::minutes trial_look{1};
constexpr std::uint64_t fetch_again = 1, give_up = 2, trial_over = 3;
constexpr std::size_t hash_part = std::size_t{256} << 10;

/// What the manufacturer signed, as text.
expected<std::string> open_manifest(bytes_view message, const configuration& told) {
  const auto file = told.certificates.find(std::string(manufacturer_certificate));
  if (file == told.certificates.end())
    return fail(errc::denied, "no certificate " + std::string(manufacturer_certificate) + " beside the profiles");
  SMGW_TRY(const auto signer, crypto::parse_certificate(file->second));
  SMGW_CHECK(crypto::check_use(signer, crypto::certificate_use::signature));
  const cms::find_signer find = [&](bytes_view id) -> expected<cms::known_signer> {
    if (!std::ranges::equal(signer.subject_key_id, id)) return fail(errc::untrusted, "not signed by the manufacturer");
    static_assert(static_cast<int>(cms::curve::secp384r1) == static_cast<int>(crypto::curve::secp384r1));
    return cms::known_signer{{static_cast<cms::curve>(signer.on), signer.public_point}, signer.der};
  };
  SMGW_TRY(const auto inside, cms::verify(message, find));
  return std::string(as_text(inside.content));
}

}  // namespace

struct firmware_core {
  using pointer = firmware_actor::stateful_pointer<firmware_state>;

  firmware_core(pointer actor, firmware_parts given) : self(actor), parts(std::move(given)) {}

  pointer self;
  firmware_parts parts;
  std::unique_ptr<update_slot> slot;
  firmware::progress at;
  channel_actor channel;
  std::optional<http::client_exchange> exchange;
  std::uint64_t round = 0;
  unsigned failures = 0;
  std::chrono::minutes trial_left{0};
  std::string last_error;

  // --- start: where was it?

  void start() {
    auto opened = parts.current()->open_slot();
    if (!opened) return self->quit(to_caf(opened.error()));
    slot = std::move(*opened);
    ask(
        self, parts.store, store_budget, read_state{std::string(firmware_state_name)},
        [this](const state_value& stored) { resume(firmware::decode(stored.value)); },
        [this](const error& e) { self->quit(to_caf(e)); });
  }

  void resume(firmware::progress stored) {
    at = std::move(stored);
    if (at.phase == firmware::phase::loading) return fetch();
    if (at.phase == firmware::phase::loaded) return verify();
    const auto state = slot->state();
    const bool trial = state && *state == slot_state::trial;
    if (at.phase == firmware::phase::activated) return take(trial ? firmware::step::start : firmware::step::give_up);
    if (at.phase != firmware::phase::trial) return;
    if (trial) return begin_trial();
    take(firmware::step::give_up);
  }

  // --- steps

  /// The new phase is on disk, with its record, before anything follows from it.
  void take(firmware::step by, std::function<void(expected<void>)> done = [](const expected<void>&) {}) {
    auto to = firmware::next(at.phase, by);
    if (!to) return done(std::unexpected(to.error()));
    const auto before = std::exchange(at.phase, *to);
    auto with = std::make_shared<store::batch>();
    with->put_state(std::string(firmware_state_name), firmware::encode(at));
    ask(
        self, parts.ledger, record_budget, record_event{record_of(by), {}, std::move(with)},
        [this, done](const event_recorded&) {
          announce();
          follow();
          done({});
        },
        [this, done, before](const error& e) {
          at.phase = before;
          last_error = "not recorded: " + e.what;
          done(std::unexpected(e));
        });
  }

  [[nodiscard]] ledger::record record_of(firmware::step by) const {
    using enum firmware::step;
    const bool bad = by == mismatch || by == give_up;
    const auto event = by == order || by == arrive || by == abandon ? ledger::event::firmware_downloaded
                       : by == match || by == mismatch              ? ledger::event::firmware_verified
                                                                    : ledger::event::firmware_activated;
    return ledger::make(event, bad ? ledger::outcome::failure : ledger::outcome::success, parts.current()->now(),
                        "firmware " + text());
  }

  void announce() const { parts.current()->announce("firmware", text()); }
  [[nodiscard]] std::string text() const {
    return (at.image ? at.image->version.text() + " " : std::string()) + std::string(to_string(at.phase)) +
           (last_error.empty() ? "" : " (" + last_error + ")");
  }

  void follow() {
    switch (at.phase) {
      case firmware::phase::loading: return fetch();
      case firmware::phase::loaded: return verify();
      case firmware::phase::trial: return begin_trial();
      default: break;
    }
  }

  void begin_trial() {
    trial_left = trial_time;
    watch_trial();
  }
  void watch_trial() { self->delayed_send(self, trial_look, wake{trial_over}); }

  /// Where the device keeps the slots, UPDATE confirms a firmware that has proved itself; else the administrator does.
  void look_at_trial() {
    if (at.phase != firmware::phase::trial) return;
    const auto state = slot->state();
    if (state && *state != slot_state::trial) return take(firmware::step::confirm);
    trial_left -= trial_look;
    if (trial_left > trial_left.zero()) return watch_trial();
    last_error = "not confirmed in time";
    if (auto back = slot->roll_back(); !back) last_error = back.error().what;
    take(firmware::step::give_up);
  }

  // --- orders

  caf::result<firmware_report> order(const order_firmware& m) {
    reply_slot<firmware_report> owed(self);
    const auto promised = owed.later();
    auto done = [this, owed](const expected<void>& result) mutable {
      if (result)
        owed.deliver(firmware_report{text()});
      else
        owed.fail(result.error());
    };
    if (auto ready = prepare(m); !ready) {
      done(ready);
    } else {
      take(m.what, done);
    }
    return promised;
  }

  /// What has to be true, and be done, before the step counts.
  expected<void> prepare(const order_firmware& m) {
    SMGW_CHECK(firmware::next(at.phase, m.what));
    using enum firmware::step;
    switch (m.what) {
      case order: return begin(m.manifest);
      case activate: return slot->activate();
      case confirm: return slot->confirm();
      case give_up: return slot->roll_back();
      case abandon: hang_up(); return slot->clear();
      default: return fail(errc::denied, "not a step that is ordered");
    }
  }

  expected<void> begin(bytes_view message) {
    const auto p = parts.current();
    SMGW_TRY(const auto manifest_text, open_manifest(message, p->told));
    SMGW_TRY(auto m, firmware::read_manifest(manifest_text));
    SMGW_TRY(const auto running, firmware::version::parse(p->firmware_version));
    SMGW_CHECK(firmware::check(m, parts.product, running));
    const auto* gwa = p->profiles.administrator();
    if (gwa == nullptr || !gwa->service)
      return fail(errc::denied, "the administrator's profile names no 'service' to fetch from");
    hang_up();
    // The same image again goes on where it was.
    if (at.image != m) SMGW_CHECK(slot->clear());
    at.image = std::move(m);
    last_error.clear();
    return {};
  }

  // --- fetching, part by part

  void fetch() {
    const auto have = slot->size();
    if (!have) return failed(have.error());
    if (*have > at.image->size) {  // another image's rest
      if (auto cleared = slot->clear(); !cleared) return failed(cleared.error());
      return fetch();
    }
    if (*have == at.image->size) {
      hang_up();
      return take(firmware::step::arrive);
    }
    if (!channel) return dial();
    request(*have);
  }

  void dial() {
    const auto p = parts.current();
    auto w = *p->profiles.administrator();
    if (!w.service) return failed({errc::denied, "the administrator's profile names no 'service'"});
    w.peer = *w.service;
    channel = p->dial(w)(self->system(), self);
    arm(give_up, dial_budget);
  }

  void request(std::uint64_t from) {
    const auto w = *parts.current()->profiles.administrator();
    const auto last = std::min(from + image_part, at.image->size) - 1;
    http::request r{.target = service_path(w, at.image->path),
                    .headers = {{"Host", w.service->text()},
                                {"Range", "bytes=" + std::to_string(from) + "-" + std::to_string(last)}},
                    .body = {}};
    exchange.emplace();
    auto out = exchange->start(r, self->clock().now(), w.http_timeout);
    if (!out) return failed(out.error());
    self->send(channel, channel_write{std::move(out->transmit)});
    arm(give_up, w.http_timeout);
  }

  void received(const channel_received& m) {
    if (!current() || !exchange) return;
    auto out = exchange->feed(m.data, self->clock().now());
    if (!out) return failed(out.error());
    if (!out->done) return;
    exchange.reset();
    if (auto taken = keep(*out->done); !taken) return failed(taken.error());
    failures = 0;
    last_error.clear();
    if (!out->done->keep_alive) hang_up();
    fetch();
  }

  /// Only the part that was asked for, at the place where it belongs.
  expected<void> keep(const http::response& r) {
    SMGW_TRY(const auto have, slot->size());
    if (r.status == 200 && have == 0 && r.body.size() == at.image->size) return slot->append(r.body);
    if (r.status != 206) return fail(errc::unavailable, "the administrator answered " + std::to_string(r.status));
    SMGW_TRY(const auto range, http::parse_content_range(r.headers.get("Content-Range")));
    if (range.part.first != have || range.total != at.image->size || range.part.size() != r.body.size())
      return fail(errc::malformed, "another part of the image than was asked for");
    return slot->append(r.body);
  }

  void failed(const error& why) {
    hang_up();
    last_error = why.what;
    parts.current()->announce("firmware", "not fetched: " + why.what);
    schedule::backoff pause(parts.current()->profiles.administrator()->retry, 1);
    for (unsigned i = 0; i < std::min(failures, 16U); ++i) (void)pause.failed();
    ++failures;
    arm(fetch_again, pause.failed());
  }

  void verify() {
    crypto::hasher hash(crypto::hash::sha256);
    std::uint64_t read = 0;
    while (read < at.image->size) {
      const auto part = slot->read(read, hash_part);
      if (!part || part->empty()) break;
      hash.update(*part);
      read += part->size();
    }
    const auto digest = hash.finish();
    const bool good = read == at.image->size && std::ranges::equal(digest, at.image->sha256);
    if (!good) {
      last_error = "the image is not that of the manifest";
      if (auto cleared = slot->clear(); !cleared) last_error = cleared.error().what;
    }
    take(good ? firmware::step::match : firmware::step::mismatch);
  }

  // --- the connection

  [[nodiscard]] bool current() const {
    return channel && self->current_sender() == caf::actor_cast<caf::strong_actor_ptr>(channel);
  }
  void opened() {
    if (current()) fetch();
  }
  void closed(const channel_closed& m) {
    if (!current()) return;
    channel = nullptr;
    failed(m.reason);
  }
  void hang_up() {
    exchange.reset();
    ++round;
    if (channel) self->send(channel, channel_close{});
    channel = nullptr;
  }
  void arm(std::uint64_t what, std::chrono::milliseconds after) {
    self->delayed_send(self, after, wake{what + (++round << 2)});
  }

  void timer(const wake& w) {
    if (w.round == trial_over) return look_at_trial();
    if (w.round >> 2 != round || at.phase != firmware::phase::loading) return;
    if ((w.round & 3) == fetch_again) return fetch();
    failed({errc::expired, "no answer within the time limit"});
  }

  [[nodiscard]] status_report report() const {
    const auto have = slot->size();
    return {"firmware",
            {{"running", parts.current()->firmware_version},
             {"update", text()},
             {"octets fetched", have ? static_cast<std::int64_t>(*have) : std::int64_t{0}},
             {"last error", last_error}}};
  }
};

firmware_actor::behavior_type firmware_loader(firmware_actor::stateful_pointer<firmware_state> self,
                                              firmware_parts parts) {
  guard(self);
  self->state.core = std::make_shared<firmware_core>(self, std::move(parts));
  auto* core = self->state.core.get();
  core->start();
  return {
      [core](const order_firmware& m) { return core->order(m); },
      [core](const query_firmware&) { return firmware_report{core->text()}; },
      [core](const channel_opened&) { core->opened(); },
      [core](const channel_received& m) { core->received(m); },
      [core](const channel_closed& m) { core->closed(m); },
      [core](const query_status&) { return core->report(); },
      [core](const wake& w) { core->timer(w); },
  };
}

}  // namespace smgw
