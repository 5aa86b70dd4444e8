// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// A serial line without hardware: the kernel's own, a pseudo-terminal.

#include "actors/io/streams.hpp"

#include <smgw/testkit/contracts.hpp>

#include <catch2/catch_test_macros.hpp>
#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string>

namespace smgw::test {

class pseudo_terminal {
 public:
  pseudo_terminal() : master_(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) {
    REQUIRE(::grantpt(master_.get()) == 0);
    REQUIRE(::unlockpt(master_.get()) == 0);
    std::array<char, 128> text{};
    REQUIRE(::ptsname_r(master_.get(), text.data(), text.size()) == 0);
    device_ = text.data();
  }
  [[nodiscard]] const std::string& device() const { return device_; }

  void send(bytes_view data) const { REQUIRE(::write(master_.get(), data.data(), data.size()) == std::ssize(data)); }
  [[nodiscard]] bytes receive(std::size_t size) const {
    bytes got(size);
    std::size_t have = 0;
    pollfd waiting{master_.get(), POLLIN, 0};
    while (have < size && ::poll(&waiting, 1, 2000) == 1) {
      const auto n = ::read(master_.get(), got.data() + have, size - have);
      if (n <= 0) break;
      have += static_cast<std::size_t>(n);
    }
    got.resize(have);
    return got;
  }
  void cut() { master_ = {}; }

  [[nodiscard]] testkit::far_end far_end() {
    return {[this](bytes_view d) { send(d); }, [this](std::size_t n) { return receive(n); }, [this] { cut(); }};
  }

 private:
  io::descriptor master_;
  std::string device_;
};

}  // namespace smgw::test
