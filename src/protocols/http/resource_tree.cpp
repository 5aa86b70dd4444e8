// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/http/resource_tree.hpp"

#include "base/octets.hpp"
#include "protocols/http/body_syntax.hpp"

#include <algorithm>
#include <array>

namespace smgw::http {
namespace {

constexpr std::string_view version = "v1";
constexpr std::array branch_names{std::string_view{"rts"}, std::string_view{"fas"}, std::string_view{"exp"}};

bool has(std::uint8_t set, auto bit) noexcept { return (set & static_cast<std::uint8_t>(bit)) != 0; }

std::optional<branch> branch_of(std::string_view name) noexcept {
  const auto found = std::ranges::find(branch_names, name);
  if (found == branch_names.end()) return std::nullopt;
  return static_cast<branch>(found - branch_names.begin());
}

std::string root_of(role who) { return "/smgw/" + std::string{to_string(who)} + "/" + std::string{version} + "/"; }
std::string path_of(role who, branch where) {
  return root_of(who) + std::string{branch_names[static_cast<std::size_t>(where)]} + "/";
}

response uri_list(const std::vector<std::string>& uris) {
  std::string text = "[";
  for (const auto& u : uris) text += (text.size() > 1 ? ",\"" : "\"") + u + "\"";
  text += "]";
  response out;
  out.headers.add("Content-Type", std::string{content_type(body_kind::json)});
  put(out.body, text);
  return out;
}

/// The operation a method means at a place; nothing if it means none there.
std::optional<operation> meaning(method verb, branch where, bool list, bool instance) {
  if (list) {
    if (verb == method::get) return operation::enumerate;
    if (verb == method::post && where == branch::rts) return operation::create;
    return std::nullopt;
  }
  if (where == branch::fas) return verb == method::post ? std::optional{operation::perform} : std::nullopt;
  if (!instance) return std::nullopt;
  if (where == branch::exp) return verb == method::get ? std::optional{operation::hand_out} : std::nullopt;
  if (verb == method::get) return operation::read;
  if (verb == method::put) return operation::update;
  if (verb == method::del) return operation::remove;
  return std::nullopt;
}

bool permits(const resource_rule& rule, operation what) noexcept {
  return what == operation::enumerate ? rule.operations != 0 : has(rule.operations, what);
}

/// Who may send a body: all but GET and DELETE.
bool carries_body(operation what) noexcept {
  return what == operation::update || what == operation::create || what == operation::perform;
}

std::expected<std::optional<body_kind>, response> check_body(const request& r, const resource_rule& rule,
                                                             operation what) {
  if (r.body.empty()) {
    if (what == operation::update || what == operation::create)
      return std::unexpected{refuse_with(422, "the request has no body")};
    return std::nullopt;
  }
  if (!carries_body(what)) return std::unexpected{refuse_with(400, "a body has no meaning here")};
  const auto* named = r.headers.find("Content-Type");
  const auto kind = named == nullptr ? expected<body_kind>{body_kind::json} : classify(*named);
  if (!kind || std::ranges::find(rule.takes, *kind) == rule.takes.end())
    return std::unexpected{refuse_with(415, "Content-Type not taken here")};
  if (const auto syntax = check_syntax(*kind, r.body); !syntax)
    return std::unexpected{refuse_with(422, syntax.error().what)};
  return *kind;
}

}  // namespace

/// Where a path points: `levels` says how many segments it has below the root of the role.
struct resource_tree::place {
  std::size_t levels = 0;
  branch where = branch::rts;
  std::string_view name;
  std::string_view id;
  bool list = false;
};

std::string_view to_string(role r) noexcept {
  switch (r) {
    case role::technician: return "srv";
    case role::cls: return "cls";
    case role::consumer: return "con";
  }
  return "";
}

resource_tree::resource_tree(std::vector<resource_rule> rules) : rules_(std::move(rules)) {}

const resource_rule* resource_tree::find(branch where, std::string_view name, role who) const noexcept {
  const auto found = std::ranges::find_if(rules_, [&](const resource_rule& r) {
    return r.where == where && r.name == name && has(r.roles, who) && r.operations != 0;
  });
  return found == rules_.end() ? nullptr : &*found;
}

response resource_tree::list_of(const place& at, role who) const {
  std::vector<std::string> uris;
  const auto any = [&](branch b) {
    return std::ranges::any_of(
        rules_, [&](const resource_rule& r) { return r.where == b && has(r.roles, who) && r.operations != 0; });
  };
  if (at.levels == 0) {
    for (const auto b : {branch::rts, branch::fas, branch::exp})
      if (any(b)) uris.push_back(path_of(who, b));
    return uri_list(uris);
  }
  for (const auto& r : rules_)
    if (r.where == at.where && has(r.roles, who) && r.operations != 0)
      uris.push_back(path_of(who, at.where) + encode_segment(r.name) + (at.where == branch::fas ? "" : "/"));
  return uri_list(uris);
}

std::expected<resource_call, response> resource_tree::admit(const request& r, const target& t, const place& at,
                                                            role who) const {
  const auto* rule = find(at.where, at.name, who);
  const bool instance = at.levels == 3;
  // An action has no list and no instances; an instance is no list.
  const bool known_shape = at.where == branch::fas ? !instance && !at.list : instance != at.list;
  if (rule == nullptr || !known_shape) return std::unexpected{refuse_with(404, "no such resource")};
  const auto what = meaning(r.verb, at.where, at.list, instance);
  if (!what || !permits(*rule, *what)) {
    std::string allow;
    for (const auto m : {method::get, method::put, method::post, method::del})
      if (const auto other = meaning(m, at.where, at.list, instance); other && permits(*rule, *other))
        allow += (allow.empty() ? "" : ", ") + std::string{to_string(m)};
    auto out = refuse_with(405, "method not permitted here");
    out.headers.add("Allow", std::move(allow));
    return std::unexpected{std::move(out)};
  }
  const bool filtered = *what == operation::hand_out || *what == operation::read;
  auto query = parse_filter(t, filtered ? rule->filters : std::uint8_t{0});
  if (!query) return std::unexpected{refuse_with(400, query.error().what)};
  constexpr std::array lists{body_kind::json};
  const auto form = negotiate(r.headers, *what == operation::enumerate ? std::span<const body_kind>{lists}
                                                                       : std::span<const body_kind>{rule->offers});
  if (!form) return std::unexpected{refuse_with(406, "not available in a form of Accept")};
  auto body = check_body(r, *rule, *what);
  if (!body) return std::unexpected{std::move(body).error()};
  return resource_call{*what, who, at.where, std::string{at.name}, std::string{at.id}, *std::move(query), *form, *body};
}

std::expected<resource_call, response> resource_tree::route(const request& r, role who) const {
  const auto t = parse_target(r.target);
  if (!t) return std::unexpected{refuse_with(400, t.error().what)};
  const auto& s = t->segments;
  const auto missing = [] { return std::unexpected{refuse_with(404, "no such resource")}; };
  if (s.empty() || s[0] != "smgw") return missing();
  const bool above = s.size() == 1;  // `/smgw/`
  if (!above) {
    // Another role's tree is closed as a whole: what it holds is not told.
    for (const auto other : {role::technician, role::cls, role::consumer})
      if (other != who && s[1] == to_string(other))
        return std::unexpected{refuse_with(403, "the tree of another role")};
    if (s[1] != to_string(who) || s.size() < 3 || s[2] != version) return missing();
  }
  place at;
  at.list = t->list;
  at.levels = above ? 0 : s.size() - 3;
  if (at.levels > 3) return missing();
  if (at.levels >= 1) {
    const auto b = branch_of(s[3]);
    if (!b) return missing();
    at.where = *b;
  }
  if (at.levels >= 2) {
    at.name = s[4];
    if (at.levels == 3) at.id = s[5];
    return admit(r, *t, at, who);
  }
  if (!at.list) return missing();
  if (r.verb != method::get) {
    auto out = refuse_with(405, "lists are read with GET");
    out.headers.add("Allow", "GET");
    return std::unexpected{std::move(out)};
  }
  if (!t->query.empty()) return std::unexpected{refuse_with(400, "a list takes no query parameters")};
  if (!negotiate(r.headers, std::array{body_kind::json}))
    return std::unexpected{refuse_with(406, "not available in a form of Accept")};
  return std::unexpected{above ? uri_list({root_of(who)}) : list_of(at, who)};
}

response answer(const resource_call& call, outcome<resource_result> result) {
  if (!result) return refuse_with(result.error().status, result.error().why.what);
  if (call.what == operation::enumerate) {
    std::vector<std::string> uris;
    for (const auto& id : result->ids)
      uris.push_back(path_of(call.who, call.where) + encode_segment(call.name) + "/" + encode_segment(id));
    return uri_list(uris);
  }
  response out;
  const bool reads = call.what == operation::read || call.what == operation::hand_out;
  out.status = result->later ? 202 : call.what == operation::create ? 201 : reads || !result->body.empty() ? 200 : 204;
  if (!result->body.empty()) out.headers.add("Content-Type", std::string{content_type(call.answer_as)});
  out.body = std::move(result->body);
  return out;
}

int status_of(errc code) noexcept {
  switch (code) {
    case errc::malformed:
    case errc::truncated: return 422;
    case errc::unsupported: return 415;
    case errc::denied:
    case errc::untrusted: return 403;
    case errc::unavailable: return 503;
    case errc::conflict: return 409;
    case errc::exhausted: return 413;
    case errc::expired: return 408;
    case errc::internal: return 500;
  }
  return 500;
}

response refuse_with(int status, std::string_view why) {
  response out;
  out.status = status;
  out.headers.add("Content-Type", std::string{content_type(body_kind::json)});
  put(out.body, error_text(why));
  return out;
}

}  // namespace smgw::http
