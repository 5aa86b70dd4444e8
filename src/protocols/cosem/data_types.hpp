// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The table of cod:Data that reading and writing share. Inner use of this module.

#include "protocols/cosem/tree.hpp"

namespace smgw::cosem {

/// How the content of a type is written.
enum class form : std::uint8_t { none, boolean, bits, number, hex, text, list };

struct type_row {
  data_type type;
  std::string_view name;  ///< of the element
  form written = form::none;
  std::int64_t least = 0;  ///< number: smallest value
  std::uint64_t most = 0;  ///< number: largest value
  std::size_t octets = 0;  ///< hex: exactly so many; 0: any
};

[[nodiscard]] const type_row& row_of(data_type type) noexcept;
/// Null if the name is none of the types.
[[nodiscard]] const type_row* row_of(std::string_view name) noexcept;

/// Characters XML 1.0 can carry and give back: UTF-8 without controls (tab and line feed are allowed).
[[nodiscard]] bool is_xml_text(std::string_view text) noexcept;

}  // namespace smgw::cosem
