// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include <smgw/linux_ports.hpp>

namespace smgw::linux_ports {
namespace {

class system final : public ports::clock {
 public:
  [[nodiscard]] timestamp now() const noexcept override {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  }
};

}  // namespace

std::shared_ptr<ports::clock> system_clock() { return std::make_shared<system>(); }

}  // namespace smgw::linux_ports
