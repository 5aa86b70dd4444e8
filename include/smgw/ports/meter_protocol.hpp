// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// A meter protocol that the gateway does not know: octets and time in; readings, octets and a deadline out.
///
/// Thread and blocking: one thread at a time, the line's. Must not block, sleep or start threads: what it waits for it
/// asks for with `wake_at`. What the line brings is hostile: bound whatever is kept.
/// Contract test: testkit::check_meter_protocol.

#include <smgw/types.hpp>

#include <functional>
#include <memory>
#include <optional>

namespace smgw::ports {

/// A register as the meter sent it.
struct register_reading {
  obis name;
  decimal value;
  unit measured = unit::none;
};

/// What one meter said at one instant.
struct meter_report {
  device_id meter;           ///< without a profile for it, the report is counted and dropped
  time_point captured;       ///< when the first octet of it came (REQ.TLSHDLC.SMGW.50)
  std::uint32_t status = 0;  ///< the meter's half of the combined status word (detail specification 15)
  std::vector<register_reading> registers;
};

struct protocol_output {
  std::vector<meter_report> reports;
  bytes transmit;                     ///< goes out on the line at once
  std::optional<time_point> wake_at;  ///< `tick` comes then; none: only what the line brings counts
};

class SMGW_API meter_protocol {
 public:
  virtual ~meter_protocol() = default;
  meter_protocol(const meter_protocol&) = delete;
  meter_protocol& operator=(const meter_protocol&) = delete;

  /// The line has been opened, for the first time or again: forget what was half read.
  [[nodiscard]] virtual expected<protocol_output> open(time_point now) = 0;
  /// The line brought this, in pieces of any size. An error closes the line; it is opened again later.
  [[nodiscard]] virtual expected<protocol_output> feed(bytes_view octets, time_point now) = 0;
  /// The deadline of the last output has passed.
  [[nodiscard]] virtual expected<protocol_output> tick(time_point now) = 0;

 protected:
  meter_protocol() = default;
};

/// Makes the protocol of an LMN port; null: the profile's protocol, as the gateway knows it.
using make_meter_protocol = std::function<std::unique_ptr<meter_protocol>(std::string_view port)>;

}  // namespace smgw::ports
