// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include <smgw/testkit/contracts.hpp>

#include <utility>

namespace smgw::testkit {

/// Collects what was found.
class notebook {
 public:
  /// Notes `otherwise` unless it holds; answers whether it does.
  bool expect(bool holds, std::string otherwise) {
    if (!holds) found_.push_back(std::move(otherwise));
    return holds;
  }
  template <class T>
  bool expect(const expected<T>& outcome, const std::string& of_what) {
    return expect(outcome.has_value(), outcome ? std::string{} : of_what + " is refused: " + outcome.error().what);
  }
  template <class T>
  bool refused(const expected<T>& outcome, errc with, const std::string& what) {
    if (outcome) return expect(false, what + " is taken; it must be refused: " + std::string(to_string(with)));
    return expect(outcome.error().code == with, what + " is refused as " +
                                                    std::string(to_string(outcome.error().code)) + ", and not as " +
                                                    std::string(to_string(with)));
  }
  [[nodiscard]] findings take() { return std::move(found_); }

 private:
  findings found_;
};

}  // namespace smgw::testkit
