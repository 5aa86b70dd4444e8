// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/hdlc/pairing.hpp"

#include "base/check.hpp"

#include <limits>

namespace smgw::hdlc::sym {
namespace {

std::unexpected<error> refused(refusal why) {
  switch (why) {
    case refusal::mac:
      return fail(errc::untrusted, "the meter refuses the pairing: the key in its profile is not the meter's");
    case refusal::counter: return fail(errc::conflict, "the meter refuses the pairing: it has seen a higher counter");
    case refusal::paired:
      return fail(errc::conflict,
                  "the meter refuses the pairing: it belongs to a gateway already; its pairing is to be removed first");
    case refusal::order: return fail(errc::unavailable, "the meter refuses the pairing: not what it waits for");
    case refusal::content: break;
  }
  return fail(errc::unsupported, "the meter refuses the pairing: it cannot use what it was sent");
}

std::unexpected<error> no_answer() { return fail(errc::malformed, "not an answer to what was said"); }

type answer_to(type t) noexcept {
  if (t == type::hello) return type::hello_answer;
  return t == type::reset ? type::reset_done : type::done;
}

}  // namespace

bytes_view pairing::content() const noexcept {
  switch (at_) {
    case type::hello: return hello_;
    case type::gateway_certificate: return given_.gateway_certificate;
    case type::meter_key: return given_.meter_certificate_and_key.reveal();
    default: return {};
  }
}

expected<bytes> pairing::say() {
  if (given_.last.gateway == std::numeric_limits<std::uint32_t>::max())
    return fail(errc::exhausted, "the counter of the pairing is used up: the meter needs a new key");
  return seal(given_.master, given_.meter, at_, ++given_.last.gateway, content());
}

expected<pairing::verdict> pairing::take(bytes_view in) {
  SMGW_TRY(const auto e, look(in, given_.meter));
  if (e.refused) return e.what == at_ ? expected<verdict>(refused(*e.refused)) : expected<verdict>(no_answer());
  if (!from_meter(e.what)) return no_answer();
  const auto m = open(given_.master, given_.meter, e);
  if (!m && m.error().code == errc::untrusted)
    return fail(errc::untrusted, "the meter's answer to the pairing is not made with the key in its profile");
  if (!m) return std::unexpected(m.error());
  if (m->counter <= given_.last.meter) return fail(errc::conflict, "an old answer to the pairing");
  given_.last.meter = m->counter;
  return advance(*m);
}

expected<pairing::verdict> pairing::advance(const message& m) {
  if (m.what != answer_to(at_)) return no_answer();
  const auto text = m.content.reveal();
  if (m.what == type::done && (text.size() != 1 || text[0] != static_cast<std::uint8_t>(at_))) return no_answer();
  if (m.what == type::hello_answer) {
    SMGW_TRY(of_meter_, decode_abilities(text));
  } else if (!(m.what == type::done || text.empty())) {
    return no_answer();
  }
  if (at_ == type::meter_key || at_ == type::reset) return verdict::done;
  at_ = at_ == type::hello ? type::gateway_certificate : type::meter_key;
  return verdict::next;
}

std::optional<bytes> pairable::answer(bytes_view in) {
  const auto e = look(in, own_);
  if (!e || e->refused || from_meter(e->what)) return std::nullopt;
  const auto m = open(master_, own_, *e);
  if (!m) return put_refusal(own_, e->what, m.error().code == errc::untrusted ? refusal::mac : refusal::content);
  if (m->counter <= last_.gateway) return put_refusal(own_, e->what, refusal::counter);
  last_.gateway = m->counter;
  const auto made = act(*m);
  if (const auto* no = std::get_if<refusal>(&made)) return put_refusal(own_, e->what, *no);
  const auto& [what, content] = std::get<std::pair<type, bytes>>(made);
  auto out = seal(master_, own_, what, ++last_.meter, content);
  return out ? std::optional(std::move(*out)) : std::nullopt;
}

std::variant<refusal, std::pair<type, bytes>> pairable::act(const message& m) {
  const auto text = m.content.reveal();
  const auto carried_out = [&] { return std::pair{type::done, bytes{static_cast<std::uint8_t>(m.what)}}; };
  switch (m.what) {
    case type::hello:
      if (stage_ == stage::keyed) return refusal::paired;
      if (!decode_abilities(text)) return refusal::content;
      stage_ = stage::greeted;
      return std::pair{type::hello_answer, encode(offers_)};
    case type::gateway_certificate:
      if (stage_ != stage::greeted && stage_ != stage::introduced) return refusal::order;
      if (text.empty()) return refusal::content;
      gateway_.assign(text.begin(), text.end());
      stage_ = stage::introduced;
      return carried_out();
    case type::meter_key:
      // Said once more where the answer was lost: the same is carried out already.
      if (stage_ == stage::keyed && equal_constant_time(text, key_.reveal())) return carried_out();
      if (stage_ != stage::introduced) return refusal::order;
      if (text.empty()) return refusal::content;
      key_ = m.content.clone();
      stage_ = stage::keyed;
      return carried_out();
    case type::reset:
      if (!text.empty()) return refusal::content;
      gateway_.clear();
      key_ = {};
      stage_ = stage::new_;
      return std::pair{type::reset_done, bytes{}};
    default: return refusal::order;
  }
}

}  // namespace smgw::hdlc::sym
