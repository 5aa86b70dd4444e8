// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/check.hpp"
#include "domain/ledger/chain.hpp"
#include "domain/ledger/checkpoint.hpp"

#include <algorithm>

using namespace smgw;

/// What decodes is the one canonical form, and prints to one line.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const bytes_view in{data, size};
  if (const auto r = ledger::decode_record(in)) {
    const auto again = ledger::encode(*r);
    SMGW_ASSERT(again && std::ranges::equal(*again, in));
    SMGW_ASSERT(ledger::to_text(*r).find('\n') == std::string::npos);
    SMGW_ASSERT(ledger::to_json_line(*r).find('\n') == std::string::npos);
  }
  (void)ledger::decode_stored(in);
  if (const auto c = ledger::decode_checkpoint(in)) SMGW_ASSERT(std::ranges::equal(ledger::encode(*c), in));
  return 0;
}
