// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Data records of the M-Bus application layer, shared by wired and wireless meters (EN 13757-3:2018, clause 6).

#include "protocols/mbus/calendar.hpp"
#include "protocols/mbus/number.hpp"
#include "protocols/mbus/vif.hpp"

#include <string>

namespace smgw::mbus {

/// At most ten DIFEs follow a DIF (EN 13757-3, 6.3.2).
inline constexpr std::size_t max_dife = 10;

/// Bits 4 and 5 of the DIF.
enum class record_function : std::uint8_t { instantaneous, maximum, minimum, at_error };
[[nodiscard]] std::string_view name(record_function f) noexcept;

/// What the value of a record is. `number`: `value` is exact unless `rounded`.
enum class value_kind : std::uint8_t {
  none,  ///< no data (DIF data field 0 or 8)
  number,
  calendar,
  text,           ///< ISO 8859-1, last character first in `raw`; see text_of()
  octets,         ///< containers, long binary numbers
  profile,        ///< a compact profile; see profile.hpp
  not_available,  ///< the meter says that it has no value
  manufacturer,   ///< the block after DIF 0F or 1F: kept, never billed (REQ.WMBUS.apl.30)
};

/// One record. The views point into the telegram (and, for compact frames, into the stored format).
struct record {
  bytes_view header;  ///< DIF to last VIFE, as received
  bytes_view raw;     ///< the value's octets, without the LVAR length
  value_information vif;
  std::uint64_t storage = 0;
  std::uint32_t tariff = 0;
  std::uint32_t subunit = 0;
  record_function function = record_function::instantaneous;
  value_kind kind = value_kind::none;
  std::uint8_t data_field = 0;  ///< low four bits of the DIF
  std::uint8_t lvar = 0;        ///< the length octet of variable length data
  bool rounded = false;         ///< a REAL32 that has no exact decimal
  bool more_follows = false;    ///< DIF 1F: more records follow in the next telegram
  decimal value;                ///< exact, in `vif.measured`
  calendar when;
};

/// Reads records one by one, without allocation.
class record_reader {
 public:
  /// Over the records of a full telegram.
  explicit record_reader(bytes_view records) noexcept : head_(records), separate_(false) {}
  /// Over the data of a compact frame whose record headers are known from elsewhere (annex G).
  record_reader(bytes_view format, bytes_view data) noexcept : head_(format), data_(data), separate_(true) {}

  /// True and the next record; false at the end. After an error nothing further can be read. Truncated: the telegram
  /// ends inside a record (whose header, as far as it was read, stands in `out`); malformed: too many DIFEs or VIFEs;
  /// unsupported: a reserved special function, whose length nobody knows.
  [[nodiscard]] expected<bool> next(record& out);
  /// What was not read.
  [[nodiscard]] bytes_view rest() const noexcept { return separate_ ? data_ : head_; }

 private:
  bytes_view& data() noexcept { return separate_ ? data_ : head_; }
  expected<bool> special(std::uint8_t dif, bytes_view start, record& out);
  expected<void> take_value(record& out);

  bytes_view head_;
  bytes_view data_;
  bool separate_;
};

/// The text of a `text` record in reading order.
[[nodiscard]] std::string text_of(const record& r);

/// Sets kind and value of a record from `raw` and its header. For profiles, which hold several values under one header.
void interpret(record& r, std::uint8_t data_field, bytes_view raw);

/// Octets of a value by the low four bits of the DIF; LVAR (13) and special functions (15) give 0.
[[nodiscard]] std::size_t data_length(std::uint8_t data_field) noexcept;

}  // namespace smgw::mbus
