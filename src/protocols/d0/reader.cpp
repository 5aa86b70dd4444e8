// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/d0/reader.hpp"

#include "base/octets.hpp"
#include "protocols/d0/checksum.hpp"

#include <algorithm>

namespace smgw::d0 {
namespace {

constexpr std::uint8_t stx = 0x02;
constexpr std::uint8_t etx = 0x03;
constexpr std::uint8_t slash = '/';
constexpr std::uint8_t slash_with_parity = 0x80 | '/';

bool is_slash(std::uint8_t c) noexcept { return c == slash || c == slash_with_parity; }

}  // namespace

reader::result reader::refuse(errc code, const char* why) {
  ++counters_.broken;
  state_ = state::idle;
  return fail(code, why);
}

reader::result reader::complete() {
  state_ = state::idle;
  auto out = read_readout(buffer_);
  if (!out) {
    ++counters_.broken;
    return std::unexpected{std::move(out).error()};
  }
  if (out->damaged() && !options_.accept_damaged) return refuse(errc::malformed, "checksum of a readout is wrong");
  ++counters_.readouts;
  return *out;
}

void reader::skip_noise(bytes_view& in) noexcept {
  const auto at = std::ranges::find_if(in, is_slash);
  counters_.noise += static_cast<std::size_t>(at - in.begin());
  in = in.subspan(static_cast<std::size_t>(at - in.begin()));
  if (in.empty()) return;
  state_ = state::lines;
  buffer_.clear();
  line_start_ = 0;
  has_block_ = false;
  parity_ = false;
}

// The first line: noise may have had a slash too, so the identification begins at the first one that fits.
bool reader::begin_at_identification() {
  for (std::size_t at = 0; at < buffer_.size(); ++at) {
    const auto rest = std::span{buffer_}.subspan(at);
    if (rest[0] == slash_with_parity && take_parity_off(rest)) parity_ = true;
    if (rest[0] != slash) continue;
    auto line = as_text(rest);
    while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
    if (!read_identification(line)) continue;
    counters_.noise += at;
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(at));
    line_start_ = buffer_.size();
    return true;
  }
  counters_.noise += buffer_.size();
  state_ = state::idle;
  return false;
}

reader::result reader::end_line() {
  if (line_start_ == 0) {
    (void)begin_at_identification();
    return std::nullopt;
  }
  auto line = as_text(bytes_view{buffer_}.subspan(line_start_));
  if (line[0] == '/') {  // no address begins so: the one before was cut off
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(line_start_));
    line_start_ = 0;
    has_block_ = false;
    if (!begin_at_identification()) return refuse(errc::truncated, "readout without its end");
    ++counters_.broken;
    return fail(errc::truncated, "readout without its end");
  }
  if (line[0] == static_cast<char>(stx)) {
    has_block_ = true;
    line.remove_prefix(1);
  }
  line_start_ = buffer_.size();
  if (find_end(line) == line.npos) return std::nullopt;
  if (!has_block_) return complete();
  state_ = state::trailer;
  return std::nullopt;
}

reader::result reader::take_line(bytes_view& in) {
  const auto end = std::find(in.begin(), in.end(), '\n');
  const bool whole = end != in.end();
  const auto part = in.first(static_cast<std::size_t>(end - in.begin()) + (whole ? 1 : 0));
  if (buffer_.size() + part.size() > max_readout || buffer_.size() - line_start_ + part.size() > max_line + 2) {
    // What is here may hold the next identification; but the slash that began this one must not begin it again.
    if (buffer_.empty()) in = in.subspan(1);
    return refuse(errc::exhausted, "readout or line is too long");
  }
  put(buffer_, part);
  in = in.subspan(part.size());
  if (parity_ && !take_parity_off(std::span{buffer_}.last(part.size())))
    return refuse(errc::malformed, "a character with a wrong parity");
  return whole ? end_line() : std::nullopt;
}

reader::result reader::feed(bytes_view& in, time_point now) {
  if (deadline_ && now >= *deadline_)
    if (auto late = tick(now)) return late;
  if (!in.empty()) deadline_ = now + options_.pause;
  while (!in.empty()) {
    switch (state_) {
      case state::idle: skip_noise(in); break;
      case state::lines:
        if (auto done = take_line(in)) return done;
        break;
      case state::trailer:
        if (in[0] != etx) return complete();
        buffer_.push_back(etx);
        in = in.subspan(1);
        state_ = state::block_check;
        break;
      case state::block_check:
        buffer_.push_back(in[0]);
        in = in.subspan(1);
        if (parity_ && !take_parity_off(std::span{buffer_}.last(1)))
          return refuse(errc::malformed, "a character with a wrong parity");
        return complete();
    }
  }
  if (state_ == state::idle) deadline_.reset();
  return std::nullopt;
}

reader::result reader::tick(time_point now) {
  if (!deadline_ || now < *deadline_) return std::nullopt;
  deadline_.reset();
  switch (state_) {
    case state::idle: return std::nullopt;
    case state::trailer: return complete();
    case state::lines:
      // The end of the line may be missing behind the exclamation mark: nothing more will come.
      if (line_start_ != 0 && !has_block_ &&
          find_end(as_text(bytes_view{buffer_}.subspan(line_start_))) != std::string_view::npos)
        return complete();
      break;
    case state::block_check: break;
  }
  return refuse(errc::expired, "the rest of a readout did not come");
}

}  // namespace smgw::d0
