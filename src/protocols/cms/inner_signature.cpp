// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/cms/inner_signature.hpp"

#include "base/octets.hpp"
#include "base/time_text.hpp"

namespace smgw::cms {

bytes inner_signature_input(std::string_view logical_name, const reading& value) {
  bytes out;
  put(out, logical_name);
  out.push_back(0);
  put_be(out, value.status.combined());
  put(out, to_iso8601(value.captured));
  out.push_back(0);
  put_be(out, static_cast<std::uint64_t>(value.value.value));
  out.push_back(static_cast<std::uint8_t>(value.value.scaler));
  out.push_back(static_cast<std::uint8_t>(value.measured));
  return out;
}

}  // namespace smgw::cms
