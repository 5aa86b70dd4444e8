// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// BER-TLV as cards use it (ISO/IEC 7816-4, 5.2.2): tags of one or two octets, lengths up to 65535, definite.

#include <smgw/types.hpp>

#include <initializer_list>
#include <optional>

namespace smgw::crypto::card {

/// tag ‖ length ‖ the parts one after the other.
[[nodiscard]] bytes tlv(std::uint16_t tag, std::initializer_list<bytes_view> parts);

struct data_object {
  std::uint16_t tag = 0;
  bytes_view value;
  bytes_view whole;  ///< with tag and length
};
/// Takes the object at the front of `in`; on error `in` stays.
[[nodiscard]] expected<data_object> next_object(bytes_view& in);
/// The first object with this tag among those of `in`; malformed: none, or `in` is no list of objects.
[[nodiscard]] expected<bytes_view> find_object(bytes_view in, std::uint16_t tag);

}  // namespace smgw::crypto::card
