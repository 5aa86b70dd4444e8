// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/cosem/exposure.hpp"

#include <algorithm>

namespace smgw::cosem {
namespace {

bool has(std::uint8_t set, verb v) noexcept { return (set & static_cast<std::uint8_t>(v)) != 0; }

std::optional<verb> verb_of(http::method m) noexcept {
  switch (m) {
    case http::method::get: return verb::get;
    case http::method::put: return verb::put;
    case http::method::post: return verb::post;
    case http::method::del: return verb::del;
    case http::method::head: return std::nullopt;
  }
  return std::nullopt;
}

bool in_object(node k) noexcept { return k >= node::object && k <= node::method; }
bool has_device(node k) noexcept { return k >= node::device && k <= node::container; }
bool has_object(node k) noexcept { return in_object(k) || k == node::container || k == node::top_container; }

/// Does the row show this place? A row for a part shows the part only, never what holds it.
bool shows(const exposure_rule& r, const address& a) noexcept {
  if (r.device && (!has_device(a.kind) || *r.device != a.device)) return false;
  if (r.object && (!has_object(a.kind) || *r.object != a.object)) return false;
  if (r.attribute && (a.kind != node::attribute || *r.attribute != a.index)) return false;
  if (r.method && (a.kind != node::method || *r.method != a.index)) return false;
  return r.verbs != 0;
}

/// All that the rows for this place allow together.
std::uint8_t shown(const connection_view& view, const address& a) noexcept {
  std::uint8_t verbs = 0;
  for (const auto& r : view.rules)
    if (shows(r, a)) verbs = static_cast<std::uint8_t>(verbs | r.verbs);
  return verbs;
}

int status_of(const error& e) noexcept {
  if (e.code == errc::exhausted) return 414;
  return e.code == errc::unsupported ? 404 : 400;
}

/// The mandatory fields, each once (Anlage II 7.3). The parser has refused a missing length of PUT and POST.
int check_headers(const http::request& r, const connection_view& view) noexcept {
  if (r.headers.count("Host") != 1) return 400;
  if (!http::same_token(r.headers.get("Host"), view.host)) return 403;
  if (!r.body.empty() && r.headers.count("Content-Type") != 1) return 400;
  return 0;
}

expected<std::optional<correlation>> read_correlation(const http::fields& headers) {
  const auto* id = headers.find("x-CID");
  if (id == nullptr) return std::nullopt;
  auto parsed = parse_correlation_id(*id);
  if (!parsed || headers.count("x-CID") > 1 || headers.count("x-ContactURI") > 1)
    return fail(errc::malformed, "x-CID: uuid: and a UUID of version 4");
  return correlation{*std::move(parsed), std::string{headers.get("x-ContactURI")}};
}

}  // namespace

std::uint8_t permitted(node kind) noexcept {
  switch (kind) {
    case node::device:
    case node::object:
    case node::container:
    case node::top_container: return verb::get | verb::put | verb::del;
    case node::attribute: return verb::get | verb::put;
    case node::method: return static_cast<std::uint8_t>(verb::post);
    case node::root:
    case node::devices:
    case node::objects:
    case node::attributes:
    case node::methods:
    case node::containers:
    case node::top_containers: return static_cast<std::uint8_t>(verb::get);
  }
  return 0;
}

expected<std::string> parse_correlation_id(std::string_view text) {
  constexpr std::string_view scheme = "uuid:", form = "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx";
  const auto uuid = text.starts_with(scheme) ? text.substr(scheme.size()) : std::string_view{};
  constexpr std::string_view hex = "0123456789abcdefABCDEF", variant = "89abAB";
  const auto fits = [&](char c, char f) {
    return f == 'x' ? hex.contains(c) : f == 'y' ? variant.contains(c) : c == f;
  };
  if (uuid.size() != form.size() || !std::ranges::equal(uuid, form, fits))
    return fail(errc::malformed, "correlation id: uuid: and a UUID of version 4");
  return std::string{text};
}

std::expected<admitted, int> admit(const http::request& r, const connection_view& view) {
  const auto v = verb_of(r.verb);
  if (!v) return std::unexpected{501};
  if (const int status = check_headers(r, view); status != 0) return std::unexpected{status};
  auto where = parse_address(r.target, view.poc);
  if (!where) return std::unexpected{status_of(where.error())};
  const auto verbs = shown(view, *where);
  if (verbs == 0) return std::unexpected{404};
  if (!has(permitted(where->kind), *v) || !has(verbs, *v)) return std::unexpected{405};
  const bool management = where->kind == node::device && where->device == view.management_device;
  if (management && *v == verb::del) return std::unexpected{405};
  auto async = read_correlation(r.headers);
  if (!async) return std::unexpected{400};
  return admitted{*std::move(where), *std::move(async)};
}

}  // namespace smgw::cosem
