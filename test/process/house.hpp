// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/io/streams.hpp"
#include "emt.hpp"
#include "gwa.hpp"
#include "meter.hpp"
#include "process.hpp"
#include "time_server.hpp"
#include "world.hpp"

#include <nlohmann/json.hpp>

namespace smgw::test {

using namespace std::chrono_literals;

/// A TCP port of this machine that is kept for us while nobody listens on it: who connects is refused.
class reserved_port {
 public:
  reserved_port();
  [[nodiscard]] std::uint16_t number() const noexcept { return number_; }
  /// From now on who connects hears nothing at all, as behind a firewall that drops: a full queue that nobody accepts.
  void go_deaf();

 private:
  io::descriptor held_;
  std::vector<io::descriptor> queued_;
  std::uint16_t number_ = 0;
};

struct house_options {
  std::size_t meters = 1;
  device_id first_meter{};                  ///< empty: 1SMG0000000001
  std::chrono::milliseconds interval{100};  ///< between telegrams
  std::chrono::seconds period{1};           ///< registration period
  std::chrono::milliseconds window{250};    ///< half width
  std::chrono::seconds delivery{2};         ///< of TAF 7
  std::chrono::seconds billing{4};          ///< of TAF 1
  std::chrono::milliseconds retry{200};     ///< first pause after a failed delivery
  crypto::curve curve = crypto::curve::brainpool_p256r1;
  std::string key_store = "soft:keys.sealed";
  bool administrator = false;  ///< there is one, and a wake-up port
  bool wake_up_tcp = false;
  bool time = false;  ///< the administrator's time server keeps the gateway's clock
};

/// A delivery as the market participant got it.
struct arrival {
  timestamp at;
  sim::received_delivery what;
  [[nodiscard]] const std::string& source() const { return what.content.source; }  ///< `taf7-1.sm`
};

/// Meters, a market participant and the configuration of a gateway, in a folder that is removed at the end.
class house {
 public:
  explicit house(const house_options& options = {});
  ~house();
  house(const house&) = delete;
  house& operator=(const house&) = delete;

  void start_meter(std::size_t i, sim::meter_options changes = {});
  void stop_meter(std::size_t i);
  [[nodiscard]] device_id meter_id(std::size_t i) const;

  /// The market participant opens; `folder`: whose keys it has, of `pki()`.
  void open_market(const sim::emt_faults& faults = {});
  /// Somebody else answers on the market participant's port, with a certificate of another PKI.
  void open_impostor();
  void close_market();
  /// Connections to the market participant, or to a meter, get no answer.
  void deafen_market();
  void deafen_meter(std::size_t i);
  [[nodiscard]] sim::emt_counts market() const;
  [[nodiscard]] std::vector<arrival> arrivals() const;
  /// What arrived from `source`, each document once, in the order of its first arrival.
  [[nodiscard]] std::vector<arrival> documents(std::string_view source) const;

  /// How the administrator's next connections go wrong, and those of its time server; to be set before they open.
  std::vector<sim::line_fault> administrator_faults{}, time_faults{};
  /// The gateway's certificates that the administrator knows; empty: the first ones.
  std::filesystem::path gateway_certificates{};
  /// The administrator comes up, and has this gateway; it stays until the house goes.
  sim::managed_gateway& open_administrator(std::map<std::string, bytes> files = {});
  [[nodiscard]] sim::gwa& administrator() { return *administrator_; }
  /// The administrator's time server comes up, wrong by so much.
  sim::time_server& open_time(std::chrono::milliseconds wrong_by, bool synchronised = true);
  [[nodiscard]] std::uint16_t wake_up_port() const { return wake_up_port_.number(); }

  [[nodiscard]] const sim::world& world() const { return world_; }
  [[nodiscard]] std::filesystem::path configuration() const { return world_.configuration(); }
  [[nodiscard]] std::filesystem::path data() const { return world_.data(); }
  /// Answer of the running gateway; an empty object if it gives none.
  [[nodiscard]] nlohmann::json status() const;
  /// A number of the status: `number("outbox", "waiting")`; -1: there is none.
  [[nodiscard]] std::int64_t number(const std::string& who, const std::string& field) const;

 private:
  void open_as(const std::filesystem::path& party, const sim::emt_faults& faults);

  house_options options_;
  sim::world world_;
  std::vector<reserved_port> meter_ports_;
  reserved_port market_port_, administrator_port_, service_port_, wake_up_port_, time_port_;
  std::unique_ptr<sim::time_server> time_;
  std::unique_ptr<sim::gwa> administrator_;
  std::vector<std::unique_ptr<sim::meter>> meters_;
  mutable std::mutex guard_;
  std::vector<arrival> arrivals_;
  std::unique_ptr<sim::emt> market_;
};

/// SIGTERM; fails the test if the gateway does not end with 0 within 5 s.
void stop(process& gateway);

}  // namespace smgw::test
