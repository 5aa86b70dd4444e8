// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// From the body of a notification to values with names. No driver is needed: what a meter pushes comes out whole, with
/// the names, scalers and units it states itself; a layout adds what a make leaves to its data sheet.
///
/// The forms met in the field, which may be mixed in one body:
///   {name, value} and {name, value, {scaler, unit}} as structures    Aidon, Iskraemeco, Landis+Gyr (Norway)
///   name, value, name, value … on one level                          Kamstrup, Landis+Gyr (Switzerland)
///   name, value, {scaler, unit}, name, value …  on one level         Kaifa and Sagemcom (Austria)
///   a list of capture objects first, then their values by position   Landis+Gyr E450, Energomera
///   values by position only                                          Kaifa (Nordics), Iskraemeco (Slovenia, Croatia)

#include "protocols/dlms/axdr.hpp"

#include <algorithm>

namespace smgw::dlms {

/// Where the name of a record comes from.
enum class naming : std::uint8_t {
  none,       ///< the meter names no register; the position is all there is
  stated,     ///< the name stands beside the value
  described,  ///< the list of capture objects in the same telegram names it
  layout,     ///< a layout does
};

struct record {
  obis name;
  naming named = naming::none;
  std::uint8_t attribute = 2;     ///< of the named object, where a capture object says so
  std::uint16_t position = 0;     ///< the member of the outermost container this record is in
  std::uint16_t part = 0;         ///< 0 for the first value at this position (or beside this name), then 1, 2, …
  axdr::element value;            ///< as sent
  std::optional<decimal> number;  ///< exact, the scaler applied; nothing for what is no number
  unit measured = unit::none;
  bool scaled = false;  ///< scaler and unit are known (from the telegram or a layout)
};

/// Capture objects one telegram may list: the longest list seen has 20.
inline constexpr std::size_t max_capture_objects = 64;

/// Goes through a body record by record.
class record_cursor {
 public:
  explicit record_cursor(bytes_view body) noexcept : cursor_(body) {}
  /// True: `out` holds the next record. False: the end, or a broken body (see status()). Records before a fault stand
  /// on their own, but a caller that wants all or nothing asks axdr::check() first.
  [[nodiscard]] bool next(record& out) noexcept;
  /// As axdr::cursor; octets behind the value are malformed.
  [[nodiscard]] expected<void> status() const;

 private:
  static constexpr std::size_t window = 16;  // a named structure has at most eight elements; room to look ahead
  enum class step : std::uint8_t { record, opened, other };
  struct capture_object {
    obis name;
    std::uint8_t attribute = 0;
  };

  void pass_member(std::uint8_t depth) noexcept {
    if (depth != 1) return;
    ++position_;
    part_ = 0;
  }
  [[nodiscard]] step read_short(record& out) noexcept;
  [[nodiscard]] step read_short_array(bytes_view in) noexcept;
  [[nodiscard]] step read_short_structure(bytes_view in, record& out) noexcept;
  [[nodiscard]] step read_short_pair(bytes_view in, record& out) noexcept;
  [[nodiscard]] step read_short_leaf(bytes_view in, record& out) noexcept;
  [[nodiscard]] step open_container() noexcept;
  // For the values to come: as stated, or (null) not stated.
  void set_scaler_unit(const std::uint8_t* scaler, const std::uint8_t* measured) noexcept {
    scaled_ = scaler != nullptr;
    scaler_ = scaled_ ? static_cast<std::int8_t>(*scaler) : std::int8_t{0};
    unit_ = scaled_ ? static_cast<unit>(*measured) : unit::none;
  }
  void place_named(record& out, std::uint16_t part) const noexcept {
    out.position = static_cast<std::uint16_t>(std::max(position_, 0));
    out.part = part;
    out.name = name_;
    out.named = naming::stated;
  }
  void place(record& out) noexcept;
  [[nodiscard]] const axdr::element* peek(std::size_t i) noexcept {
    return i < count_ ? &seen_[(first_ + i) % window] : read_ahead(i);
  }
  [[nodiscard]] const axdr::element* read_ahead(std::size_t i) noexcept;
  void pop() noexcept {
    pass_member(seen_[first_].depth);
    if (inside_ > 0) --inside_;
    first_ = (first_ + 1) % window;
    --count_;
  }
  [[nodiscard]] bool is_scaler_unit(std::size_t i) noexcept;
  [[nodiscard]] bool skip_capture_objects() noexcept;
  [[nodiscard]] bool enter_named_structure() noexcept;
  [[nodiscard]] bool take_named_pair(record& out) noexcept;
  void take_leaf(record& out) noexcept;
  [[nodiscard]] bool take_from_window(record& out) noexcept;
  void finish(record& out) const noexcept;

  axdr::cursor cursor_;
  std::array<axdr::element, window> seen_;
  std::size_t first_ = 0;
  std::size_t count_ = 0;
  std::int32_t position_ = -1;
  std::uint16_t part_ = 0;
  // the named structure that is being read: its name and unit hold for all values in it
  std::size_t inside_ = 0;  // elements of it that are left
  obis name_;
  std::int8_t scaler_ = 0;
  unit unit_ = unit::none;
  bool scaled_ = false;
  std::array<capture_object, max_capture_objects> objects_;
  std::size_t object_count_ = 0;
};

}  // namespace smgw::dlms
