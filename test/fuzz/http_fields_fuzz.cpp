// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

/// \file
/// Fields with a grammar of their own: the first octet chooses Authorization, Range, or Accept and Content-Type.

#include "base/check.hpp"
#include "base/octets.hpp"
#include "protocols/http/digest.hpp"
#include "protocols/http/media.hpp"
#include "protocols/http/range.hpp"

#include <array>

using namespace smgw;
using namespace smgw::http;

namespace {

void check_range(std::string_view text) {
  constexpr std::uint64_t size = 1000;
  const auto parts = parse_range(text, size);
  if (!parts) return;
  std::uint64_t total = 0;
  for (const auto& r : *parts) {
    SMGW_ASSERT(r.first <= r.last && r.last < size);
    total += r.size();
  }
  SMGW_ASSERT(total <= size && parts->size() <= max_ranges);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto text = as_text({data + 1, size - 1});
  if (data[0] % 3 == 0) {
    const auto c = parse_digest(text);
    SMGW_ASSERT(!c || (c->count > 0 && c->response.size() == (c->algorithm == digest_algorithm::sha256 ? 32u : 16u)));
  } else if (data[0] % 3 == 1) {
    check_range(text);
    (void)parse_content_range(text);
  } else {
    if (const auto kind = classify(text); kind) SMGW_ASSERT(classify(content_type(*kind)) == *kind);
    constexpr std::array offered{body_kind::json, body_kind::cms_json, body_kind::xml};
    (void)negotiate({{"Accept", std::string{text}}}, offered);
  }
  return 0;
}
