// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// What proxy profiles allow: who reaches whom, when, and how much.

#include "actors/messages/han.hpp"
#include "crypto/tls.hpp"
#include "domain/calendar/legal_time.hpp"
#include "domain/profile/proxy.hpp"
#include "protocols/socks/request.hpp"

#include <map>
#include <mutex>

namespace smgw::cls {

/// A proxy profile, ready for use.
struct route {
  profile::proxy rule;
  certificate_print cls{};  ///< which controllable system
  crypto::tls_config wan;   ///< towards the market participant
  crypto::tls_config han;   ///< towards the controllable system, where the gateway calls it
};

/// The octets of one day of legal time.
struct day_volume {
  std::chrono::local_days day{};
  std::uint64_t octets = 0;
  friend bool operator==(const day_volume&, const day_volume&) = default;
};

/// All routes, and what each carries now and has carried today. Thread-safe.
class route_book {
 public:
  route_book(std::vector<route> all, calendar::legal_time zone) : routes_(std::move(all)), zone_(zone) {}
  /// The route for what a controllable system asks; null where no profile permits it (REQ.TA.SOCKSTLS.Connect.80).
  [[nodiscard]] const route* find(const certificate_print& cls, const socks::connect_request& asked) const;
  [[nodiscard]] const route* find(std::string_view profile) const;
  [[nodiscard]] const std::vector<route>& all() const noexcept { return routes_; }

  /// Whether the profile lets a connection begin now. conflict: not at this time, or no more today.
  [[nodiscard]] expected<void> admits(const route& r, timestamp now) const;
  /// Takes a place of the profile; until when it may be kept. Refusals as `admits`; exhausted: all are taken.
  [[nodiscard]] expected<timestamp> enter(const route& r, timestamp now);
  void leave(const route& r);
  [[nodiscard]] unsigned inside(const route& r) const;
  /// So many of `wanted` octets still fit into the day; they are counted.
  [[nodiscard]] std::uint64_t grant(const route& r, std::uint64_t wanted, timestamp now);
  /// The next moment after `now` at which `admits` may say something else; timestamp::max(): none.
  [[nodiscard]] timestamp next_change(const route& r, timestamp now) const;

  [[nodiscard]] day_volume carried(const route& r) const;
  /// What was carried before the process began.
  void restore(const route& r, const day_volume& before);

 private:
  struct account {
    unsigned inside = 0;
    day_volume carried;
  };
  [[nodiscard]] bool used_up(const route& r, timestamp now) const;
  [[nodiscard]] expected<void> check(const route& r, timestamp now) const;

  std::vector<route> routes_;
  mutable std::mutex guard_;
  calendar::legal_time zone_;  ///< remembers an offset: under the guard, too
  std::map<std::string, account> accounts_;
};

/// What the store keeps of a day's volume. malformed: it is something else.
[[nodiscard]] bytes encode(const day_volume& v);
[[nodiscard]] expected<day_volume> decode_day_volume(bytes_view in);

}  // namespace smgw::cls
