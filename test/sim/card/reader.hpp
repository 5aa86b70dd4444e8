// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "card/module.hpp"

#include <thread>

namespace smgw::sim {

/// Puts a card into the virtual reader of vsmartcard: connects to the reader's TCP port and answers its APDUs.
class inserted_card {
 public:
  /// unavailable: nobody listens on 127.0.0.1:`port` within `patience`.
  [[nodiscard]] static expected<std::unique_ptr<inserted_card>> insert(card_module& card, std::uint16_t port,
                                                                       std::chrono::milliseconds patience);
  /// Pulls it.
  ~inserted_card();
  inserted_card(const inserted_card&) = delete;
  inserted_card& operator=(const inserted_card&) = delete;
  [[nodiscard]] bool connected() const noexcept { return connected_; }

 private:
  inserted_card(card_module& card, int fd);
  void serve();
  [[nodiscard]] bool receive(std::span<std::uint8_t> into) const;
  [[nodiscard]] bool send(bytes_view content) const;
  card_module& card_;
  int fd_;
  std::atomic<bool> connected_{true};
  std::jthread thread_;
};

}  // namespace smgw::sim
