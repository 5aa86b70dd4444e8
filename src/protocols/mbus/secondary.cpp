// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "protocols/mbus/secondary.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"
#include "protocols/mbus/mode2.hpp"
#include "protocols/mbus/response.hpp"

#include <algorithm>
#include <charconv>

namespace smgw::mbus {
namespace {

constexpr std::uint8_t snd_ud = 0x53;
constexpr std::uint8_t req_ud2 = 0x7B;
constexpr std::uint8_t ci_select = 0x52;
constexpr unsigned digits = 8;
constexpr std::uint32_t any_digit = 0xF;

unsigned shift_of(unsigned digit) { return 4 * (digits - 1 - digit); }

/// How many digits from the left are fixed.
unsigned fixed_digits(std::uint32_t id) {
  unsigned n = 0;
  while (n < digits && ((id >> shift_of(n)) & any_digit) != any_digit) ++n;
  return n;
}

struct answer {
  bool alone = false;  ///< one whole frame; with anything else beside it, several slaves spoke
  std::optional<identity> who;
};

answer look_at(bytes_view heard) {
  const auto frame = take_wired(heard);
  if (!frame || !heard.empty() || frame->kind == wired_kind::acknowledge) return {};
  const auto turned = in_mode1(*frame);
  if (!turned) return {true, sender_of(*frame)};
  bytes_view in = *turned;
  return {true, sender_of(*take_wired(in))};
}

}  // namespace

bool selection::covers(const identity& who) const noexcept {
  for (unsigned n = 0; n < digits; ++n) {
    const auto wanted = (id >> shift_of(n)) & any_digit;
    if (wanted != any_digit && wanted != ((who.id >> shift_of(n)) & any_digit)) return false;
  }
  return (manufacturer == 0xFFFF || manufacturer == who.manufacturer) && (version == 0xFF || version == who.version) &&
         (type == 0xFF || type == who.type);
}

bytes selection_frame(const selection& s) {
  bytes data;
  put_le(data, s.id);
  put_le(data, s.manufacturer);
  data.push_back(s.version);
  data.push_back(s.type);
  return long_frame(snd_ud, selected_address, ci_select, data);
}

std::optional<selection> read_selection(const wired_frame& f) {
  if (f.kind != wired_kind::long_frame || f.address != selected_address || f.ci != ci_select) return std::nullopt;
  // Octets behind these eight extend the address by a fabrication number; ours has none.
  if (f.user_data.size() != 8) return std::nullopt;
  const auto* d = f.user_data.data();
  return selection{load_le<std::uint32_t>(d), load_le<std::uint16_t>(d + 4), d[6], d[7]};
}

expected<selection> selection_of(const device_id& id) {
  const auto text = id.text();
  selection s;
  SMGW_TRY(s.manufacturer, manufacturer_code(text.substr(1, 3)));
  const auto number = [&](std::size_t at, std::size_t size, auto& into) {
    const auto part = text.substr(at, size);
    return std::from_chars(part.data(), part.data() + part.size(), into, 16).ptr == part.data() + part.size();
  };
  if (!number(4, 2, s.version) || !number(6, 8, s.id)) return fail(errc::malformed, "not the id of an M-Bus device");
  return s;
}

search::output search::start(time_point now) {
  open_ = {selection{}};
  counters_ = {};
  return next(now, {}).value_or(output{});
}

expected<search::output> search::next(time_point now, output out) {
  heard_.clear();
  if (open_.empty()) {
    phase_ = phase::idle;
    out.done = true;
    return out;
  }
  if (counters_.selections == options_.most_steps) {
    phase_ = phase::idle;
    open_.clear();
    return fail(errc::exhausted, "the search has no end");
  }
  ++counters_.selections;
  current_ = open_.back();
  open_.pop_back();
  auto said = select(now);
  out.transmit = std::move(said.transmit);
  out.wake_at = said.wake_at;
  return out;
}

search::output search::select(time_point now) {
  heard_.clear();
  phase_ = phase::selecting;
  output out;
  out.transmit = selection_frame(current_);
  out.wake_at = due_ = now + options_.patience;
  return out;
}

search::output search::again(time_point now) { return phase_ == phase::idle ? output{} : select(now); }

search::output search::ask(time_point now) {
  heard_.clear();
  phase_ = phase::asking;
  output out;
  out.transmit = short_frame(req_ud2, selected_address);
  out.wake_at = due_ = now + options_.patience;
  return out;
}

/// One digit more: ten selections in place of one.
void search::refine() {
  ++counters_.collisions;
  const auto n = fixed_digits(current_.id);
  if (n == digits) {
    ++counters_.unresolved;  // two with the same number: only another criterion could part them
    return;
  }
  for (unsigned digit = 10; digit-- > 0;) {
    auto narrower = current_;
    narrower.id &= ~(any_digit << shift_of(n));
    narrower.id |= digit << shift_of(n);
    open_.push_back(narrower);
  }
}

expected<search::output> search::feed(bytes_view in, time_point now) {
  output waiting;
  if (phase_ == phase::idle) return waiting;
  // An answer that has no end is noise; more than a frame of it tells nothing more.
  if (heard_.size() < 2 * max_wired_frame) {
    put(heard_, in);
    due_ = std::max(due_, now + options_.quiet);
  }
  waiting.wake_at = due_;
  // Whoever is selected says E5, all at once; what they make of it is somebody.
  if (phase_ == phase::selecting && heard_.size() == 1 && heard_[0] == acknowledge_octet) return ask(now);
  return waiting;
}

expected<search::output> search::tick(time_point now) {
  output waiting;
  if (phase_ == phase::idle) return waiting;
  waiting.wake_at = due_;
  if (now < due_) return waiting;
  if (phase_ == phase::selecting) return heard_.empty() ? next(now, {}) : expected<output>(ask(now));
  output out;
  conclude(out);
  return next(now, std::move(out));
}

/// What the answer of one selection tells.
void search::conclude(output& out) {
  if (heard_.empty()) return;
  const auto heard = look_at(heard_);
  if (!heard.alone) return refine();
  if (heard.who)
    out.found.push_back(*heard.who);
  else
    ++counters_.nameless;
}

}  // namespace smgw::mbus
