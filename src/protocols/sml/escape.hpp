// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The escape sequences of SML's transport protocol (DIN VDE 0418-63-9, 8) in octets as they are on the line.

#include "base/octets.hpp"

#include <smgw/types.hpp>

#include <algorithm>
#include <array>
#include <cstring>

namespace smgw::sml::escape {

inline constexpr std::uint8_t esc = 0x1B;
inline constexpr std::array<std::uint8_t, 8> start_sequence{esc, esc, esc, esc, 1, 1, 1, 1};
inline constexpr std::array<std::uint8_t, 8> start_version_2{esc, esc, esc, esc, 2, 2, 2, 2};
inline constexpr std::uint8_t end_mark = 0x1A;
inline constexpr auto npos = static_cast<std::size_t>(-1);

// The first 1B from `from` on; the size if there is none.
inline std::size_t find_octet(bytes_view data, std::size_t from) noexcept {
  if (from >= data.size()) return data.size();
  const auto* hit = static_cast<const std::uint8_t*>(std::memchr(data.data() + from, esc, data.size() - from));
  return hit == nullptr ? data.size() : static_cast<std::size_t>(hit - data.data());
}

// The first start sequence of version 1 from `from` on, or npos.
inline std::size_t find_start(bytes_view data, std::size_t from) noexcept {
  for (auto i = find_octet(data, from); i + start_sequence.size() <= data.size(); i = find_octet(data, i + 1))
    if (std::memcmp(data.data() + i, start_sequence.data(), start_sequence.size()) == 0) return i;
  return npos;
}

// How many octets at the end may be the front of a start sequence.
inline std::size_t open_start(bytes_view data, std::size_t from) noexcept {
  auto n = std::min(start_sequence.size() - 1, data.size() - from);
  for (; n != 0; --n) {
    const auto* tail = data.data() + data.size() - n;
    if (std::memcmp(tail, start_sequence.data(), n) == 0 || std::memcmp(tail, start_version_2.data(), n) == 0) break;
  }
  return n;
}

// Beginnings of files of version 2 in what is dropped.
inline std::size_t count_version_2(bytes_view data) noexcept {
  std::size_t n = 0;
  for (auto hit = std::ranges::search(data, start_version_2); !hit.empty();
       hit = std::ranges::search(hit.end(), data.end(), start_version_2.begin(), start_version_2.end()))
    ++n;
  return n;
}

// Behind the octets 1B that begin at `i`.
inline std::size_t end_of_run(bytes_view data, std::size_t i) noexcept {
  while (i < data.size() && data[i] == esc) ++i;
  return i;
}

// Of each eight 1B in a row four are payload.
inline void unescape(bytes_view data, bytes& out) {
  out.clear();
  for (std::size_t i = 0; i < data.size();) {
    const auto run = find_octet(data, i);
    const auto end = end_of_run(data, run);
    const auto length = end - run;
    put(out, data.subspan(i, run - i + length - length / 8 * 4));
    i = end;
  }
}

}  // namespace smgw::sml::escape
