// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/ports/radio_line.hpp"

#include "base/check.hpp"
#include "protocols/wmbus/stick_port.hpp"

#include <algorithm>

namespace smgw {
namespace {

static_assert(ports::longest_radio_frame == wmbus::max_frame_a);
static_assert(static_cast<int>(ports::radio_format::stripped) == static_cast<int>(wmbus::frame_format::stripped));

class radio_port final : public ports::serial_port {
 public:
  explicit radio_port(std::unique_ptr<ports::radio> receiver) : receiver_(std::move(receiver)) {}

  expected<std::size_t> read(std::span<std::uint8_t> into, std::chrono::milliseconds patience) override {
    if (waiting_.empty()) {
      SMGW_TRY(const auto heard, receiver_->receive(patience));
      if (!heard) return 0;
      waiting_ =
          wmbus::encode_port_frame({heard->octets, static_cast<wmbus::frame_format>(heard->format), heard->rssi_dbm});
    }
    const auto n = std::min(into.size(), waiting_.size());
    std::copy_n(waiting_.begin(), n, into.begin());
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(n));
    return n;
  }

  /// The line configures nothing.
  expected<void> write(bytes_view, std::chrono::milliseconds) override { return {}; }

 private:
  std::unique_ptr<ports::radio> receiver_;
  bytes waiting_;  ///< of the newest frame, not yet read
};

}  // namespace

std::unique_ptr<ports::serial_port> radio_as_line(std::unique_ptr<ports::radio> receiver) {
  return std::make_unique<radio_port>(std::move(receiver));
}

}  // namespace smgw
