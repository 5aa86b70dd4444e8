// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// What the parts of the management desk share: one file per kind of request.

#include "actors/ask.hpp"
#include "actors/metering/meter.hpp"
#include "actors/wan/management_request.hpp"
#include "actors/wan/market.hpp"

namespace smgw {

struct management_desk::job {
  profile::wan peer;
  http::request request;
  cosem::admitted where;
  std::shared_ptr<const tree_parts> now;
  std::string body;
  reply done;
  std::string contact;    ///< path of the later answer
  bool answered = false;  ///< 202 has gone out
};

namespace desk {

inline constexpr std::chrono::seconds record_budget{30};
inline constexpr std::chrono::seconds status_budget{10};
inline constexpr std::chrono::minutes test_budget{10};

/// What an error is as a status code of HTTP.
[[nodiscard]] int status_of(const error& e);
/// The body of a refusal: a response of a method, with the reason.
[[nodiscard]] std::string report_of(const error& why);

}  // namespace desk
}  // namespace smgw
