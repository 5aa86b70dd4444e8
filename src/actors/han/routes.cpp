// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/han/routes.hpp"

#include "protocols/han/api.hpp"
#include "protocols/han/dialects.hpp"
#include "protocols/han/text.hpp"
#include "protocols/http/range.hpp"
#include "web/files.hpp"

namespace smgw::han {

namespace {

constexpr bool documents_offered = true;

using dialect_plan = dialect_decision (*)(const http::request&, const party&, timestamp);
constexpr std::pair<profile::dialect, dialect_plan> dialect_plans[] = {{profile::dialect::theben, plan_theben},
                                                                       {profile::dialect::emh, plan_emh},
                                                                       {profile::dialect::trudi, plan_trudi},
                                                                       {profile::dialect::ppc, plan_ppc}};

/// RFC 9110, 12.5.3, as far as it matters: is gzip refused?
bool refuses_gzip(const http::fields& headers) {
  const auto* accept = headers.find("Accept-Encoding");
  if (accept == nullptr) return false;
  std::string text;
  for (const char c : *accept)
    if (c != ' ') text += static_cast<char>(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
  if (text.contains("gzip;q=0") && !text.contains("gzip;q=0.")) return true;
  return !text.contains("gzip") && !text.contains('*');
}

}  // namespace

http::response page_file(const http::request& r) {
  const auto path = std::string_view{r.target}.substr(0, r.target.find('?'));
  const auto* file = web::find(path);
  if (file == nullptr) return http::refuse_with(404, "no such resource");
  if (r.verb != http::method::get && r.verb != http::method::head) return http::refuse_with(405, "GET");
  if (refuses_gzip(r.headers)) return http::refuse_with(406, "there is only a gzip form");
  auto out = http::answer_file(r, {bytes_view{file->gzip}, file->content_type, file->etag}, "smgw-page-part");
  out.headers.add("Content-Encoding", "gzip");
  for (const auto& h : web::headers()) out.headers.add(std::string{h.name}, std::string{h.value});
  return out;
}

routes::routes(std::set<profile::dialect> dialects, std::string version)
    : rules_(api_rules(documents_offered)),
      tree_(rules_),
      dialects_(std::move(dialects)),
      version_(std::move(version)) {}

decision routes::plan_for(const http::request& r, const party& p, timestamp now) const {
  for (const auto& [which, plan_it] : dialect_plans)
    if (dialects_.contains(which))
      if (auto decided = plan_it(r, p, now)) return *std::move(decided);
  if (r.target == description_path) {
    if (r.verb != http::method::get) return std::unexpected{http::refuse_with(405, "GET")};
    return std::unexpected{json_answer(describe_api(rules_, p.who, version_))};
  }
  if (r.target.starts_with("/smgw")) {
    const auto call = tree_.route(r, p.who);
    if (!call) return std::unexpected{call.error()};
    return plan_api(*call, p, now);
  }
  if (p.who != http::role::consumer) return std::unexpected{http::refuse_with(404, "no such resource")};
  return std::unexpected{page_file(r)};
}

}  // namespace smgw::han
