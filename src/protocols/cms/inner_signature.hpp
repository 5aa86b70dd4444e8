// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include <smgw/types.hpp>

namespace smgw::cms {

/// The octets whose SHA-256 the inner signature of one value signs (ecdsa-plain r‖s, key of GW_WAN_SIG_CRT).
///
/// PROPOSED: the covered fields are known (logical name, status, capture time, value, scaler and unit), their
/// concatenation is not published. Until it is, this one function decides:
/// `logical_name ‖ 00 ‖ status (8 octets) ‖ capture time "YYYY-MM-DDThh:mm:ssZ" ‖ 00 ‖ value (8) ‖ scaler (1) ‖
/// unit (1)`, integers most significant octet first.
/// \param logical_name `0100010800ff.1emh0010482201.sm`
[[nodiscard]] bytes inner_signature_input(std::string_view logical_name, const reading& value);

}  // namespace smgw::cms
