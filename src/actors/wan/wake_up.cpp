// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/wan/wake_up.hpp"

#include "actors/ask.hpp"
#include "actors/metering/meter.hpp"
#include "base/octets.hpp"
#include "crypto/hash.hpp"
#include "crypto/signature.hpp"
#include "protocols/wakeup/gate.hpp"

namespace smgw {
namespace {

constexpr std::chrono::seconds record_budget{30};

crypto::hash hash_of(wakeup::scheme s) {
  switch (s) {
    case wakeup::scheme::ecdsa_plain_sha256: return crypto::hash::sha256;
    case wakeup::scheme::ecdsa_plain_sha384: return crypto::hash::sha384;
    case wakeup::scheme::ecdsa_plain_sha512: return crypto::hash::sha512;
  }
  return crypto::hash::sha256;
}

/// The scheme whose hash has the length of the key's curve (REQ.WakeUp.Datenstruktur.30).
wakeup::scheme scheme_for(crypto::curve c) {
  switch (crypto::hash_for(c)) {
    case crypto::hash::sha256: return wakeup::scheme::ecdsa_plain_sha256;
    case crypto::hash::sha384: return wakeup::scheme::ecdsa_plain_sha384;
    case crypto::hash::sha512: return wakeup::scheme::ecdsa_plain_sha512;
  }
  return wakeup::scheme::ecdsa_plain_sha256;
}

std::optional<timestamp> decode_stamp(const std::optional<bytes>& stored) {
  if (!stored || stored->size() != sizeof(std::uint64_t)) return std::nullopt;
  return timestamp{std::chrono::milliseconds{static_cast<std::int64_t>(load_be<std::uint64_t>(stored->data()))}};
}

bytes encode_stamp(timestamp t) {
  bytes out;
  put_be(out, static_cast<std::uint64_t>(t.time_since_epoch().count()));
  return out;
}

}  // namespace

struct wake_up_core {
  using pointer = wake_up_actor::stateful_pointer<wake_up_state_holder>;

  wake_up_core(pointer actor, wake_up_parts given) : self(actor), parts(std::move(given)) {}

  pointer self;
  wake_up_parts parts;
  std::optional<wakeup::gate> gate;
  std::shared_ptr<std::atomic<int>> waiting = std::make_shared<std::atomic<int>>(0);
  std::unique_ptr<io::silent_port> port;
  bool recording = false;  ///< of a refusal: one at a time, so that a flood of forgeries is no flood of records
  std::int64_t accepted = 0, refused = 0;
  std::string last_refusal;

  [[nodiscard]] std::size_t half() const { return crypto::field_size(parts.signer.on); }

  void start() {
    ask(
        self, parts.store, store_budget, read_state{std::string(wake_up_state)},
        [this](const state_value& stored) { open(decode_stamp(stored.value)); },
        [this](const error& e) { self->quit(to_caf(e)); });
  }

  void open(std::optional<timestamp> last) {
    wakeup::gate_rules rules{.own = parts.gateway,
                             .half = half(),
                             .window = parts.administrator.wake_up_window,
                             .permitted = {scheme_for(parts.signer.on)},
                             .verifications_per_minute = wake_up_verifications_per_minute,
                             .pause = wake_up_verification_pause};
    gate.emplace(
        std::move(rules),
        [signer = parts.signer](wakeup::scheme s, bytes_view covered, bytes_view signature) {
          return crypto::verify_signature(signer.on, signer.public_point, crypto::digest(hash_of(s), covered),
                                          signature);
        },
        last);
    auto opened = parts.listen(
        [own = parts.gateway, n = half()](bytes_view message) { return wakeup::may_be_for(message, own, n); },
        [to = caf::actor_cast<wake_up_actor>(self), queued = waiting](bytes_view message) {
          if (queued->fetch_add(1) >= max_waiting_wake_ups) {
            queued->fetch_sub(1);
            return;
          }
          caf::anon_send(to, wake_up_heard{bytes(message.begin(), message.end())});
        });
    if (!opened) return self->quit(to_caf(opened.error()));
    port = std::move(*opened);
  }

  void heard(const wake_up_heard& m) {
    waiting->fetch_sub(1);
    if (!gate) return;
    const auto valid = parts.time_valid() ? std::optional{parts.now()} : std::nullopt;
    const auto packet = gate->check(m.datagram, valid, self->clock().now());
    if (packet) return accept(*packet);
    refuse(packet.error());
  }

  /// The stamp is on disk before anything happens: after a crash the same packet does not wake a second time.
  void accept(const wakeup::packet& p) {
    ++accepted;
    parts.announce("wake-up", "accepted; calling the administrator at " + parts.administrator.peer.text());
    auto with = std::make_shared<store::batch>();
    with->put_state(std::string(wake_up_state), encode_stamp(p.time));
    auto record = ledger::make(ledger::event::wake_up_accepted, ledger::outcome::success, parts.now(),
                               "wake-up of the administrator accepted");
    record.subject = parts.signer.subject_cn;
    ask(
        self, parts.ledger, record_budget, record_event{std::move(record), {}, std::move(with)},
        [this](const event_recorded&) {
          if (const auto to = parts.find_administrator()) self->send(to, open_management{});
        },
        [this](const error& e) {
          parts.announce("wake-up", "not acted upon, since it cannot be recorded: " + e.what);
        });
  }

  void refuse(const error& why) {
    ++refused;
    last_refusal = why.what;
    // Beyond the rate nothing is told of single packets: that would be the flood's work.
    if (why.code == errc::exhausted || recording) return;
    recording = true;
    ask(
        self, parts.ledger, record_budget,
        record_event{ledger::make(ledger::event::wake_up_rejected, ledger::outcome::failure, parts.now(),
                                  "wake-up refused: " + why.what),
                     {},
                     nullptr},
        [this](const event_recorded&) { recording = false; }, [this](const error&) { recording = false; });
  }

  [[nodiscard]] status_report report() const {
    const auto heard = port ? port->counts() : io::heard_counts{};
    return {"wake-up",
            {{"port", port ? port->port() : std::int64_t{0}},
             {"accepted", accepted},
             {"refused", refused},
             {"last refusal", last_refusal},
             {"datagrams", static_cast<std::int64_t>(heard.datagrams)},
             {"callers", static_cast<std::int64_t>(heard.callers)},
             {"dropped unseen", static_cast<std::int64_t>(heard.dropped)}}};
  }
};

wake_up_actor::behavior_type wake_up(wake_up_actor::stateful_pointer<wake_up_state_holder> self, wake_up_parts parts) {
  guard(self);
  self->state.core = std::make_shared<wake_up_core>(self, std::move(parts));
  auto* core = self->state.core.get();
  core->start();
  return {
      [core](const wake_up_heard& m) { core->heard(m); },
      [core](const query_status&) { return core->report(); },
  };
}

}  // namespace smgw
