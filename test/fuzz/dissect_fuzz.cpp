// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "base/check.hpp"
#include "protocols/dissect/dissect.hpp"

using namespace smgw;

// Whatever comes, every octet of every layer has exactly one field, and all of it can be printed.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const bool keyed = (data[0] & 1U) != 0;
  auto d = dissect::dissector::make(keyed ? dissect::keys{secret{16}, secret{16}} : dissect::keys{});
  SMGW_ASSERT(d);
  const auto all = d->all({data + 1, size - 1});
  for (const auto& t : all) {
    for (const auto& l : t.layers) {
      std::size_t at = 0;
      for (const auto& f : l.fields) {
        SMGW_ASSERT(f.offset == at && f.size != 0);
        at += f.size;
      }
      SMGW_ASSERT(at == l.octets.size());
    }
    (void)dissect::to_text(t);
  }
  (void)dissect::to_json(all);
  return 0;
}
