// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "protocols/mbus/format.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"
#include "protocols/mbus/crc.hpp"

#include <algorithm>
#include <array>

namespace smgw::mbus {
namespace {

// Whether these headers are found again where no values stand between them. Where the text of a plain-text VIF stands
// is told by what follows (plain_text.hpp): without the values that may be something else.
bool read_back(bytes_view headers, bytes_view records) {
  static constexpr std::array<std::uint8_t, 8 * max_format_size> no_values{};  // eight octets each at most
  record_reader full{records};
  record_reader bare{headers, no_values};
  record with, without;
  while (full.next(with).value_or(false))
    if (!bare.next(without).value_or(false) || !std::ranges::equal(with.header, without.header)) return false;
  return true;
}

}  // namespace

expected<std::uint16_t> format_cache::learn(bytes_view records) {
  crc16 signature;
  record r;
  record_reader first{records};
  for (;;) {
    SMGW_TRY(const bool more, first.next(r));
    if (!more) break;
    if (r.kind == value_kind::manufacturer) return fail(errc::unsupported, "no format with manufacturer data");
    signature.add(r.header);
  }
  if (find(signature.finish()).empty()) {
    bytes headers;
    record_reader second{records};
    while (second.next(r).value_or(false)) put(headers, r.header);
    if (!read_back(headers, records)) return fail(errc::unsupported, "no format with headers that values tell apart");
    keep(signature.finish(), std::move(headers));
  }
  return signature.finish();
}

expected<std::uint16_t> format_cache::add(bytes_view headers) {
  if (headers.size() > max_format_size) return fail(errc::exhausted, "format too long");
  const auto signature = crc_of(headers);
  if (find(signature).empty()) keep(signature, {headers.begin(), headers.end()});
  return signature;
}

expected<std::uint16_t> format_cache::add_frame(bytes_view content) {
  constexpr std::size_t fixed = 3;
  if (content.size() < fixed) return fail(errc::malformed, "format frame too short");
  const std::size_t length = content[0];
  const auto signature = load_le<std::uint16_t>(&content[1]);
  const auto rest = content.subspan(fixed);
  // The length counts the headers, or what follows it; fillers of an encrypted frame may stand behind them.
  for (const std::size_t n : {length, length - 2})
    if (n <= rest.size() && crc_of(rest.first(n)) == signature) return add(rest.first(n));
  return fail(errc::malformed, "format frame with a signature that is not of its headers");
}

bytes_view format_cache::find(std::uint16_t signature) const noexcept {
  for (const auto& e : entries_)
    if (e.signature == signature) return e.headers;
  return {};
}

void format_cache::keep(std::uint16_t signature, bytes headers) {
  if (headers.empty()) return;
  if (entries_.size() == max_formats) entries_.erase(entries_.begin());
  entries_.push_back({signature, std::move(headers)});
}

expected<std::uint16_t> full_frame_crc(bytes_view headers, bytes_view data) {
  crc16 crc;
  record r;
  record_reader reader{headers, data};
  for (;;) {
    SMGW_TRY(const bool more, reader.next(r));
    if (!more) break;
    crc.add(r.header);
    if (r.data_field == 0x0D) crc.add(r.lvar);
    crc.add(r.raw);
  }
  crc.add(reader.rest());
  return crc.finish();
}

}  // namespace smgw::mbus
