// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include <smgw/types.hpp>

#include <optional>

namespace smgw::trudi {

/// espi:UnitSymbolKind of a unit; nothing where the schema has none.
[[nodiscard]] constexpr std::optional<unsigned> symbol_kind(unit u) noexcept {
  switch (u) {
    case unit::watt_hour: return 72;
    case unit::volt_ampere_hour: return 71;
    case unit::var_hour: return 73;
    case unit::watt: return 38;
    case unit::volt_ampere: return 61;
    case unit::var: return 63;
    case unit::cubic_metre:
    case unit::cubic_metre_corrected: return 42;
    case unit::volt: return 29;
    case unit::ampere: return 5;
    case unit::hertz: return 33;
    case unit::celsius: return 23;
    case unit::degree: return 9;
    case unit::second: return 27;
    default: return std::nullopt;
  }
}

}  // namespace smgw::trudi
