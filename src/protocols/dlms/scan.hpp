// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// What a link layer says about the octets at the front of its input. The stream reader is built on it.

#include <smgw/types.hpp>

namespace smgw::dlms {

struct scan {
  enum class what : std::uint8_t {
    frame,   ///< a whole frame; `size` octets belong to it
    more,    ///< it may become one; at least `size` octets in all are needed to go on
    refuse,  ///< no frame starts here: skip `size` octets and look again
  };
  what is = what::refuse;
  std::size_t size = 1;
  const char* why = nullptr;  ///< for a refusal worth telling (a broken frame); null for plain noise

  [[nodiscard]] static constexpr scan frame(std::size_t size) noexcept { return {what::frame, size, nullptr}; }
  [[nodiscard]] static constexpr scan more(std::size_t size) noexcept { return {what::more, size, nullptr}; }
  [[nodiscard]] static constexpr scan noise(std::size_t size = 1) noexcept { return {what::refuse, size, nullptr}; }
  [[nodiscard]] static constexpr scan broken(const char* why) noexcept { return {what::refuse, 1, why}; }
};

}  // namespace smgw::dlms
