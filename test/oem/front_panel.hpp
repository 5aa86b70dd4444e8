// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Four lamps behind a shift register: what was latched last is what shines.

#include <smgw/ports/display.hpp>

#include <mutex>

namespace acme {

class front_panel final : public smgw::ports::display {
 public:
  smgw::expected<void> show(const smgw::ports::lamps& now) override;
  /// What a camera in front of the box sees.
  [[nodiscard]] smgw::ports::lamps seen() const;

 private:
  mutable std::mutex guard_;
  std::uint8_t latch_ = 0;  ///< two bits a lamp
};

}  // namespace acme
