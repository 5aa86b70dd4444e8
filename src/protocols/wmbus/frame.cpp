// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "protocols/wmbus/frame.hpp"

#include "base/octets.hpp"
#include "protocols/mbus/crc.hpp"

#include <algorithm>

namespace smgw::wmbus {
namespace {

constexpr std::size_t crc_size = 2;
constexpr std::size_t block_a = 16;
constexpr std::size_t first_run_b = 126;  // first and second block of format B under one CRC

bool crc_fits(bytes_view run, bytes_view crc) { return mbus::crc_of(run) == load_be<std::uint16_t>(crc.data()); }

// Copies runs of data, each followed by its CRC.
class stripper {
 public:
  stripper(bytes_view in, std::span<std::uint8_t> out) : in_(in), out_(out) {}
  [[nodiscard]] bool run(std::size_t size) {
    if (!crc_fits(in_.first(size), in_.subspan(size, crc_size))) return false;
    std::copy_n(in_.begin(), size, out_.begin() + static_cast<std::ptrdiff_t>(written_));
    in_ = in_.subspan(size + crc_size);
    written_ += size;
    return true;
  }
  [[nodiscard]] std::size_t written() const { return written_; }

 private:
  bytes_view in_;
  std::span<std::uint8_t> out_;
  std::size_t written_ = 0;
};

std::unexpected<error> bad_crc() { return fail(errc::untrusted, "frame CRC"); }

}  // namespace

std::size_t frame_size(frame_format f, std::uint8_t length) noexcept {
  const std::size_t data = std::size_t{length} + 1;
  if (f != frame_format::a || data < link_header) return data;
  return data + crc_size * (1 + (data - link_header + block_a - 1) / block_a);
}

expected<bytes_view> strip(frame_format f, bytes_view in, std::span<std::uint8_t> out) {
  if (in.empty()) return fail(errc::truncated, "no frame");
  const std::size_t size = frame_size(f, in[0]);
  const std::size_t shortest = f == frame_format::b ? link_header + crc_size : link_header;
  if (std::size_t{in[0]} + 1 < shortest) return fail(errc::malformed, "frame too short for an address");
  if (in.size() < size) return fail(errc::truncated, "frame shorter than its length");
  if (out.size() < std::size_t{in[0]} + 1) return fail(errc::exhausted, "no room for the frame");
  in = in.first(size);
  if (f == frame_format::stripped) {
    std::copy(in.begin(), in.end(), out.begin());
    return bytes_view{out.first(size)};
  }
  stripper s{in, out};
  if (f == frame_format::a) {
    const std::size_t data = std::size_t{in[0]} + 1;
    if (!s.run(link_header)) return bad_crc();
    while (s.written() < data)
      if (!s.run(std::min(block_a, data - s.written()))) return bad_crc();
  } else {
    const bool two_runs = size > first_run_b + crc_size;
    if (two_runs && size <= first_run_b + 2 * crc_size) return fail(errc::malformed, "frame with an empty block");
    if (!s.run(two_runs ? first_run_b : size - crc_size)) return bad_crc();
    if (two_runs && !s.run(size - first_run_b - 2 * crc_size)) return bad_crc();
  }
  out[0] = static_cast<std::uint8_t>(s.written() - 1);
  return bytes_view{out.first(s.written())};
}

identity read_link_address(bytes_view eight) noexcept {
  return {load_le<std::uint32_t>(&eight[2]), load_le<std::uint16_t>(eight.data()), eight[6], eight[7]};
}

identity read_transport_address(bytes_view eight) noexcept {
  return {load_le<std::uint32_t>(eight.data()), load_le<std::uint16_t>(&eight[4]), eight[6], eight[7]};
}

expected<link_frame> read_link(bytes_view stripped) {
  if (stripped.empty() || stripped.size() < std::size_t{stripped[0]} + 1)
    return fail(errc::truncated, "frame shorter than its length");
  stripped = stripped.first(std::size_t{stripped[0]} + 1);
  if (stripped.size() <= link_header) return fail(errc::malformed, "frame without content");
  link_frame f;
  f.control = stripped[1];
  f.address = stripped.subspan(2, 8);
  f.sender = read_link_address(f.address);
  f.body = stripped.subspan(link_header);
  return f;
}

}  // namespace smgw::wmbus
