// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "protocols/dissect/telegram.hpp"

namespace smgw::dissect {

/// Describes a layer field by field. What is left out between two fields, or behind the last, becomes a field of its
/// own, so that no octet is without a line. The octets must outlive the writer.
class layer_writer {
 public:
  layer_writer(telegram& to, std::string name, std::string title, bytes_view octets);
  layer_writer(const layer_writer&) = delete;
  layer_writer& operator=(const layer_writer&) = delete;
  ~layer_writer();  ///< covers what is left

  /// The next `size` octets; fewer if there are not so many.
  void next(std::size_t size, std::string name, std::string meaning = {}, unsigned depth = 0);
  /// Octets that are a part of the layer's, behind all that was described so far.
  void part(bytes_view octets, std::string name, std::string meaning = {}, unsigned depth = 0);
  /// What goes before the next field belongs to it, under this name.
  void gap(std::string name) { gap_ = std::move(name); }
  [[nodiscard]] bytes_view rest() const noexcept { return octets_.subspan(at_); }
  /// The n-th octet that is left; 0 behind the end.
  [[nodiscard]] std::uint8_t peek(std::size_t n = 0) const noexcept {
    return at_ + n < octets_.size() ? octets_[at_ + n] : std::uint8_t{0};
  }

 private:
  void cover(std::size_t end);
  telegram& to_;
  std::size_t index_;
  bytes_view octets_;
  std::size_t at_ = 0;
  std::string gap_ = "not described";
};

/// `0x2F`
[[nodiscard]] std::string hex_octet(unsigned value);
/// Printable text as it is, else hexadecimal digits.
[[nodiscard]] std::string readable(bytes_view octets);
/// Symbol of a unit, those of M-Bus too.
[[nodiscard]] std::string unit_text(unit u);

}  // namespace smgw::dissect
