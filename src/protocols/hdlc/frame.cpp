// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/hdlc/frame.hpp"

#include "base/check.hpp"
#include "base/crc16.hpp"
#include "base/octets.hpp"

#include <algorithm>
#include <utility>

namespace smgw::hdlc {
namespace {

constexpr std::uint8_t flag = 0x7E;
constexpr std::size_t check_octets = 2;
constexpr std::size_t format_octets = 2;

// The length field of a type 3 frame that is not segmented; nothing if it cannot be one.
std::optional<std::size_t> length_of(const std::uint8_t* format) noexcept {
  if ((format[0] & 0xF8U) != 0xA0U) return std::nullopt;
  const auto length = std::size_t{format[0] & 0x07U} << 8 | format[1];
  // with information there is an FCS; without, the HCS is the only check sequence
  if (length != header_octets && (length <= header_octets + check_octets || length > max_length)) return std::nullopt;
  return length;
}

// Whether the last two octets are the check sequence of those before them, low octet first.
bool checked(bytes_view data) noexcept {
  const auto covered = data.first(data.size() - check_octets);
  return crc16_x25(covered) == load_le<std::uint16_t>(data.data() + covered.size());
}

std::optional<address> address_of(const std::uint8_t* p) noexcept {
  if ((p[0] & 1U) != 0 || (p[1] & 1U) == 0) return std::nullopt;
  return address{static_cast<std::uint8_t>(p[0] >> 1), static_cast<std::uint8_t>(p[1] >> 1)};
}
void put_address(bytes& out, const address& a) {
  out.push_back(static_cast<std::uint8_t>(a.sap << 1));
  out.push_back(static_cast<std::uint8_t>(a.station << 1 | 1));
}

}  // namespace

expected<frame> decode(bytes_view in) {
  if (in.size() < header_octets) return fail(errc::truncated, "a frame ends too early");
  const auto length = length_of(in.data());
  if (!length) return fail(errc::malformed, "not a frame of type 3");
  if (in.size() < *length) return fail(errc::truncated, "a frame ends too early");
  if (in.size() > *length) return fail(errc::malformed, "octets behind a frame");
  if (!checked(in.first(header_octets))) return fail(errc::untrusted, "HCS");
  if (in.size() > header_octets && !checked(in)) return fail(errc::untrusted, "FCS");
  const auto destination = address_of(in.data() + format_octets);
  const auto source = address_of(in.data() + format_octets + 2);
  if (!destination || !source) return fail(errc::malformed, "an address of two octets is expected");
  frame f{*destination, *source, in[format_octets + 4], {}};
  if (in.size() > header_octets) f.information = in.subspan(header_octets, in.size() - header_octets - check_octets);
  return f;
}

expected<void> put_frame(bytes& out, const frame& f) {
  if (f.information.size() > max_information) return fail(errc::exhausted, "too much information for one frame");
  SMGW_ASSERT(((f.destination.sap | f.destination.station | f.source.sap | f.source.station) & 0x80) == 0);
  out.push_back(flag);
  const auto begin = out.size();
  const auto length = header_octets + (f.information.empty() ? 0 : f.information.size() + check_octets);
  put_be(out, static_cast<std::uint16_t>(0xA000U | length));
  put_address(out, f.destination);
  put_address(out, f.source);
  out.push_back(f.control);
  put_le(out, crc16_x25(bytes_view{out}.subspan(begin)));
  if (!f.information.empty()) {
    put(out, f.information);
    put_le(out, crc16_x25(bytes_view{out}.subspan(begin)));
  }
  out.push_back(flag);
  return {};
}

std::optional<frame> frame_reader::next(bytes_view& in, time_point now) {
  forget_front(std::exchange(given_, 0));
  tick(now);
  for (;;) {
    if (buffer_.empty()) {
      const auto start = static_cast<std::size_t>(std::ranges::find(in, flag) - in.begin());
      count(drop::garbage, start);
      in = in.subspan(start);
    }
    const auto taken = std::min(in.size(), max_length + 2 - buffer_.size());
    if (taken != 0) last_octet_ = now;
    put(buffer_, in.first(taken));
    in = in.subspan(taken);
    drop why{};
    frame f;
    switch (look(why, f)) {
      case step::more: return std::nullopt;
      case step::found: given_ = *length_of(buffer_.data() + 1) + 1; return f;
      case step::broken:
        if (why != drop::garbage) count(why);
        count(drop::garbage, 1);
        forget_front(1);
        break;
    }
    const auto start = static_cast<std::size_t>(std::ranges::find(buffer_, flag) - buffer_.begin());
    count(drop::garbage, start);
    forget_front(start);
  }
}

// What the buffer begins with. Flags may fill the time between frames, and one may end a frame and begin the next.
frame_reader::step frame_reader::look(drop& why, frame& f) const {
  const bytes_view data = buffer_;
  if (data.size() < 2) return step::more;
  why = drop::garbage;
  if (data[1] == flag) return step::broken;
  why = drop::format;
  if ((data[1] & 0xF8U) != 0xA0U) return step::broken;
  if (data.size() < 1 + format_octets) return step::more;
  const auto length = length_of(data.data() + 1);
  if (!length) return step::broken;
  if (data.size() < 1 + header_octets) return step::more;
  why = drop::check;
  if (!checked(data.subspan(1, header_octets))) return step::broken;
  if (data.size() < *length + 2) return step::more;
  why = drop::no_flag;
  if (data[*length + 1] != flag) return step::broken;
  const auto decoded = decode(data.subspan(1, *length));
  if (!decoded) {
    why = decoded.error().code == errc::untrusted ? drop::check : drop::format;
    return step::broken;
  }
  f = *decoded;
  return step::found;
}

void frame_reader::forget_front(std::size_t n) {
  buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(n));
}

void frame_reader::tick(time_point now) {
  if (const auto due = wake_at(); !due || now < *due) return;
  count(drop::silent);
  count(drop::garbage, buffer_.size() - given_);
  buffer_.resize(given_);
}

std::optional<time_point> frame_reader::wake_at() const {
  // a flag alone waits for nothing: it may begin the next frame at any time
  if (buffer_.size() <= given_ + 1) return std::nullopt;
  return last_octet_ + silence_;
}

}  // namespace smgw::hdlc
