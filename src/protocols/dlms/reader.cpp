// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/dlms/reader.hpp"

#include "base/octets.hpp"

#include <algorithm>

namespace smgw::dlms {
namespace {

constexpr std::size_t buffer_size = max_telegram + 8;

// LLC of a response or command: destination E6, source E6 or E7, quality 00 (IEC 62056-46, LLC sublayer).
bool has_llc(bytes_view in) noexcept {
  return in.size() > 3 && in[0] == 0xE6 && (in[1] == 0xE6 || in[1] == 0xE7) && in[2] == 0x00;
}

std::uint32_t address_of(bytes_view octets) noexcept {
  std::uint32_t value = 0;
  for (const auto octet : octets) value = (value << 8) | octet;
  return value;
}

}  // namespace

transport guess_transport(bytes_view first) noexcept {
  if (first.empty()) return transport::raw;
  if (first[0] == 0x7E) return transport::hdlc;
  if (first.size() > 3 && first[0] == 0x68 && first[3] == 0x68) return transport::mbus;
  if (first.size() > 1 && first[0] == 0x00 && first[1] == 0x01) return transport::wrapper;
  return transport::raw;
}

reader::reader(transport t, std::chrono::milliseconds pause) : transport_(t), pause_(pause) {
  buffer_.reserve(buffer_size);
  assembly_.reserve(max_telegram);
}

std::optional<time_point> reader::wake_at() const noexcept { return deadline_; }

void reader::drop(std::size_t n) noexcept {
  head_ += n;
  if (head_ == buffer_.size()) {
    buffer_.clear();
    head_ = 0;
  }
}

reader::result reader::refuse(errc code, const char* why) {
  ++counters_.broken_frames;
  segments_ = 0;
  return fail(code, why);
}

reader::result reader::finish(bytes_view octets, std::uint32_t source, std::uint32_t destination,
                              std::uint32_t frames) {
  if (has_llc(octets)) octets = octets.subspan(3);
  // The middle of a segmented telegram whose beginning was not heard carries anything.
  if (octets.empty() || !is_pushed(octets[0])) return refuse(errc::unsupported, "no APDU that a meter pushes");
  ++counters_.telegrams;
  return telegram{.apdu = octets, .source = source, .destination = destination, .frames = frames};
}

reader::result reader::add_segment(bytes_view info, bool last, std::uint32_t source, std::uint32_t destination) {
  if (segments_ == 0 && last) return finish(info, source, destination, 1);
  if (segments_ != 0 && source != segments_from_) return refuse(errc::conflict, "segments of two senders are mixed");
  if (segments_ == 0) assembly_.clear();
  segments_from_ = source;
  if (assembly_.size() + info.size() > max_telegram) return refuse(errc::exhausted, "telegram is too long");
  put(assembly_, info);
  ++segments_;
  if (!last) return std::nullopt;
  return finish(assembly_, source, destination, std::exchange(segments_, 0));
}

reader::result reader::take_hdlc() {
  if (hdlc_.info.empty()) return std::nullopt;  // a frame of link control (SNRM, UA, RR): nothing for us
  return add_segment(hdlc_.info, !hdlc_.segmented, address_of(hdlc_.source), address_of(hdlc_.destination));
}

reader::result reader::take_mbus() {
  if (mbus_.number() == 0) {
    segments_ = 0;
  } else if (mbus_.number() != (segments_ & 0x0F)) {
    return refuse(errc::conflict, "an M-Bus segment is missing");
  }
  return add_segment(mbus_.info, mbus_.final(), mbus_.source, mbus_.destination);
}

reader::result reader::take_frame() {
  ++counters_.frames;
  switch (transport_) {
    case transport::hdlc: return take_hdlc();
    case transport::mbus: return take_mbus();
    case transport::wrapper: return finish(wrapper_.apdu, wrapper_.source, wrapper_.destination, 1);
    case transport::raw: break;
  }
  return std::nullopt;
}

scan reader::look(bytes_view in) {
  switch (transport_) {
    case transport::hdlc: return scan_hdlc(in, hdlc_);
    case transport::mbus: return scan_mbus(in, mbus_);
    case transport::wrapper: return scan_wrapper(in, wrapper_);
    case transport::raw: break;
  }
  return scan::more(in.size() + 1);
}

// Works off what is buffered. At the end of a telegram's time nothing more will come, so what would need more is noise.
reader::result reader::drain(bool at_end) {
  while (!pending().empty()) {
    const auto seen = look(pending());
    if (seen.is == scan::what::more && !at_end) {
      need_ = seen.size;
      return std::nullopt;
    }
    need_ = 1;
    if (seen.is == scan::what::frame) {
      if (auto taken = take_frame()) {
        shown_ = seen.size;
        return taken;
      }
      drop(seen.size);
      continue;
    }
    const auto skipped = seen.is == scan::what::refuse ? seen.size : 1;
    // Between two HDLC frames there may be one flag or many.
    if (transport_ != transport::hdlc || pending()[0] != 0x7E) counters_.noise += skipped;
    drop(skipped);
    if (seen.why != nullptr) return refuse(errc::malformed, seen.why);
  }
  need_ = 1;
  return std::nullopt;
}

reader::result reader::feed(bytes_view& in, time_point now) {
  drop(std::exchange(shown_, 0));
  if (deadline_ && now >= *deadline_) {
    if (auto late = tick(now)) return late;
  }
  if (!in.empty()) deadline_ = now + pause_;
  while (true) {
    if (transport_ != transport::raw && pending().size() >= need_)
      if (auto found = drain(false)) return found;
    if (in.empty()) break;
    if (head_ > 0) {
      buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(head_));
      head_ = 0;
    }
    const auto room = buffer_size - buffer_.size();
    if (room == 0) {  // only raw: a telegram beyond the bound
      buffer_.clear();
      return refuse(errc::exhausted, "telegram is too long");
    }
    const auto part = in.first(std::min(room, in.size()));
    put(buffer_, part);
    in = in.subspan(part.size());
  }
  if (pending().empty() && segments_ == 0) deadline_.reset();
  return std::nullopt;
}

reader::result reader::end_raw() {
  if (buffer_.empty()) return std::nullopt;
  ++counters_.frames;
  const bytes_view whole = buffer_;
  auto done = finish(whole, 0, 0, 1);
  head_ = 0;
  ending_ = true;
  return done;
}

reader::result reader::tick(time_point now) {
  drop(std::exchange(shown_, 0));
  if (!deadline_ || now < *deadline_) return std::nullopt;
  if (transport_ == transport::raw) {
    if (!std::exchange(ending_, false))
      if (auto done = end_raw()) return done;
    ending_ = false;
    buffer_.clear();
  } else {
    if (auto found = drain(true)) return found;
  }
  deadline_.reset();
  if (segments_ != 0) return refuse(errc::expired, "the rest of a segmented telegram did not come");
  return std::nullopt;
}

}  // namespace smgw::dlms
