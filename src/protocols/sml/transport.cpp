// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/sml/transport.hpp"

#include "base/check.hpp"
#include "base/crc16.hpp"
#include "base/octets.hpp"
#include "protocols/sml/escape.hpp"

#include <algorithm>
#include <cstring>

namespace smgw::sml {
namespace {

using escape::start_sequence, escape::end_mark, escape::npos, escape::find_octet, escape::find_start,
    escape::open_start, escape::count_version_2, escape::end_of_run, escape::unescape;

constexpr std::size_t end_octets = 4;  // end mark, padding count, CRC
constexpr std::size_t max_padding = 3;

}  // namespace

struct transport_reader::window {
  bytes_view data;
  std::size_t begin;  // octets before it are done with
  std::size_t old;    // octets before it came earlier,
  time_point old_time;
  time_point now;
};

transport_reader::transport_reader(transport_options options) : options_(options) {
  SMGW_ASSERT(options.max_file >= start_sequence.size() + end_octets + 4);
}

std::optional<file> transport_reader::next(bytes_view& in, time_point now) {
  forget_front(std::exchange(given_, 0));
  tick(now);
  while (!in.empty() || !buffer_.empty()) {
    if (buffer_.empty()) {  // the common case: look at the chunk where it is
      window w{in, 0, 0, now, now};
      const auto found = scan(w);
      last_octet_ = now;
      const auto rest = in.subspan(w.begin);
      if (found) {
        in = rest;
        return found;
      }
      buffer_.assign(rest.begin(), rest.end());
      in = {};
      return std::nullopt;
    }
    const auto old = buffer_.size();
    const auto taken = std::min(in.size(), options_.max_file - old);
    put(buffer_, in.first(taken));
    window w{buffer_, 0, old, last_octet_, now};
    const auto found = scan(w);
    if (taken != 0) last_octet_ = now;
    if (found) {
      // what came in this call and was not needed goes back to the caller
      const auto back = std::min(buffer_.size() - w.begin, taken);
      in = in.subspan(taken - back);
      buffer_.resize(buffer_.size() - back);
      given_ = w.begin;
      return found;
    }
    in = in.subspan(taken);
    forget_front(w.begin);
    if (in.empty()) break;
  }
  return std::nullopt;
}

std::optional<file> transport_reader::scan(window& w) {
  for (;;) {
    if (!in_file_) {
      const auto start = find_start(w.data, w.begin);
      if (start == npos) {
        pass_over(w, w.data.size() - open_start(w.data, w.begin));
        return std::nullopt;
      }
      start_file(w, start);
    }
    const auto limit = std::min(w.data.size(), w.begin + options_.max_file);
    const auto data = w.data.first(limit);
    auto run = find_octet(data, w.begin + scanned_);
    std::size_t end = run;
    bool handled = false;
    for (; run < limit; run = find_octet(data, end)) {
      end = end_of_run(data, run);
      if (end + end_octets > limit && end - run >= 4) break;  // not decided yet
      if (end == limit) break;
      // An even number of fours is payload; an odd one ends with an escape sequence.
      const auto fours = (end - run) / 4;
      if (fours >= 2) escaped_ = true;
      if (fours % 2 == 0) continue;
      const auto escape = end - 4;
      if (data[end] == end_mark) {
        if (const auto found = end_of_file(w, escape)) return found;
      } else if (std::memcmp(data.data() + escape, start_sequence.data(), start_sequence.size()) == 0) {
        count(drop::restarted);
        start_file(w, escape);
        retries_ = 0;
      } else {
        give_up(w, drop::bad_escape, end + end_octets);
      }
      handled = true;
      break;
    }
    if (handled) continue;
    scanned_ = std::min(run, limit) - w.begin;
    if (limit - w.begin < options_.max_file) return std::nullopt;
    give_up(w, drop::oversize, limit);
  }
}

std::optional<file> transport_reader::end_of_file(window& w, std::size_t escape) {
  const auto end = escape + 4 + end_octets;
  const auto* tail = w.data.data() + escape + 4;
  const std::size_t padding = tail[1];
  const auto covered = w.data.subspan(w.begin, end - 2 - w.begin);
  const bool kermit = crc16_x25(covered) != load_le<std::uint16_t>(tail + 2);
  if (kermit && crc16_kermit(covered) != load_be<std::uint16_t>(tail + 2)) {
    give_up(w, drop::bad_crc, end);
    return std::nullopt;
  }
  if (kermit && !options_.accept_kermit) {
    give_up(w, drop::kermit_crc, end);
    return std::nullopt;
  }
  const auto from = w.begin + start_sequence.size();
  const auto filler = w.data.subspan(escape - std::min(padding, escape - from), std::min(padding, escape - from));
  if (padding > max_padding || padding > escape - from || (escape - w.begin) % 4 != 0 ||
      std::ranges::any_of(filler, [](std::uint8_t octet) { return octet != 0; })) {
    give_up(w, drop::bad_padding, end);
    return std::nullopt;
  }
  auto payload = w.data.subspan(from, escape - padding - from);
  if (escaped_) {
    unescape(payload, plain_);
    payload = plain_;
  }
  w.begin = end;
  in_file_ = false;
  retries_ = 0;
  ++files_;
  return file{payload, first_octet_, kermit};
}

void transport_reader::start_file(window& w, std::size_t at) {
  pass_over(w, at);
  in_file_ = true;
  escaped_ = false;
  scanned_ = start_sequence.size();
  first_octet_ = at < w.old ? w.old_time : w.now;
}

void transport_reader::pass_over(window& w, std::size_t to) {
  count(drop::garbage, to - w.begin);
  if (!in_file_) count(drop::version_2, count_version_2(w.data.subspan(w.begin, to - w.begin)));
  w.begin = to;
}

// `end` is behind the last octet that was looked at. Another start sequence in what was read so far goes first.
void transport_reader::give_up(window& w, drop reason, std::size_t end) {
  count(reason);
  if (++retries_ <= max_retries)
    if (const auto again = find_start(w.data.first(end), w.begin + 1); again != npos) {
      start_file(w, again);
      return;
    }
  retries_ = 0;
  in_file_ = false;
  const auto behind = std::max(w.begin + 1, end - (start_sequence.size() - 1));
  count(drop::garbage, behind - w.begin);
  w.begin = behind;
}

void transport_reader::forget_front(std::size_t n) {
  buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(n));
}

void transport_reader::tick(time_point now) {
  if (const auto due = wake_at(); !due || now < *due) return;
  if (in_file_) count(drop::silent);
  count(drop::garbage, buffer_.size() - given_);
  buffer_.resize(given_);
  in_file_ = false;
  retries_ = 0;
}

std::optional<time_point> transport_reader::wake_at() const {
  if (buffer_.size() == given_) return std::nullopt;
  return last_octet_ + options_.silence;
}

std::string_view to_string(drop reason) noexcept {
  switch (reason) {
    case drop::garbage: return "garbage";
    case drop::restarted: return "restarted";
    case drop::silent: return "silent";
    case drop::oversize: return "oversize";
    case drop::bad_escape: return "bad escape";
    case drop::version_2: return "transport version 2";
    case drop::bad_padding: return "bad padding";
    case drop::bad_crc: return "bad CRC";
    case drop::kermit_crc: return "Kermit CRC";
  }
  return "?";
}

}  // namespace smgw::sml
