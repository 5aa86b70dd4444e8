// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/check.hpp"
#include "base/octets.hpp"
#include "card/module.hpp"
#include "crypto/card/tlv.hpp"

#include <algorithm>

namespace smgw::sim {
namespace {

namespace card = crypto::card;
namespace parts = crypto::card::pace_parts;

/// The protected command's content, once its MAC is right.
expected<card::command> open(card::session_cipher& session, const card::command& c) {
  session.step();
  bytes covered{c.cla, c.ins, c.p1, c.p2};
  card::pad(covered);
  bytes_view rest{c.data}, cryptogram, expects, mac;
  while (!rest.empty()) {
    SMGW_TRY(const auto object, card::next_object(rest));
    if (object.tag == card::do_mac) {
      mac = object.value;
      break;
    }
    put(covered, object.whole);
    if (object.tag == card::do_cryptogram && !object.value.empty()) cryptogram = object.value.subspan(1);
    if (object.tag == card::do_cryptogram_odd) cryptogram = object.value;
    if (object.tag == card::do_expects) expects = object.value;
  }
  SMGW_TRY(const auto right, session.mac(covered));
  if (!equal_constant_time(right, mac)) return fail(errc::untrusted, "MAC");
  card::command plain{.cla = static_cast<std::uint8_t>(c.cla & ~0x0C), .ins = c.ins, .p1 = c.p1, .p2 = c.p2};
  if (!cryptogram.empty()) {
    SMGW_TRY(plain.data, session.decrypt(cryptogram));
  }
  if (expects.size() == 1) plain.expects = expects[0] == 0 ? card::short_answer : expects[0];
  if (expects.size() == 2) plain.expects = load_be<std::uint16_t>(expects.data());
  return plain;
}

card::response close(card::session_cipher& session, const card::response& r) {
  session.step();
  card::response out{{}, r.status};
  const std::uint8_t indicator = 1;
  if (!r.data.empty()) {
    const auto cryptogram = session.encrypt(r.data);
    if (!cryptogram) return {{}, card::memory_failure};
    put(out.data, card::tlv(card::do_cryptogram, {bytes_view{&indicator, 1}, *cryptogram}));
  }
  bytes status;
  put_be(status, r.status);
  put(out.data, card::tlv(card::do_status, {status}));
  const auto mac = session.mac(out.data);
  if (!mac) return {{}, card::memory_failure};
  put(out.data, card::tlv(card::do_mac, {*mac}));
  return out;
}

}  // namespace

card_module::answer card_module::secured(const order& c) {
  if (!session_) return {{}, card::secure_messaging_wrong};
  const auto opened = open(*session_, c);
  if (!opened) {
    session_.reset();
    return {{}, card::secure_messaging_wrong};
  }
  return close(*session_, run(*opened));
}

card_module::answer card_module::set_mechanism(const order& c) {
  const auto mechanism = card::find_object(c.data, 0x80), password = card::find_object(c.data, 0x83);
  const auto domain = card::find_object(c.data, 0x84);
  const auto is = [](bytes_view value, std::uint8_t wanted) { return value.size() == 1 && value[0] == wanted; };
  if (!mechanism || !password || !domain || !std::ranges::equal(*mechanism, parts::mechanism) ||
      !is(*password, parts::password_pin) || !is(*domain, parts::domain_parameters))
    return {{}, card::wrong_data};
  if (tries_left_ == 0) return {{}, card::password_blocked};
  pace_at_ = 1;
  pairing_.emplace();
  const bool used = tries_left_ < 3;
  return {{}, used ? static_cast<std::uint16_t>(0x63C0 | tries_left_) : static_cast<std::uint16_t>(card::ok)};
}

/// The four steps of GENERAL AUTHENTICATE in their order; anything else begins anew.
card_module::answer card_module::pace_step(const order& c) {
  const auto outer = card::find_object(c.data, 0x7C);
  const int at = std::exchange(pace_at_, 0);
  if (!outer || at == 0) return {{}, card::conditions_not_satisfied};
  const auto given = [&](std::uint16_t tag) { return card::find_object(*outer, tag); };
  const auto answer_with = [&](std::uint16_t tag, bytes_view value) {
    pace_at_ = at + 1;
    return answer{card::tlv(0x7C, {card::tlv(tag, {value})}), card::ok};
  };
  if (at == 1) {
    nonce_.resize(16);
    const auto key = parts::derive(as_bytes(options_.pin), parts::key_use::password);
    if (!key || !keys_->random(nonce_)) return {{}, card::memory_failure};
    const auto hidden = parts::encrypt_nonce(*key, nonce_);
    return hidden ? answer_with(0x80, *hidden) : answer{{}, card::memory_failure};
  }
  if (at == 2) {
    const auto theirs = given(0x81);
    const auto mine = pairing_->mapping_point();
    if (!theirs || !mine || !pairing_->map(nonce_, *theirs)) return {{}, card::wrong_data};
    return answer_with(0x82, *mine);
  }
  if (at == 3) {
    const auto theirs = given(0x83);
    const auto mine = pairing_->ephemeral_point();
    if (!theirs || !mine) return {{}, card::wrong_data};
    auto keys = pairing_->agree(*theirs);
    if (!keys) return {{}, card::wrong_data};
    agreed_ = std::move(*keys);
    own_point_ = *mine;
    their_point_.assign(theirs->begin(), theirs->end());
    return answer_with(0x84, *mine);
  }
  const auto token = given(0x85);
  const auto right = parts::token(agreed_->mac, own_point_), mine = parts::token(agreed_->mac, their_point_);
  if (!token || !right || !mine || !equal_constant_time(*token, *right)) {
    ++counts_.failed_pins;
    if (tries_left_ != 0) --tries_left_;
    return {{}, static_cast<std::uint16_t>(0x63C0 | tries_left_)};
  }
  tries_left_ = 3;
  session_.emplace(std::move(*agreed_));
  agreed_.reset();
  return {card::tlv(0x7C, {card::tlv(0x86, {*mine})}), card::ok};
}

}  // namespace smgw::sim
