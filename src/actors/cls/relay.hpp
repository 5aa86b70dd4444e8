// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// A proxied connection from its beginning to its end, on a thread of its own: two TLS sessions that know nothing of
/// each other, and octets between them that the gateway does not look into (detail specification 11).

#include "actors/cls/leg.hpp"
#include "actors/messages/han.hpp"
#include "domain/profile/proxy.hpp"

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <stop_token>

namespace smgw::cls {

inline constexpr std::chrono::seconds request_budget{20};  ///< handshake and CONNECT of the controllable system
inline constexpr std::chrono::seconds connect_budget{10};  ///< to the market participant, with its handshake
inline constexpr std::chrono::seconds refusal_grace{10};   ///< REQ.TA.SOCKSTLS.Connect.70
inline constexpr std::chrono::seconds closing_grace{5};    ///< REQ.TA.SOCKSTLS.ClosingHandshake.20

/// What a proxy profile allows, ready for use.
struct route {
  profile::proxy rule;
  certificate_print cls{};  ///< which controllable system
  crypto::tls_config wan;   ///< towards the market participant
  crypto::tls_config han;   ///< towards the controllable system, where the gateway calls it
};

/// All routes, and how many connections each has now. Thread-safe.
class route_book {
 public:
  explicit route_book(std::vector<route> all) : routes_(std::move(all)) {}
  /// The route for what a controllable system asks; null where no profile permits it (REQ.TA.SOCKSTLS.Connect.80).
  [[nodiscard]] const route* find(const certificate_print& cls, const socks::connect_request& asked) const;
  [[nodiscard]] const route* find(std::string_view profile) const;
  [[nodiscard]] const std::vector<route>& all() const noexcept { return routes_; }
  /// Takes a place of the profile; false: all are taken.
  [[nodiscard]] bool enter(const route& r);
  void leave(const route& r);
  [[nodiscard]] unsigned inside(const route& r) const;

 private:
  std::vector<route> routes_;
  mutable std::mutex guard_;
  std::map<std::string, unsigned> inside_;
};

/// What became of a connection; also told when it begins to carry data.
struct relay_report {
  std::string profile;  ///< empty: it did not come so far
  std::string source;
  std::string destination;
  socks::reply_code code = socks::reply_code::connected;
  bool opened = false;  ///< it carries data from now on
  std::string why;
  std::uint64_t to_market = 0, to_system = 0;  ///< octets
};

struct relay_world {
  std::shared_ptr<route_book> book;
  crypto::tls_config door;  ///< TLS server towards controllable systems
  std::function<timestamp()> now;
  std::function<void(const relay_report&)> report;  ///< called on the relay's thread
};

/// Serves a controllable system that has called, until the end. `stop` ends it soon.
void serve(const relay_world& world, io::descriptor stream, const std::string& source, const std::stop_token& stop);
/// Calls controllable system and market participant and carries data between them (REQ.TA.TLS.OpenHanSessionAsClient).
void connect_both(const relay_world& world, const route& r, const std::stop_token& stop);

}  // namespace smgw::cls
