// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Compact profiles (EN 13757-3:2018, annex F; OMS TR-07): many values of equal spacing under one header.

#include "protocols/mbus/record.hpp"

#include <optional>

namespace smgw::mbus {

enum class increment_mode : std::uint8_t { absolute, increments, decrements, signed_difference };

/// Spacing control and spacing value octet (annex F, tables F.6 and F.7). One of the three periods is set, or none for
/// an array without time.
struct spacing {
  std::chrono::seconds period{0};
  std::uint8_t months = 0;
  bool half_months = false;
  increment_mode mode = increment_mode::absolute;
  std::uint8_t data_field = 0;  ///< of one element, as in a DIF
  [[nodiscard]] bool timed() const noexcept { return period.count() != 0 || months != 0 || half_months; }
  friend bool operator==(const spacing&, const spacing&) = default;
};
/// Malformed: no whole elements or a variable element; unsupported: reserved spacings.
[[nodiscard]] expected<spacing> read_spacing(const record& profile);

/// One element of a profile. `when` is the nominal registration time on the clock of the base time.
struct profile_point {
  record value;  ///< header and qualifiers of the profile; storage, raw and value of the element
  std::optional<timestamp> when;
};

/// What the elements are counted from: quantity, storage, tariff and sub-unit are those of the profile.
struct profile_base {
  std::optional<decimal> value;   ///< needed for all modes but `absolute`
  std::optional<timestamp> time;  ///< without it the points carry no time
};
/// Looks both up in the records of the telegram.
[[nodiscard]] profile_base find_base(record_reader records, const record& profile);
[[nodiscard]] inline profile_base find_base(bytes_view records, const record& profile) {
  return find_base(record_reader{records}, profile);
}

class profile_reader {
 public:
  /// `profile` is a record of kind `profile` and must outlive the reader. Fails as read_spacing() does; conflict: no
  /// profile.
  [[nodiscard]] static expected<profile_reader> over(const record& profile, const profile_base& base);
  /// True and the next point, in the order of the telegram (an inverse profile runs into the past); false at the end.
  /// In modes other than `absolute`, a missing element makes all that follow not available.
  [[nodiscard]] bool next(profile_point& out);
  [[nodiscard]] const spacing& layout() const noexcept { return layout_; }

 private:
  profile_reader(const record& profile, const profile_base& base, const spacing& layout);
  void accumulate(record& r);
  const record* profile_;
  spacing layout_;
  profile_base base_;
  bytes_view rest_;
  std::uint32_t index_ = 0;
  bool inverse_;
};

/// The instant of the registration grid (multiples of `period` in UTC) that `measured` belongs to: within ± 1 % of the
/// period (detail specification 10.1), else expired.
[[nodiscard]] expected<timestamp> nominal_time(timestamp measured, std::chrono::seconds period);

}  // namespace smgw::mbus
