// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/profile/profile_set.hpp"

#include "domain/profile/forms.hpp"
#include "domain/profile/parts.hpp"

#include <algorithm>

namespace smgw::profile {
namespace {

constexpr std::int64_t known_version = 1;
const std::vector<std::string_view> kinds{"gateway", "meter", "wan", "evaluation", "log", "han", "proxy", "time"};

template <class T, class Read>
T named(object_reader& in, Read read) {
  auto p = read(in);
  p.name = in.to().name();
  return p;
}

/// Reads the members that every profile has, then those of its kind.
class loading {
 public:
  void document(const std::string& name, const std::string& text) {
    report to{name, found};
    const auto tree = json::parse(text);
    if (!tree) return to.add({}, tree.error().what, "Repair the document");
    object_reader in{*tree, {}, to};
    if (tree->kind != json::kind::object) return;
    const auto kind = in.text("profile", presence::required, 64);
    if (in.integer("version", std::nullopt, known_version, known_version) != known_version) return;
    if (kind == "gateway") return gateway_document(in);
    if (kind == "meter") return set.meters.push_back(named<meter>(in, read_meter));
    if (kind == "wan") return set.wans.push_back(named<wan>(in, read_wan));
    if (kind == "evaluation") return set.evaluations.push_back(named<evaluation>(in, read_evaluation));
    if (kind == "log") return log_document(in);
    if (kind == "han") return set.hans.push_back(named<han>(in, read_han));
    if (kind == "proxy") return set.proxies.push_back(named<proxy>(in, read_proxy));
    if (kind == "time") return time_document(in);
    if (kind.empty()) return;
    const auto meant = forms::nearest(kind, kinds);
    in.add("profile", "no kind of profile: '" + kind + "'",
           meant.empty() ? "Use gateway, meter, wan, evaluation, log, han, proxy or time"
                         : "Did you mean '" + std::string(meant) + "'");
  }

  void once(std::string_view kind, const std::string& first, object_reader& in) {
    in.add("profile", first + " is the " + std::string(kind) + " profile", "Keep only one of them");
  }
  void gateway_document(object_reader& in) {
    if (!set.self.name.empty()) return once("gateway", set.self.name, in);
    set.self = named<gateway>(in, read_gateway);
  }
  void log_document(object_reader& in) {
    if (!set.log.name.empty()) return once("log", set.log.name, in);
    set.log = named<log>(in, read_log);
  }

  void time_document(object_reader& in) {
    if (set.time) return once("time", set.time->name, in);
    set.time = named<profile::time>(in, read_time);
  }

  profile_set set;
  problems found;
};

template <class T, class Member>
const T* find_by(const std::vector<T>& list, const Member& wanted, Member T::* member) noexcept {
  const auto found = std::ranges::find(list, wanted, member);
  return found == list.end() ? nullptr : &*found;
}

}  // namespace

loaded load(const std::map<std::string, std::string>& documents) {
  loading l;
  if (documents.size() > max_profiles) {
    l.found.push_back({.profile = {},
                       .pointer = {},
                       .reason = std::to_string(documents.size()) + " profiles are too many",
                       .fix = "Use at most " + std::to_string(max_profiles)});
    return {.set = {}, .found = std::move(l.found)};
  }
  for (const auto& [name, text] : documents) l.document(name, text);
  const bool has_gateway = !l.set.self.name.empty();
  if (!has_gateway)
    l.found.push_back({.profile = "gateway.json",
                       .pointer = {},
                       .reason = "there is no gateway profile",
                       .fix = "Add a document with \"profile\": \"gateway\""});
  // References are checked also when single members are wrong: who repairs wants to see everything.
  if (has_gateway) check_references(l.set, l.found);
  std::ranges::stable_sort(l.found, {}, &problem::profile);
  if (!l.found.empty()) return {.set = {}, .found = std::move(l.found)};
  return {.set = std::move(l.set), .found = {}};
}

const lmn_port* profile_set::find_port(std::string_view id) const noexcept {
  const auto found = std::ranges::find(self.lmn_ports, id, &lmn_port::id);
  return found == self.lmn_ports.end() ? nullptr : &*found;
}
const meter* profile_set::find_meter(const device_id& id) const noexcept { return find_by(meters, id, &meter::id); }
const wan* profile_set::find_wan(std::string_view id) const noexcept {
  const auto found = std::ranges::find(wans, id, &wan::id);
  return found == wans.end() ? nullptr : &*found;
}
const evaluation* profile_set::find_evaluation(std::string_view id) const noexcept {
  const auto found = std::ranges::find(evaluations, id, &evaluation::id);
  return found == evaluations.end() ? nullptr : &*found;
}
const han* profile_set::find_han(std::string_view id) const noexcept {
  const auto found = std::ranges::find(hans, id, &han::id);
  return found == hans.end() ? nullptr : &*found;
}
const proxy* profile_set::find_proxy(std::string_view local_server_name) const noexcept {
  const auto found = std::ranges::find(proxies, local_server_name, &proxy::local_server_name);
  return found == proxies.end() ? nullptr : &*found;
}
const wan* profile_set::administrator() const noexcept { return find_by(wans, wan_role::administrator, &wan::role); }

std::vector<const meter*> profile_set::meters_on(std::string_view port) const {
  std::vector<const meter*> out;
  for (const auto& m : meters)
    if (m.port == port) out.push_back(&m);
  return out;
}

std::vector<const evaluation*> profile_set::evaluations_of(const device_id& meter, const obis& r) const {
  std::vector<const evaluation*> out;
  for (const auto& e : evaluations)
    if (std::ranges::any_of(e.inputs, [&](const auto& in) { return in.meter == meter && in.register_name == r; }))
      out.push_back(&e);
  return out;
}

std::string endpoint::text() const {
  const bool six = host.find(':') != host.npos;
  return (six ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

bool endpoint::is_local() const noexcept {
  constexpr std::string_view end = ".local";
  return host.size() > end.size() && std::ranges::equal(std::string_view{host}.substr(host.size() - end.size()), end,
                                                        [](char a, char b) { return a == b || (a | 0x20) == b; });
}

}  // namespace smgw::profile
