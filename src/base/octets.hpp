// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Checked reading and appending of octets: every length is compared with what is left.

#include <smgw/types.hpp>

#include <bit>
#include <concepts>
#include <cstring>

namespace smgw {

/// Takes the first `n` octets off the front of `in`; truncated if there are fewer, and `in` stays.
[[nodiscard]] inline expected<bytes_view> take(bytes_view& in, std::size_t n) {
  if (in.size() < n) return fail(errc::truncated, "input ends too early");
  const auto front = in.first(n);
  in = in.subspan(n);
  return front;
}

namespace detail {
template <std::unsigned_integral T>
[[nodiscard]] constexpr T load(const std::uint8_t* p, std::endian order) noexcept {
  std::array<std::uint8_t, sizeof(T)> octets{};
  for (std::size_t i = 0; i < sizeof(T); ++i) octets[i] = p[i];
  const auto value = std::bit_cast<T>(octets);
  return order == std::endian::native ? value : std::byteswap(value);
}
}  // namespace detail

/// Reads an unsigned integer of sizeof(T) octets, most significant first.
template <std::unsigned_integral T>
[[nodiscard]] constexpr T load_be(const std::uint8_t* p) noexcept {
  return detail::load<T>(p, std::endian::big);
}
template <std::unsigned_integral T>
[[nodiscard]] constexpr T load_le(const std::uint8_t* p) noexcept {
  return detail::load<T>(p, std::endian::little);
}

template <std::unsigned_integral T>
[[nodiscard]] expected<T> take_be(bytes_view& in) {
  if (in.size() < sizeof(T)) return fail(errc::truncated, "input ends too early");
  const auto value = load_be<T>(in.data());
  in = in.subspan(sizeof(T));
  return value;
}
template <std::unsigned_integral T>
[[nodiscard]] expected<T> take_le(bytes_view& in) {
  if (in.size() < sizeof(T)) return fail(errc::truncated, "input ends too early");
  const auto value = load_le<T>(in.data());
  in = in.subspan(sizeof(T));
  return value;
}

template <std::unsigned_integral T>
void put_be(bytes& out, T value) {
  for (std::size_t i = sizeof(T); i-- > 0;) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}
template <std::unsigned_integral T>
void put_le(bytes& out, T value) {
  for (std::size_t i = 0; i < sizeof(T); ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}
inline void put(bytes& out, bytes_view more) { out.insert(out.end(), more.begin(), more.end()); }
inline void put(bytes& out, std::string_view more) { out.insert(out.end(), more.begin(), more.end()); }

[[nodiscard]] inline bytes_view as_bytes(std::string_view text) noexcept {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
[[nodiscard]] inline std::string_view as_text(bytes_view data) noexcept {
  return {reinterpret_cast<const char*>(data.data()), data.size()};
}

}  // namespace smgw
