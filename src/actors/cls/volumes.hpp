// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// What was carried today outlives the process: a gateway that starts again does not forget a limit that was reached.

#include "actors/ask.hpp"
#include "actors/cls/routes.hpp"
#include "actors/interfaces/foundation.hpp"
#include "actors/interfaces/han.hpp"

namespace smgw::cls {

inline constexpr std::chrono::seconds volume_budget{30};

/// The days' volumes of those profiles that limit them, in the STORE.
class volumes {
 public:
  volumes(proxy_actor::pointer self, std::shared_ptr<route_book> book, store_actor store)
      : self_(self), book_(std::move(book)), store_(std::move(store)) {}
  /// Reads them all, then calls `done`; or quits the actor.
  void load(std::function<void()> done);
  /// The change since the last one, to go with a record; null: none.
  [[nodiscard]] std::shared_ptr<store::batch> change(const route& r);
  /// Writes what has changed; true: connections that may change it go on.
  [[nodiscard]] bool save(const std::function<void(const error&)>& failed);

 private:
  proxy_actor::pointer self_;
  std::shared_ptr<route_book> book_;
  store_actor store_;
  std::map<std::string, day_volume> kept_;
  std::size_t loading_ = 0;
};

}  // namespace smgw::cls
