// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// A whole configuration on disk: profiles, certificates and keys of a gateway, for demonstrations and tests.

#include "pki.hpp"

namespace smgw::sim {

/// Where a meter of the world is.
struct world_meter {
  device_id id;
  std::string tcp_host;
  std::uint16_t tcp_port = 0;
  std::string serial;  ///< path; empty: TCP
};

struct world_options {
  std::filesystem::path folder;
  device_id gateway;
  std::vector<world_meter> meters;
  std::string emt_host = "127.0.0.1";
  std::uint16_t emt_port = 0;
  std::uint16_t gwa_port = 0;          ///< of the administrator; 0: there is none in this world
  std::uint16_t gwa_service_port = 0;  ///< 0: it offers no services
  std::uint16_t wake_up_port = 0;
  bool wake_up_tcp = false;
  std::uint16_t time_port = 0;            ///< of the administrator's time server; 0: the system's clock counts
  std::chrono::seconds period{5};         ///< registration period
  std::chrono::seconds billing{30};       ///< billing period of TAF 1
  std::chrono::seconds delivery{15};      ///< how much one TAF 7 series covers
  std::chrono::milliseconds window{900};  ///< least half width of the acceptance window; 2/5 of the period at most
  std::chrono::milliseconds retry{2000};
  crypto::curve curve = crypto::curve::brainpool_p256r1;
  std::string key_store = "soft:keys.sealed";  ///< of the gateway, as its profile has it
  std::shared_ptr<crypto::key_store> keys{};   ///< made there instead, and given to the gateway as a port
  timestamp now{};
};

/// What the world made, by path.
struct world {
  std::filesystem::path folder;
  [[nodiscard]] std::filesystem::path configuration() const { return folder / "config"; }
  [[nodiscard]] std::filesystem::path data() const { return folder / "data"; }
  [[nodiscard]] std::filesystem::path pki() const { return folder / "pki"; }
};

/// Makes PKI, keys and profiles: TAF 1 and TAF 7 for each meter, one market participant `stadtwerk`,
/// and on wish an administrator `gwa`.
[[nodiscard]] expected<world> make_world(const world_options& options);

}  // namespace smgw::sim
