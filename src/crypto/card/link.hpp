// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The way to a card: octets there, octets back.

#include <smgw/types.hpp>

#include <memory>
#include <string>

namespace smgw::crypto::card {

class link {
 public:
  virtual ~link() = default;
  link(const link&) = delete;
  link& operator=(const link&) = delete;
  /// Sends an APDU and waits for the answer. unavailable: the card was pulled or reset, or the reader is gone; what it
  /// held in memory is lost.
  [[nodiscard]] virtual expected<bytes> transmit(bytes_view apdu) = 0;

 protected:
  link() = default;
};

/// A card in a reader of the PC/SC service. `reader`: its name or the beginning of it; empty: the first reader that has
/// a card. The card is ours alone while the link lives. unavailable: no service, no such reader, no card in it.
[[nodiscard]] expected<std::unique_ptr<link>> open_reader(const std::string& reader);

}  // namespace smgw::crypto::card
