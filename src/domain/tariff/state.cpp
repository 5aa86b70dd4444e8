// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/tariff/state.hpp"

#include "base/octets.hpp"

namespace smgw::tariff {

void put_amount(bytes& out, const amount& a) {
  const auto v = a.value();
  put_be(out, static_cast<std::uint64_t>(v >> 64));
  put_be(out, static_cast<std::uint64_t>(v));
  out.push_back(static_cast<std::uint8_t>(a.scaler()));
}
void put_time(bytes& out, timestamp t) { put_be(out, static_cast<std::uint64_t>(t.time_since_epoch().count())); }
void put_status(bytes& out, const status_word& s) { put_be(out, s.combined()); }
void put_count(bytes& out, std::size_t n) { put_be(out, static_cast<std::uint16_t>(n)); }
void put_flag(bytes& out, bool b) { out.push_back(b ? 1 : 0); }
void put_text(bytes& out, std::string_view text) {
  const auto cut = text.substr(0, 255);
  out.push_back(static_cast<std::uint8_t>(cut.size()));
  put(out, cut);
}
void put_entry(bytes& out, const list_entry& e) {
  put_time(out, e.target);
  put_text(out, e.value.meter.empty() ? std::string_view{} : e.value.meter.text());
  put(out, e.value.register_name.code);
  put_be(out, static_cast<std::uint64_t>(e.value.value.value));
  out.push_back(static_cast<std::uint8_t>(e.value.value.scaler));
  out.push_back(static_cast<std::uint8_t>(e.value.measured));
  put_time(out, e.value.captured);
  put_status(out, e.value.status);
  put_text(out, as_text(e.signature));  // plain r‖s: at most 128 octets
}

amount state_reader::read_amount() {
  const auto high = number<std::uint64_t>();
  const auto low = number<std::uint64_t>();
  const auto scaler = static_cast<std::int8_t>(number<std::uint8_t>());
  __extension__ using uint128 = unsigned __int128;
  const auto v = static_cast<int128>((static_cast<uint128>(high) << 64U) | low);
  if (scaler > max_scaler || scaler < -max_scaler) good_ = false;
  // The lowest number has no counterpart; sums never reach it.
  if (high == std::uint64_t{1} << 63 && low == 0) good_ = false;
  return good_ ? amount::raw(v, scaler) : amount{};
}

timestamp state_reader::read_time() {
  return timestamp{std::chrono::milliseconds{static_cast<std::int64_t>(number<std::uint64_t>())}};
}

status_word state_reader::read_status() {
  const auto smgw = number<std::uint32_t>();
  return {.smgw = smgw, .meter = number<std::uint32_t>()};
}

std::size_t state_reader::read_count() {
  const std::size_t n = number<std::uint16_t>();
  if (n > max_state_items) good_ = false;
  return good_ ? n : 0;
}

bool state_reader::read_flag() {
  const auto v = number<std::uint8_t>();
  if (v > 1) good_ = false;
  return good_ && v == 1;
}

std::string state_reader::read_text() {
  const auto length = number<std::uint8_t>();
  const auto text = take(in_, length);
  good_ = good_ && text.has_value();
  return good_ ? std::string{as_text(*text)} : std::string{};
}

list_entry state_reader::read_entry() {
  list_entry e;
  e.target = read_time();
  if (const auto text = read_text(); !text.empty()) {
    const auto id = device_id::parse(text);
    good_ = good_ && id.has_value();
    if (id) e.value.meter = *id;
  }
  for (auto& octet : e.value.register_name.code) octet = number<std::uint8_t>();
  e.value.value.value = static_cast<std::int64_t>(number<std::uint64_t>());
  e.value.value.scaler = static_cast<std::int8_t>(number<std::uint8_t>());
  e.value.measured = static_cast<unit>(number<std::uint8_t>());
  e.value.captured = read_time();
  e.value.status = read_status();
  const auto signature = read_text();
  put(e.signature, signature);
  return e;
}

expected<void> state_reader::done() const {
  if (!good_ || !in_.empty()) return fail(errc::malformed, "not a state of this tariff use case");
  return {};
}

}  // namespace smgw::tariff
