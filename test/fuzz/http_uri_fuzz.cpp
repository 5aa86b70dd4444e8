// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

/// \file
/// Targets from outside: no empty or dot segment passes, and an address that is read is written and read as the same.

#include "base/check.hpp"
#include "base/octets.hpp"
#include "protocols/cosem/address.hpp"
#include "protocols/http/filter.hpp"

using namespace smgw;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = as_text({data, size});
  for (const auto octets : {http::path_octets::text, http::path_octets::binary}) {
    const auto t = http::parse_target(text, octets);
    if (!t) continue;
    std::string path;
    for (const auto& s : t->segments) {
      SMGW_ASSERT(!s.empty() && s != "." && s != ".." && !s.contains('\0'));
      SMGW_ASSERT(octets == http::path_octets::binary || !s.contains('/'));
      path += "/" + http::encode_segment(s);
    }
    const auto again = http::parse_target(path.empty() ? "/" : path, octets);
    SMGW_ASSERT(again && again->segments == t->segments);
    (void)http::parse_filter(*t, 0x7f);
  }
  const auto a = cosem::parse_address(text, "/smgw");
  if (!a) return 0;
  const auto b = cosem::parse_address(cosem::path_of(*a, "/smgw"), "/smgw");
  SMGW_ASSERT(b && b->kind == a->kind && b->device == a->device && b->object == a->object && b->index == a->index);
  return 0;
}
