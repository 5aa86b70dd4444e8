// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/cosem/delivery_json.hpp"

#include <cstdlib>

using namespace smgw;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto d = cosem::read_json({reinterpret_cast<const char*>(data), size});
  if (!d) return 0;
  const auto text = cosem::write_json(*d);
  if (!text) return 0;
  const auto again = cosem::read_json(*text);
  if (!again || again->logical_name() != d->logical_name() || again->channels.size() != d->channels.size())
    std::abort();
  return 0;
}
