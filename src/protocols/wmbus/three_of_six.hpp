// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include <smgw/types.hpp>

namespace smgw::wmbus {

/// Decodes the "3 out of 6" code of mode T (EN 13757-4, 7.3): six chips for four bits, first chip in the top bit of
/// the first octet. Writes whole octets to `out` until `chips` are used up (at most seven chips may be left over) and
/// returns them. Malformed at a symbol that does not have three ones (a radio error); exhausted if `out` is too small.
[[nodiscard]] expected<bytes_view> decode_three_of_six(bytes_view chips, std::span<std::uint8_t> out);
/// The other way, for simulated meters; the last octet is filled with alternating chips.
[[nodiscard]] bytes encode_three_of_six(bytes_view octets);

}  // namespace smgw::wmbus
