// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "domain/profile/home_network.hpp"
#include "protocols/han/model.hpp"

#include <set>

namespace smgw::han {

/// Where the interface is described for programs (ours).
inline constexpr std::string_view description_path = "/smgw/openapi.json";

/// From a request to a plan: the interface of the guideline, the dialects that are switched on, the consumer's page.
class routes {
 public:
  routes(std::set<profile::dialect> dialects, std::string version);
  [[nodiscard]] decision plan_for(const http::request& r, const party& p, timestamp now) const;

 private:
  std::vector<http::resource_rule> rules_;
  http::resource_tree tree_;
  std::set<profile::dialect> dialects_;
  std::string version_;
};

/// A file of the page: 200, 304 or 404; 406 for who refuses gzip.
[[nodiscard]] http::response page_file(const http::request& r);

}  // namespace smgw::han
