// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// What the DLMS decoders make of a telegram, in the form of the rows of `dlms_public.jsonl`.

#include "protocols/dlms/apdu.hpp"
#include "protocols/dlms/reader.hpp"

#include <nlohmann/json.hpp>

namespace smgw::vectors {

/// The frames of the link layer, as `frames` of a row.
void add_hdlc_frames(bytes_view in, nlohmann::json& out);
void add_mbus_frames(bytes_view in, nlohmann::json& out);

/// The name of a row's `link`; `frame` is the whole telegram.
[[nodiscard]] const char* name_of(dlms::transport t, bytes_view frame);
[[nodiscard]] const char* name_of(dlms::apdu_tag tag);

/// Time and A-XDR tree, as an entry of `apdus`.
[[nodiscard]] nlohmann::json notification_of(const dlms::notification& n);

/// Named values in the form of `obis_values`: an unnamed text stands in `unnamed`. Of a bit string the source takes the
/// first octet for a number. `described`: a list of capture objects names them; `broken`: the body is.
[[nodiscard]] nlohmann::json values_of(bytes_view body);

}  // namespace smgw::vectors
