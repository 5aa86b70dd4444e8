// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The names of SML's elements (DIN VDE 0418-63-9, 5), as a table that a walk over the octets follows.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace smgw::dissect::grammar {

/// What an element is called, and what its members are if it is a list.
struct shape {
  enum class kind : std::uint8_t {
    leaf,
    sequence,  ///< members one by one
    repeated,  ///< any number of the first member
    body,      ///< a message's body: the members follow from the tag
    choice,    ///< two members: which, and what
  };
  std::string_view name;
  kind what = kind::leaf;
  std::span<const shape> members{};

  /// The shape of the i-th of `count` members; `tag`: of the message that is walked.
  [[nodiscard]] const shape& member(std::size_t i, std::size_t count, std::uint32_t tag) const noexcept;
};

[[nodiscard]] const shape& message() noexcept;

}  // namespace smgw::dissect::grammar
