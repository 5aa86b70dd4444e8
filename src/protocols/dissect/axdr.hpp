// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "protocols/dissect/layer_writer.hpp"
#include "protocols/dlms/apdu.hpp"
#include "protocols/dlms/axdr.hpp"

namespace smgw::dissect {

/// The layer of one APDU in plain or ciphered form.
void describe_apdu(bytes_view octets, const std::string& layer, telegram& t);
/// A value for people: number, text, time, OBIS code, or hexadecimal digits.
[[nodiscard]] std::string element_text(const dlms::axdr::element& e);

}  // namespace smgw::dissect
