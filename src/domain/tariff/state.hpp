// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "base/octets.hpp"
#include "domain/tariff/amount.hpp"

#include <smgw/types.hpp>

#include <optional>
#include <string>

/// The octets of a cursor's state: written and read by the use cases, big-endian, every length checked.
namespace smgw::tariff {

/// Version 2 knows the stage of the last interval; states of version 1 are still read.
inline constexpr std::uint8_t state_version = 2;
inline constexpr std::size_t max_state_items = 4096;  ///< of one list in a state (ours)

void put_amount(bytes& out, const amount& a);
void put_time(bytes& out, timestamp t);
void put_status(bytes& out, const status_word& s);
void put_entry(bytes& out, const list_entry& e);
void put_count(bytes& out, std::size_t n);
void put_flag(bytes& out, bool b);
void put_text(bytes& out, std::string_view text);

/// Reads the same off the front of a state; the first fault makes all later reads yield zeros, and `done` tells.
class state_reader {
 public:
  explicit state_reader(bytes_view in) : in_(in) {}
  [[nodiscard]] amount read_amount();
  [[nodiscard]] timestamp read_time();
  [[nodiscard]] status_word read_status();
  [[nodiscard]] list_entry read_entry();
  [[nodiscard]] std::size_t read_count();
  [[nodiscard]] bool read_flag();
  [[nodiscard]] std::uint32_t read_bits() { return number<std::uint32_t>(); }
  [[nodiscard]] std::uint8_t read_octet() { return number<std::uint8_t>(); }
  [[nodiscard]] std::string read_text();
  /// Of the state that is read; set by the engine.
  void set_version(std::size_t v) noexcept { version_ = v; }
  [[nodiscard]] std::size_t version() const noexcept { return version_; }
  [[nodiscard]] bool good() const noexcept { return good_; }
  void refuse() noexcept { good_ = false; }
  /// malformed: something was missing, wrong or left over.
  [[nodiscard]] expected<void> done() const;

 private:
  template <class T>
  [[nodiscard]] T number() {
    const auto v = take_be<T>(in_);
    good_ = good_ && v.has_value();
    return good_ ? *v : T{0};
  }
  bytes_view in_;
  std::size_t version_ = state_version;
  bool good_ = true;
};

}  // namespace smgw::tariff
