// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/profile/profile_set.hpp"

#include <algorithm>

namespace smgw::profile {
namespace {

void note(std::vector<std::string>& consumers, const std::string& c) {
  if (!c.empty() && std::ranges::find(consumers, c) == consumers.end()) consumers.push_back(c);
}

std::vector<std::string> consumers_of(const profile_set& old, const profile_set& fresh, const auto& concerns) {
  std::vector<std::string> out;
  for (const auto* set : {&old, &fresh})
    for (const auto& e : set->evaluations)
      if (concerns(e)) note(out, e.consumer);
  return out;
}

/// Compares two lists by id; `describe` fills in consumers and whether billing is concerned.
template <class T>
void compare(const std::vector<T>& old, const std::vector<T>& fresh, profile_kind kind, const auto& id_of,
             const auto& describe, std::vector<change>& out) {
  const auto find = [&](const std::vector<T>& list, const T& like) -> const T* {
    const auto found = std::ranges::find_if(list, [&](const T& x) { return id_of(x) == id_of(like); });
    return found == list.end() ? nullptr : &*found;
  };
  const auto add = [&](change_kind what, const T& item) {
    change c{.what = what, .kind = kind, .id = std::string(id_of(item)), .consumers = {}, .billing = false};
    describe(item, c);
    out.push_back(std::move(c));
  };
  for (const auto& item : old)
    if (find(fresh, item) == nullptr) add(change_kind::deleted, item);
  for (const auto& item : fresh) {
    const auto* before = find(old, item);
    if (before == nullptr) {
      add(change_kind::created, item);
      continue;
    }
    // The name of the file is not part of what a profile says.
    auto same = *before;
    same.name = item.name;
    if (!(same == item)) add(change_kind::updated, item);
  }
}

}  // namespace

std::string_view to_string(profile_kind k) noexcept {
  switch (k) {
    case profile_kind::gateway: return "gateway";
    case profile_kind::meter: return "meter";
    case profile_kind::wan: return "wan";
    case profile_kind::evaluation: return "evaluation";
    case profile_kind::log: return "log";
    case profile_kind::han: return "han";
    case profile_kind::proxy: return "proxy";
    case profile_kind::time: return "time";
  }
  return "unknown";
}

std::vector<change> diff(const profile_set& old, const profile_set& fresh) {
  std::vector<change> out;
  auto self = old.self;
  self.name = fresh.self.name;
  if (!(self == fresh.self))
    out.push_back({.what = change_kind::updated,
                   .kind = profile_kind::gateway,
                   .id = std::string(fresh.self.id.text()),
                   .consumers = {},
                   .billing = true});
  auto logs = old.log;
  logs.name = fresh.log.name;
  if (!(logs == fresh.log))
    out.push_back(
        {.what = change_kind::updated, .kind = profile_kind::log, .id = "log", .consumers = {}, .billing = true});
  const auto times = [](const profile_set& s) { return s.time ? std::vector{*s.time} : std::vector<profile::time>{}; };
  compare(
      times(old), times(fresh), profile_kind::time, [](const profile::time&) -> std::string_view { return "time"; },
      [](const profile::time&, change& c) { c.billing = true; }, out);
  compare(
      old.meters, fresh.meters, profile_kind::meter, [](const meter& m) { return m.id.text(); },
      [&](const meter& m, change& c) {
        c.billing = true;
        c.consumers = consumers_of(old, fresh, [&](const evaluation& e) {
          return std::ranges::any_of(e.inputs, [&](const auto& in) { return in.meter == m.id; });
        });
      },
      out);
  compare(
      old.wans, fresh.wans, profile_kind::wan, [](const wan& w) -> std::string_view { return w.id; },
      [&](const wan& w, change& c) {
        c.consumers = consumers_of(old, fresh, [&](const evaluation& e) {
          return std::ranges::any_of(e.recipients, [&](const auto& r) { return r.wan == w.id; });
        });
      },
      out);
  compare(
      old.evaluations, fresh.evaluations, profile_kind::evaluation,
      [](const evaluation& e) -> std::string_view { return e.id; },
      [&](const evaluation& e, change& c) {
        // TAF 9, 10 and 14 give values that are not for billing.
        c.billing = e.taf != 9 && e.taf != 10 && e.taf != 14;
        c.consumers = consumers_of(old, fresh, [&](const evaluation& other) { return other.id == e.id; });
      },
      out);
  compare(
      old.hans, fresh.hans, profile_kind::han, [](const han& h) -> std::string_view { return h.id; },
      [](const han& h, change& c) { note(c.consumers, h.consumer); }, out);
  compare(
      old.proxies, fresh.proxies, profile_kind::proxy, [](const proxy& p) -> std::string_view { return p.id; },
      [](const proxy&, change&) {}, out);
  return out;
}

}  // namespace smgw::profile
