// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/cms/attributes.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"
#include "protocols/cms/der.hpp"

#include <algorithm>

namespace smgw::cms {

bytes encode_attributes(const std::vector<attribute>& list) {
  std::vector<bytes> encoded;
  encoded.reserve(list.size());
  for (const auto& a : list) encoded.push_back(der::make(der::sequence, {a.type, der::make(der::set, a.value)}));
  std::ranges::sort(encoded);
  bytes out;
  for (const auto& e : encoded) put(out, e);
  return out;
}

expected<std::vector<attribute>> decode_attributes(bytes_view set_content) {
  std::vector<attribute> list;
  der::reader r{set_content};
  bytes_view before;
  do {
    if (list.size() == max_attributes) return fail(errc::exhausted, "too many attributes");
    SMGW_TRY(const auto element, r.next());
    if (element.tag != der::sequence) return fail(errc::malformed, "attribute expected");
    if (std::ranges::lexicographical_compare(element.whole, before))
      return fail(errc::malformed, "order of attributes");
    before = element.whole;
    der::reader inner{element.content};
    SMGW_TRY(const auto type, inner.next());
    SMGW_TRY(const auto values, inner.next(der::set));
    SMGW_CHECK(inner.finish());
    if (type.tag != der::oid || find_attribute(list, type.whole) != nullptr)
      return fail(errc::malformed, "attribute type");
    der::reader value{values};
    SMGW_TRY(const auto one, value.next());
    SMGW_CHECK(value.finish());
    list.push_back({type.whole, one.whole});
  } while (!r.done());
  return list;
}

const bytes_view* find_attribute(const std::vector<attribute>& list, bytes_view type) noexcept {
  const auto found = std::ranges::find_if(list, [&](const auto& a) { return std::ranges::equal(a.type, type); });
  return found == list.end() ? nullptr : &found->value;
}

}  // namespace smgw::cms
