// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "base/secret.hpp"
#include "domain/status/status.hpp"

#include <smgw/types.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace smgw::profile {

inline constexpr std::size_t max_registers = 32;  ///< of one meter; 19 were seen in the field

struct meter_register {
  obis name;
  unit measured = unit::watt_hour;  ///< readings in another unit are refused
  friend bool operator==(const meter_register&, const meter_register&) = default;
};

/// Known deviations of a meter type from its protocol.
enum class quirk : std::uint8_t {
  no_time,              ///< SML: sends no usable capture time: the time of reception counts
  zero_scaler,          ///< SML: sends scaler_unit without a scaler: 0 is meant
  status_absent,        ///< SML: sends the status attribute without a value: no fault is meant
  holley_time_and_crc,  ///< SML: CRC-16/KERMIT, and valTime as a bare number
  dzg_unsigned_power,   ///< SML: a power of two octets is sent as a negative number
  three_value_time,     ///< SML: timestampLocal without its choice
};

/// A symmetric key of a meter; copies share the memory that is wiped.
class meter_key {
 public:
  meter_key() = default;
  explicit meter_key(bytes_view octets) : octets_(std::make_shared<const secret>(octets)) {}
  [[nodiscard]] bool empty() const noexcept { return octets_ == nullptr; }
  /// A copy for a cipher; empty if there is no key.
  [[nodiscard]] secret clone() const { return octets_ ? octets_->clone() : secret{}; }
  friend bool operator==(const meter_key& a, const meter_key& b) noexcept {
    return a.empty() || b.empty() ? a.empty() == b.empty()
                                  : equal_constant_time(a.octets_->reveal(), b.octets_->reveal());
  }

 private:
  std::shared_ptr<const secret> octets_;
};

/// What a telegram must have to be believed.
enum class protection : std::uint8_t {
  authenticated,  ///< a MAC or tag that verifies (wM-Bus modes 7 and 10, DLMS with authentication)
  any,            ///< what the meter sends: lines inside a house, old meters
};

/// The meter profile [Zählerprofil] and its part of the LMN communication.
struct meter {
  std::string name;  ///< the file it came from
  device_id id;
  std::optional<bytes> server_id;  ///< overrides the derived server id (detail specification 8.4)
  std::string port;                ///< id of an LMN port of the gateway profile
  status::meter_kind medium = status::meter_kind::electricity;
  std::vector<meter_register> registers;
  std::chrono::seconds period{900};             ///< registration period [Registrierperiode]
  std::chrono::milliseconds window_minimum{0};  ///< least half width of the acceptance window
  std::vector<quirk> quirks;
  meter_key key;                 ///< wM-Bus master key, DLMS encryption key
  meter_key authentication_key;  ///< DLMS
  protection security = protection::authenticated;
  std::string tls_certificate;  ///< of a meter on a wired bus: a file beside the profiles
  std::string address;          ///< M-Bus primary address, D0 device address
  std::string layout;           ///< DLMS: name of a layout for values that come without names or units
  bool active = true;
  [[nodiscard]] bool has(quirk q) const noexcept;
  [[nodiscard]] const meter_register* find(const obis& r) const noexcept;
  friend bool operator==(const meter&, const meter&) = default;
};

}  // namespace smgw::profile
