// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The DKE XML document of a value delivery: one object of class 7 (profile generic) as gateways in the field send it.

#include <smgw/types.hpp>

#include <string>
#include <vector>

namespace smgw::cosem {

/// Bounds of a document. The guideline gives none; a month of quarter-hour values of ten registers stays below.
inline constexpr std::size_t max_document = std::size_t{16} << 20;
inline constexpr std::size_t max_depth = 16;
inline constexpr std::size_t max_channels = 64;
inline constexpr std::size_t max_entries = 40'000;  ///< of all channels together
inline constexpr std::size_t max_name = 64;         ///< of a logical device name, as in DNS (Anlage II 6)

/// One register of the delivery: a column.
struct channel {
  obis register_name;
  std::string source;               ///< meter or contract: `1emh0010482201.sm`, `taf7-1.sm`
  std::vector<list_entry> entries;  ///< oldest first
  /// `0100010800ff.1emh0010482201.sm`
  [[nodiscard]] std::string logical_name() const { return register_name.hex() + "." + source; }
  friend bool operator==(const channel&, const channel&) = default;
};

struct delivery {
  obis profile_name;   ///< 1-0:94.49.128*n, which names the tariff use case
  std::string source;  ///< meter or contract, as in channel
  std::vector<channel> channels;
  [[nodiscard]] std::string logical_name() const { return profile_name.hex() + "." + source; }
  friend bool operator==(const delivery&, const delivery&) = default;
};

/// How the status of an entry is written.
enum class status_form : std::uint8_t {
  combined,  ///< octet-string of 16 hex digits: the combined status word
  coarse,    ///< unsigned: 0 valid, 3 missing, 4 invalid
};

/// Writes the document: prefixes ns1 and ns2 literally (readers search for them), times in UTC.
/// The document has no place for list_entry::target. malformed: a name with other characters than 0-9 a-z . -;
/// exhausted: a bound above.
[[nodiscard]] expected<std::string> write(const delivery& d, status_form status = status_form::combined);

/// Reads such a document, with any prefixes. The target time of an entry is its capture time; its meter is the one the
/// column names, if it is a device id. No entity is ever expanded: a document type declaration is refused.
/// malformed, unsupported (another class or data type), exhausted.
[[nodiscard]] expected<delivery> read(std::string_view document);

}  // namespace smgw::cosem
