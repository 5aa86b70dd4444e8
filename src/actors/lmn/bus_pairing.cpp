// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/lmn/bus_pairing.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"

namespace smgw::lmn {
namespace {

using hdlc::sym::pairing;

/// A meter answers within the time of its link; more is for the line.
constexpr std::chrono::milliseconds answer_time{2'000};
constexpr unsigned most_tries = 3;
/// A renewal that failed is not tried again before.
constexpr std::chrono::hours renewal_pause{24};
/// Certificates of one meter: the one in force, and the next.
constexpr std::size_t most_certificates = 2;

constexpr auto sent_counter = "sym.sent", heard_counter = "sym.heard";

std::string bond_name(const device_id& meter) { return "lmn.bond." + meter.lower(); }

/// Suites and groups of the LMN (TR-03116-3 6), best first: IANA's numbers.
hdlc::sym::abilities own_abilities() {
  return {.suites = {0x1301, 0x1302, 0x1304, 0xC02B, 0xC02C, 0xC023, 0xC024},
          .groups = {0x001A, 0x001B, 0x001C, 0x001F, 0x0020, 0x0021, 0x0017, 0x0018}};
}

}  // namespace

bus_pairing::bus_pairing(const profile::meter& meter, const bus_parts& parts)
    : meter_(meter), parts_(parts), server_id_(meter.id.server_id()) {
  // An explicit server id of the profile goes before the derived one (DS 8.4).
  if (meter.server_id && meter.server_id->size() == server_id_.size())
    std::ranges::copy(*meter.server_id, server_id_.begin());
}

std::vector<std::string> bus_pairing::remembered() const {
  if (meter_.key.empty()) return {};
  return {counter_name(sent_counter, meter_.id), counter_name(heard_counter, meter_.id), bond_name(meter_.id)};
}

void bus_pairing::remember(const std::string& name, bytes_view value) {
  if (meter_.key.empty()) return;
  if (name == counter_name(sent_counter, meter_.id)) counters_.gateway = kept_counter(value, meter_.key).value_or(0);
  if (name == counter_name(heard_counter, meter_.id)) counters_.meter = kept_counter(value, meter_.key).value_or(0);
  if (name != bond_name(meter_.id)) return;
  certificates_.clear();
  while (value.size() > 3 && certificates_.size() < most_certificates) {
    const bool confirmed = value[0] != 0;
    const std::size_t size = load_be<std::uint16_t>(&value[1]);
    value = value.subspan(3);
    if (size > value.size()) return;
    if (auto c = crypto::parse_certificate(value.first(size))) certificates_.push_back({std::move(*c), confirmed});
    value = value.subspan(size);
  }
}

bool bus_pairing::needed() const noexcept {
  if (meter_.key.empty()) return false;
  if (!meter_.active) return !released_;
  return meter_.tls_certificate.empty() && (certificates_.empty() || doubtful_);
}

expected<crypto::meter_key_pair> bus_pairing::make_key_pair(timestamp now) const {
  return crypto::make_meter_key_pair(meter_.id, crypto::curve::brainpool_p256r1, now, now + parts_.certificate_life);
}

bus_pairing::output bus_pairing::begin(const crypto::certificate& own, instant now) {
  output out;
  pairing::material m{.master = meter_.key.clone(),
                      .meter = server_id_,
                      .last = counters_,
                      .own = own_abilities(),
                      .gateway_certificate = own.der,
                      .meter_certificate_and_key = {}};
  if (meter_.active) {
    auto made = make_key_pair(now.utc);
    if (!made) {
      out.failed = made.error();
      return out;
    }
    next_ = std::move(made->public_part);
    m.meter_certificate_and_key = std::move(made->both);
  }
  attempt_.emplace(meter_.active ? pairing::goal::pair : pairing::goal::remove, std::move(m));
  tries_ = 0;
  say(now, out);
  return out;
}

/// What a message stands for is on disk before it leaves: its counter value, and the certificate that it brings.
void bus_pairing::say(instant now, output& out) {
  auto said = attempt_->say();
  if (!said) {
    out.failed = said.error();
    attempt_.reset();
    return;
  }
  keep_counters(out);
  if (attempt_->saying() == hdlc::sym::type::meter_key) {
    certificates_ = {{*next_, false}};
    keep_certificates(out);
  }
  out.datagrams.push_back(std::move(*said));
  due_ = now.steady + answer_time;
}

bus_pairing::output bus_pairing::feed(bytes_view datagram, instant now) {
  output out;
  if (!attempt_) return out;
  const auto verdict = attempt_->take(datagram);
  keep_counters(out);
  if (!verdict) {
    // Noise is no answer: the right one may still come, and if not, it is asked for again.
    if (verdict.error().code == errc::malformed || verdict.error().code == errc::truncated) return out;
    out.failed = verdict.error();
    attempt_.reset();
    doubtful_ = false;  // if it has a certificate of ours, that is tried next
    return out;
  }
  if (*verdict == pairing::verdict::done) {
    finish(out);
  } else {
    tries_ = 0;
    say(now, out);
  }
  return out;
}

void bus_pairing::finish(output& out) {
  attempt_.reset();
  doubtful_ = false;
  out.done = true;
  if (meter_.active) {
    for (auto& c : certificates_) c.confirmed = true;
    out.news = "paired";
  } else {
    released_ = true;
    certificates_.clear();
    out.news = "released: its pairing is removed";
  }
  keep_certificates(out);
}

bus_pairing::output bus_pairing::tick(instant now) {
  output out;
  if (!attempt_ || !due_ || now.steady < *due_) return out;
  if (++tries_ == most_tries) {
    attempt_.reset();
    out.failed = error{errc::expired, "the meter does not answer the pairing"};
  } else {
    say(now, out);
  }
  return out;
}

std::vector<crypto::certificate> bus_pairing::trusted() const {
  std::vector<crypto::certificate> all;
  for (const auto& c : certificates_) all.push_back(c.what);
  return all;
}

bus_pairing::output bus_pairing::shown(const crypto::certificate& peer) {
  output out;
  const auto at = std::ranges::find(certificates_, peer, &held::what);
  if (at == certificates_.end() || (at->confirmed && at == certificates_.begin())) return out;
  if (at != certificates_.begin()) out.news = "shows its next certificate; the one before it is forgotten";
  at->confirmed = true;
  certificates_.erase(certificates_.begin(), at);
  keep_certificates(out);
  return out;
}

void bus_pairing::not_shown() { doubtful_ = std::ranges::none_of(certificates_, &held::confirmed); }

bool bus_pairing::renewal_due(timestamp now) const {
  if (!meter_.tls_certificate.empty() || certificates_.size() != 1 || now < renewed_at_ + renewal_pause) return false;
  return certificates_.front().what.not_after - now < parts_.renew_before;
}

expected<bus_pairing::renewal> bus_pairing::renew(timestamp now) {
  renewed_at_ = now;
  SMGW_TRY(auto made, make_key_pair(now));
  certificates_.push_back({made.public_part, false});
  renewal r{std::move(made), {}};
  keep_certificates(r.before);
  return r;
}

bus_pairing::output bus_pairing::not_renewed() {
  output out;
  std::erase_if(certificates_, [](const held& c) { return !c.confirmed; });
  keep_certificates(out);
  return out;
}

void bus_pairing::keep_counters(output& out) {
  const auto& c = counters_ = attempt_->counted();
  out.keep.push_back(keep_counter(sent_counter, meter_.id, meter_.key, c.gateway));
  out.keep.push_back(keep_counter(heard_counter, meter_.id, meter_.key, c.meter));
}

void bus_pairing::keep_certificates(output& out) const {
  kept_value kept{bond_name(meter_.id), {}};
  for (const auto& c : certificates_) {
    kept.value.push_back(c.confirmed ? 1 : 0);
    put_be(kept.value, static_cast<std::uint16_t>(c.what.der.size()));
    put(kept.value, c.what.der);
  }
  out.keep.push_back(std::move(kept));
}

}  // namespace smgw::lmn
