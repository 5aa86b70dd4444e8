// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "card/module.hpp"

#include "base/check.hpp"
#include "base/hex.hpp"
#include "base/octets.hpp"
#include "crypto/card/commands.hpp"
#include "crypto/card/session.hpp"
#include "crypto/card/tlv.hpp"

#include <algorithm>
#include <fstream>
#include <thread>

namespace smgw::sim {
namespace {

namespace card = crypto::card;
namespace fs = std::filesystem;

std::string label_of(std::uint8_t slot) { return "slot-" + to_hex(bytes_view{&slot, 1}); }

fs::path path_of(const fs::path& folder, std::uint16_t id) {
  bytes name;
  put_be(name, id);
  return folder / ("ef-" + to_hex(name));
}

}  // namespace

expected<std::unique_ptr<card_module>> card_module::make(card_options options) {
  std::unique_ptr<card_module> made(new card_module(std::move(options)));
  const auto& o = made->options_;
  card::module_information about{
      .serial = o.serial, .curves = o.curves, .milliseconds = static_cast<std::uint16_t>(o.signature.count())};
  bytes content;
  const auto told = encode(about);
  put_be(content, static_cast<std::uint16_t>(told.size()));
  put(content, told);
  for (const auto id : card::directory_files) made->files_[id] = {0, 0};
  if (o.folder.empty()) {
    made->keys_ = crypto::soft_key_store::in_memory();
  } else {
    std::error_code failure;
    fs::create_directories(o.folder, failure);
    SMGW_TRY(made->keys_, crypto::soft_key_store::open(o.folder / "keys.sealed", secret{as_bytes(o.pin)},
                                                       {.memory_kib = 8 * 1024, .iterations = 1}));
    for (auto& [id, kept] : made->files_)
      if (std::ifstream in{path_of(o.folder, id), std::ios::binary})
        kept.assign(std::istreambuf_iterator<char>{in}, {});
  }
  made->files_[card::information_file] = std::move(content);
  return made;
}

bytes card_module::transmit(bytes_view apdu) {
  std::unique_lock held{lock_};
  going_.wait(held, [&] { return !hanging_; });
  if (always_ != 0) return encode(answer{{}, always_});
  const auto c = card::decode_command(apdu);
  if (!c) return encode(answer{{}, card::wrong_length});
  return encode((c->cla & 0x0C) == 0x0C ? secured(*c) : plain(*c));
}

void card_module::power_off() {
  const std::scoped_lock held{lock_};
  selected_ = false;
  pace_at_ = 0;
  session_.reset();
  agreed_.reset();
  ephemerals_.clear();
  chosen_ = 0;
  file_ = 0;
}

card_counters card_module::counters() const {
  const std::scoped_lock held{lock_};
  auto c = counts_;
  c.ephemerals_alive = ephemerals_.size();
  return c;
}

void card_module::hang() {
  const std::scoped_lock held{lock_};
  hanging_ = true;
}
void card_module::go_on() {
  const std::scoped_lock held{lock_};
  hanging_ = false;
  going_.notify_all();
}
void card_module::answer_always(std::uint16_t status) {
  const std::scoped_lock held{lock_};
  always_ = status;
}

/// Without secure messaging there is only the way to it.
card_module::answer card_module::plain(const order& c) {
  session_.reset();
  if (c.ins == 0xA4 && c.p1 == 0x04) {
    selected_ = std::ranges::equal(c.data, card::application);
    return {{}, selected_ ? card::ok : card::file_not_found};
  }
  if (!selected_) return {{}, card::conditions_not_satisfied};
  if (c.ins == 0x22 && c.p1 == 0xC1 && c.p2 == 0xA4) return set_mechanism(c);
  if (c.ins == 0x86) return pace_step(c);
  return {{}, card::security_not_satisfied};
}

card_module::answer card_module::run(const order& c) {
  switch (c.ins) {
    case 0x84: {
      answer a{bytes(c.expects), card::ok};
      if (!keys_->random(a.data)) return {{}, card::memory_failure};
      return a;
    }
    case 0x47: return generate(c);
    case 0x22: return choose(c);
    case 0x2A: return sign(c);
    case 0x86: return agree(c);
    case 0xE4: return destroy(c);
    case 0xA4: return select_file(c);
    case 0xB0: return read(c);
    case 0xD6: return update(c);
    default: return {{}, card::wrong_instruction};
  }
}

void card_module::take_time() {
  if (options_.signature.count() != 0) std::this_thread::sleep_for(options_.signature);
}

card_module::answer card_module::generate(const order& c) {
  const auto crt = card::find_object(c.data, 0xB6);
  if (!crt) return {{}, card::wrong_data};
  const auto slot = card::find_object(*crt, 0x84), oid = card::find_object(*crt, 0x06);
  const auto use = card::find_object(*crt, 0x95);
  if (!slot || slot->size() != 1 || !oid || !use || use->size() != 1) return {{}, card::wrong_data};
  const auto on = card::curve_of_oid(*oid);
  if (!on || std::ranges::find(options_.curves, *on) == options_.curves.end()) return {{}, card::unsupported_function};
  take_time();
  const auto number = slot->front();
  bytes point;
  if ((use->front() & card::usage_ephemeral) != 0) {
    if (number < card::first_ephemeral || number > card::sealing_slot) return {{}, card::wrong_data};
    auto made = keys_->generate_ephemeral(*on);
    if (!made) return {{}, card::memory_failure};
    const auto view = (*made)->public_point();
    point.assign(view.begin(), view.end());
    ephemerals_[number] = std::move(*made);
    ++counts_.ephemerals;
  } else {
    if (number < card::first_static || number > card::last_static) return {{}, card::wrong_data};
    (void)keys_->destroy(label_of(number));
    const auto purpose =
        (use->front() & card::usage_agree) != 0 ? crypto::key_purpose::encryption : crypto::key_purpose::signature;
    const auto made = keys_->generate(label_of(number), *on, purpose);
    if (!made) return {{}, card::memory_failure};
    point = made->public_point;
    ++counts_.keys;
  }
  return {card::tlv(0x7F49, {card::tlv(0x06, {*oid}), card::tlv(0x86, {point})}), card::ok};
}

card_module::answer card_module::choose(const order& c) {
  const auto slot = card::find_object(c.data, 0x84);
  if (c.p1 != 0x41 || (c.p2 != 0xB6 && c.p2 != 0xA6) || !slot || slot->size() != 1) return {{}, card::wrong_parameters};
  chosen_ = 0;
  if (!ephemerals_.contains(slot->front()) && !keys_->find(label_of(slot->front()))) return {{}, card::key_not_found};
  chosen_ = slot->front();
  return {{}, card::ok};
}

card_module::answer card_module::sign(const order& c) {
  if (c.p1 != 0x9E || c.p2 != 0x9A || chosen_ == 0) return {{}, card::conditions_not_satisfied};
  take_time();
  auto made = keys_->sign_digest(label_of(chosen_), c.data);
  if (!made) return {{}, card::wrong_data};
  ++counts_.signatures;
  return {std::move(*made), card::ok};
}

card_module::answer card_module::agree(const order& c) {
  const auto data = card::find_object(c.data, 0x7C);
  const auto point = data ? card::find_object(*data, 0x85) : data;
  if (!point || chosen_ == 0) return {{}, card::wrong_data};
  take_time();
  const auto ephemeral = ephemerals_.find(chosen_);
  const auto shared =
      ephemeral != ephemerals_.end() ? ephemeral->second->agree(*point) : keys_->agree(label_of(chosen_), *point);
  if (ephemeral != ephemerals_.end()) ephemerals_.erase(ephemeral);
  if (!shared) return {{}, shared.error().code == errc::denied ? card::conditions_not_satisfied : card::wrong_data};
  ++counts_.agreements;
  return {card::tlv(0x7C, {card::tlv(0x86, {shared->reveal()})}), card::ok};
}

card_module::answer card_module::destroy(const order& c) {
  const auto slot = card::find_object(c.data, 0x84);
  if (!slot || slot->size() != 1) return {{}, card::wrong_data};
  if (ephemerals_.erase(slot->front()) != 0) return {{}, card::ok};
  return {{}, keys_->destroy(label_of(slot->front())) ? card::ok : card::key_not_found};
}

card_module::answer card_module::select_file(const order& c) {
  if (c.p1 != 0x02 || c.data.size() != 2) return {{}, card::wrong_parameters};
  const auto id = load_be<std::uint16_t>(c.data.data());
  if (!files_.contains(id)) return {{}, card::file_not_found};
  file_ = id;
  return {{}, card::ok};
}

card_module::answer card_module::read(const order& c) const {
  const auto found = files_.find(file_);
  if (found == files_.end()) return {{}, card::conditions_not_satisfied};
  const auto offset = static_cast<std::size_t>(c.p1) << 8 | c.p2;
  if (offset > found->second.size()) return {{}, card::wrong_parameters};
  const auto part = bytes_view{found->second}.subspan(offset);
  const auto cut = part.first(std::min(part.size(), c.expects));
  return {{cut.begin(), cut.end()}, card::ok};
}

card_module::answer card_module::update(const order& c) {
  if (file_ == 0 || file_ == card::information_file) return {{}, card::security_not_satisfied};
  const auto offset = static_cast<std::size_t>(c.p1) << 8 | c.p2;
  if (offset + c.data.size() > 2 + card::session::max_file) return {{}, card::not_enough_memory};
  auto& file = files_[file_];
  if (file.size() < offset + c.data.size()) file.resize(offset + c.data.size());
  std::ranges::copy(c.data, file.begin() + static_cast<std::ptrdiff_t>(offset));
  save_file(file_);
  return {{}, card::ok};
}

void card_module::save_file(std::uint16_t id) const {
  if (options_.folder.empty()) return;
  const auto& content = files_.at(id);
  std::ofstream{path_of(options_.folder, id), std::ios::binary}.write(reinterpret_cast<const char*>(content.data()),
                                                                      static_cast<std::streamsize>(content.size()));
}

}  // namespace smgw::sim
