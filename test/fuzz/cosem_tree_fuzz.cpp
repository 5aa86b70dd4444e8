// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

/// \file
/// Bodies of the management tree: what is read is written and read again as the same.

#include "base/check.hpp"
#include "base/octets.hpp"
#include "protocols/cosem/tree.hpp"

using namespace smgw;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
  const auto text = as_text({input, size});
  (void)cosem::read_attribute(text);
  (void)cosem::read_method_request(text);
  (void)cosem::read_object_value(text);
  const auto objects = cosem::read_container(text);
  if (!objects) return 0;
  const auto written = cosem::write_container({}, *objects);
  if (!written) return 0;  // deeper than a response of ours
  const auto again = cosem::read_container(*written);
  SMGW_ASSERT(again && *again == *objects);
  return 0;
}
