// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include <concepts>
#include <string>
#include <string_view>

namespace smgw::trudi {

/// Text that comes from outside as XML 1.0 text: markup is escaped; octets that are no UTF-8 and characters that XML
/// does not have become U+FFFD.
[[nodiscard]] std::string xml_text(std::string_view text);

/// Builds a document, element by element.
class xml_writer {
 public:
  /// Takes markup as it stands.
  void raw(std::string_view markup) { out_ += markup; }
  void open(std::string_view name) { tag("<", name); }
  void close(std::string_view name) { tag("</", name); }
  void element(std::string_view name, std::string_view text) {
    open(name);
    out_ += xml_text(text);
    close(name);
  }
  template <std::integral T>
  void element(std::string_view name, T number) {
    open(name);
    out_ += std::to_string(number);
    close(name);
  }
  void reserve(std::size_t n) { out_.reserve(n); }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  void tag(std::string_view begin, std::string_view name) {
    out_ += begin;
    out_ += name;
    out_ += '>';
  }
  std::string out_;
};

}  // namespace smgw::trudi
