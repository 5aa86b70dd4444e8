// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// A small world in real time, on loopback: certificates, profiles, meters, and a market participant that verifies,
/// decrypts and reads what a gateway sends it.

#include <smgw/ports.hpp>

#include <filesystem>

namespace smgw::testkit {

/// A meter and how the gateway reaches it.
struct house_meter {
  device_id id;
  /// `serial` of its port in the gateway profile; empty: a simulated SML meter pushes over TCP.
  std::string device;
};

struct house_options {
  std::filesystem::path folder;  ///< empty: a fresh one, removed at the end
  device_id gateway;             ///< empty: ESMG0000000001
  std::vector<house_meter> meters;
  std::chrono::seconds period{1};    ///< registration period
  std::chrono::seconds delivery{2};  ///< of TAF 7
  std::chrono::seconds billing{4};   ///< of TAF 1
  std::shared_ptr<ports::key_store>
      keys{};  ///< where the gateway's keys are made; null: software, as the profile names
  ports::curve curve = ports::curve::brainpool_p256r1;
};

/// A value as the market participant read it.
struct delivered_value {
  std::string evaluation;  ///< `taf7-1`
  obis register_name;
  decimal value;
  timestamp captured;
  std::uint64_t status = 0;  ///< combined status word
};

class SMGW_API house {
 public:
  [[nodiscard]] static expected<house> build(house_options options);
  house(house&&) noexcept;
  house& operator=(house&&) noexcept;
  ~house();

  /// For gateway_options: profiles and certificates. The ports of the meters are `lmn0`, `lmn1`, …
  [[nodiscard]] std::filesystem::path configuration() const;
  /// Everything delivered so far, in the order of arrival.
  [[nodiscard]] std::vector<delivered_value> values() const;
  [[nodiscard]] std::size_t deliveries() const;
  /// Requests that were not what they should be, with the reason.
  [[nodiscard]] std::vector<std::string> complaints() const;
  /// The market participant goes away, and comes back on the same port.
  void close_market();
  [[nodiscard]] expected<void> open_market();

 private:
  struct impl;
  explicit house(std::unique_ptr<impl> state);
  std::unique_ptr<impl> impl_;
};

}  // namespace smgw::testkit
