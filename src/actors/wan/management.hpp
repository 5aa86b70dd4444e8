// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// What the administrator sees of the gateway as a COSEM tree, and what its requests make of the configuration. Pure:
/// configuration and values in, documents and another configuration out.

#include "actors/configuration.hpp"
#include "domain/profile/profile_set.hpp"
#include "protocols/cosem/tree.hpp"

namespace smgw::management {

/// PROPOSED. The list of objects of a gateway is in a part of the guideline that is not published. Seen in the field
/// are 1-0:94.49.128*F for profiles (F = 0x20 + use case, 0x11 consumer, 0x02 meter) and 0-0:99.98.F for logs.
/// Every profile is one object of class 1 (Data) in the logical device of what it is about: attribute 2 is the profile
/// as a text, as `profiles/README.md` describes it. Profiles of which there is one lie in the gateway's own device.
enum class object : std::uint8_t {
  meter = 0x02,             ///< device: `1emh0010482201.sm`
  wan = 0x03,               ///< device: `<id>.sm`
  proxy = 0x04,             ///< device: `<id>.sm`; method 1 connects it for the market participant (HKS4)
  log = 0x05,               ///< in the gateway's device
  time = 0x06,              ///< in the gateway's device
  certificate = 0x07,       ///< device: the file's name; attribute 2 holds its octets
  gateway = 0x08,           ///< in the gateway's device; read only
  status = 0x09,            ///< in the gateway's device; read only: how everything is, as JSON
  self_test = 0x0a,         ///< in the gateway's device; method 1 runs it, attribute 2 is the last result
  own_certificates = 0x0b,  ///< in the gateway's device; TLS, signature, encryption; method 1 requests, 2 installs
  life_cycle = 0x0c,        ///< in the gateway's device; attribute 2: phase; method 1 commissions, 2 decommissions
  han = 0x11,               ///< device: `<id>.sm`
  evaluation = 0x20,        ///< device: `<id>.sm`
};
inline constexpr std::uint16_t class_data = 1, class_profile_generic = 7, class_clock = 8, class_image = 18;
[[nodiscard]] constexpr obis name_of(object o) noexcept { return {{1, 0, 94, 49, 128, static_cast<std::uint8_t>(o)}}; }
inline constexpr obis device_id_name{{0, 0, 96, 1, 0, 255}}, firmware_name{{1, 0, 0, 2, 0, 255}},
    clock_name{{0, 0, 1, 0, 0, 255}}, system_log_name{{0, 0, 99, 98, 1, 255}},
    calibration_log_name{{0, 0, 99, 98, 2, 255}}, image_name{{0, 0, 44, 0, 0, 255}};

/// `esmg0000000001.sm`: the gateway's name as host and as logical device.
[[nodiscard]] std::string device_of(const device_id& id);

/// What is read at the moment and lies in no profile.
struct live_values {
  timestamp now{};
  std::string firmware;
  std::string self_test;   ///< result of the last one
  std::string life_cycle;  ///< its phase
  std::string image;       ///< how the firmware update stands
  std::vector<bytes> own_certificates;
  std::uint32_t system_records = 0, calibration_records = 0;
};

/// The whole tree but the buffers of the logs and the status, which are read one by one.
[[nodiscard]] std::vector<cosem::device_value> tree(const configuration& told, const profile::profile_set& set,
                                                    const live_values& live);
/// What an address names, as a document. unsupported: nothing there (404).
[[nodiscard]] expected<std::string> show(const std::vector<cosem::device_value>& all, const cosem::address& where);

/// The values that the body of a PUT sets at its address. malformed, unsupported, exhausted: 422.
[[nodiscard]] expected<std::vector<cosem::device_value>> values_of(const cosem::address& where, std::string_view body);

/// The configuration with these values in it; the revision is one higher. A value of null-data removes what it stands
/// for. unsupported: no object that could be set (404); denied: read only (405); malformed: the profile is about
/// something else than its address (422).
[[nodiscard]] expected<configuration> change(const configuration& told, const profile::profile_set& set,
                                             const std::vector<cosem::device_value>& values);
/// The configuration without a device, or without an object. unsupported: nothing there (404); denied (405).
[[nodiscard]] expected<configuration> erase(const configuration& told, const profile::profile_set& set,
                                            const cosem::address& where);

/// What a POST asks for.
enum class action : std::uint8_t {
  self_test,
  request_certificates,  ///< the answer is the package of requests
  install_certificates,  ///< the parameter holds what was issued for them
  deliver_log,           ///< everything a log holds goes to the service address, page by page
  transfer_firmware,     ///< the parameter is the manifest, signed by the manufacturer
  activate_firmware,
  confirm_firmware,
  roll_back_firmware,
  abandon_firmware,
  commission,
  decommission,
  open_proxy,  ///< of the proxy profile in whose device the object stands
};
/// unsupported: there is no such method (404). Whether there is such a proxy profile, the PROXY knows.
[[nodiscard]] expected<action> action_of(const cosem::address& where, const device_id& gateway);

}  // namespace smgw::management
