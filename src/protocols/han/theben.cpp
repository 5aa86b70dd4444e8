// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/han/dialects.hpp"
#include "protocols/han/theben_parts.hpp"

namespace smgw::han {
namespace {

/// GET and POST alike: 307 keeps method and body.
http::response redirect(const party& p) {
  http::response out;
  out.status = 307;
  out.headers.add("Location", "/smgw/m2m/" + p.user + "/json");
  return out;
}

decision dispatch(const theben::request& asked, const party& p, timestamp now) {
  if (asked.method == "smgw-info") return theben::smgw_info();
  if (asked.method == "user-info") return theben::user_info(p);
  if (asked.method == "usage-point-info") return theben::usage_point_info(asked, p);
  if (asked.method == "log") return theben::log(asked, p, now);
  if (asked.method == "readings") return theben::readings(asked, p, now);
  if (asked.method == "self-test") return theben::self_test();
  return theben::refuse(400, "method: smgw-info, user-info, usage-point-info, log, readings or self-test");
}

}  // namespace

dialect_decision plan_theben(const http::request& r, const party& p, timestamp now) {
  if (!r.target.starts_with("/smgw/m2m")) return std::nullopt;
  const auto t = http::parse_target(r.target);
  if (!t || t->segments.size() < 2 || t->segments[1] != "m2m") return std::nullopt;
  if (p.who != http::role::consumer) return theben::refuse(403, "for consumers");
  const auto& s = t->segments;
  if (s.size() == 2) return std::unexpected{redirect(p)};
  if (s.size() != 4 || s[3] != "json") return theben::refuse(404, "no such resource");
  const auto user = without_suffix(s[2]);
  if (user != p.user && user != p.consumer) return std::unexpected{redirect(p)};
  if (r.verb != http::method::post) return theben::refuse(405, "POST a JSON object with a method");
  const auto asked = theben::read_request(r.body);
  if (!asked) return theben::refuse(400, asked.error().what);
  return dispatch(*asked, p, now);
}

}  // namespace smgw::han
