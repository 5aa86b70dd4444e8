// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/profile/parts.hpp"

#include <algorithm>
#include <map>

namespace smgw::profile {
namespace {

std::string pointer(std::string_view list, std::size_t i, std::string_view member) {
  return "/" + std::string(list) + "/" + std::to_string(i) + "/" + std::string(member);
}

/// Tells the second and further owners of one key.
template <class T, class Key>
void check_unique(const std::vector<T>& list, Key key, std::string_view member, std::string_view what, problems& out) {
  std::map<std::string, std::string> first;
  for (const auto& item : list) {
    const std::string k{key(item)};
    if (k.empty()) continue;
    const auto [owner, fresh] = first.try_emplace(k, item.name);
    if (!fresh)
      report{item.name, out}.add("/" + std::string(member), owner->second + " has the same " + std::string(what),
                                 "Use another one, or remove one of the profiles");
  }
}

void check_ports(const profile_set& set, problems& out) {
  report to{set.self.name, out};
  const auto& ports = set.self.lmn_ports;
  for (std::size_t i = 0; i < ports.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      if (!ports[i].id.empty() && ports[i].id == ports[j].id)
        to.add(pointer("lmn_ports", i, "id"), "two ports have this id", "Name them differently");
      if (!ports[i].serial.empty() && ports[i].serial == ports[j].serial)
        to.add(pointer("lmn_ports", i, "serial"), "two ports have this device", "Remove one of them");
      if (!ports[i].pipe.empty() && ports[i].pipe == ports[j].pipe)
        to.add(pointer("lmn_ports", i, "pipe"), "two ports have this pipe", "Remove one of them");
      if (ports[i].tcp && ports[i].tcp == ports[j].tcp)
        to.add(pointer("lmn_ports", i, "tcp"), "two ports have this address", "Remove one of them");
    }
}

/// What the protocol of a port needs from its meters' profiles.
void check_link(const profile_set& set, const meter& m, const lmn_port& port, report& to) {
  const auto only = [&] { return std::ranges::count(set.meters, m.port, &meter::port) == 1; };
  const bool pushes = port.protocol == lmn_protocol::d0 && port.poll.count() == 0;
  if (pushes && !only())
    to.add("/port", "readouts that are pushed do not say whose they are: one meter a port", "Use another port");
  if (port.protocol == lmn_protocol::mbus) {
    const bool number =
        m.address.size() <= 3 && std::ranges::all_of(m.address, [](char c) { return c >= '0' && c <= '9'; });
    if (!number || (!m.address.empty() && std::stoi(m.address) > 250))
      to.add("/address", "not a primary address of a wired M-Bus",
             "Write \"0\" to \"250\", or leave it out: the meter is selected by its id");
  }
  if (port.protocol == lmn_protocol::hdlc && m.tls_certificate.empty() && m.key.empty())
    to.add("/tls_certificate", "a meter on a wired bus is known by its certificate, or paired with its key",
           "Name the file, or write the maker's 'key'");
  if (port.protocol == lmn_protocol::dlms && m.security == protection::authenticated && m.authentication_key.empty())
    to.add("/authentication_key", "no key to verify the meter's pushes with",
           "Add it, or write \"security\": \"any\" if the meter does not authenticate");
  if (port.protocol == lmn_protocol::wmbus && m.security == protection::authenticated && m.key.empty())
    to.add("/key", "no key to verify the meter's telegrams with",
           "Add it, or write \"security\": \"any\" if the meter does not authenticate");
}

void check_meter(const profile_set& set, const meter& m, problems& out) {
  report to{m.name, out};
  if (m.port.empty()) return;
  const auto* port = set.find_port(m.port);
  if (port == nullptr) {
    to.add("/port", "the gateway has no LMN port '" + m.port + "'", "Use an id of its 'lmn_ports'");
    return;
  }
  const bool radio = port->protocol == lmn_protocol::wmbus;
  // Wired M-Bus has the status octet of the wireless one.
  const bool wireless = m.medium == status::meter_kind::wireless;
  if (radio ? !wireless : wireless && port->protocol != lmn_protocol::mbus)
    to.add("/medium",
           radio ? "meters of a wM-Bus receiver are wireless" : "wireless meters come through a wM-Bus receiver",
           radio ? "Write \"wireless\"" : "Use a port with protocol wmbus, or another medium");
  check_link(set, m, *port, to);
}

/// Two evaluations of one use case for the same usage point and register in the same time count twice.
bool overlap(const evaluation& a, const evaluation& b) {
  const auto ends = [](const evaluation& e) { return e.valid_until.value_or(timestamp::max()); };
  return a.taf == b.taf && a.usage_point == b.usage_point && a.register_name == b.register_name &&
         a.inputs == b.inputs && a.source == b.source && a.valid_from < ends(b) && b.valid_from < ends(a);
}

void resolve_source(profile_set& set, evaluation& e, report& to) {
  if (e.taf != 13 || e.source.empty()) return;
  const auto* source = set.find_evaluation(e.source);
  if (source == nullptr || source->taf == 13) {
    to.add("/source", source == nullptr ? "no evaluation '" + e.source + "'" : "the source is itself a TAF 13",
           "Use the id of an evaluation with TAF 1 to 12");
    return;
  }
  if (source->consumer != e.consumer)
    to.add("/source", "the source belongs to another consumer", "Show a consumer only own values");
  auto shown = *source;
  shown.name = e.name;
  shown.id = e.id;
  shown.taf = 13;
  shown.shown = source->taf;
  shown.source = e.source;
  shown.valid_from = e.valid_from;
  shown.valid_until = e.valid_until;
  shown.recipients = e.recipients;
  shown.usage_point = e.usage_point;
  shown.tariff = e.tariff;
  e = std::move(shown);
}

}  // namespace

void check_evaluation(const profile_set& set, const evaluation& e, report& to) {
  std::optional<unit> common;
  for (std::size_t i = 0; i < e.inputs.size(); ++i) {
    const auto& in = e.inputs[i];
    const auto* m = set.find_meter(in.meter);
    if (m == nullptr) {
      to.add(pointer("inputs", i, "meter"), "no meter profile for " + std::string(in.meter.text()),
             "Add the profile, or use the id of another meter");
      continue;
    }
    const auto* r = m->find(in.register_name);
    if (r == nullptr) {
      to.add(pointer("inputs", i, "obis"), m->name + " has no register " + in.register_name.text(),
             "Use one of its 'registers'");
      continue;
    }
    if (e.period % m->period != std::chrono::seconds{0})
      to.add("/registration_period_s", "not a multiple of the period of " + m->name,
             "Use a multiple of " + std::to_string(m->period.count()));
    // Values of different units have no sum; only series hand each register over on its own.
    const bool sums = e.taf <= 5 || e.taf == 8 || e.taf == 12;
    if (sums && common && *common != r->measured)
      to.add(pointer("inputs", i, "obis"), "measured in another unit than the inputs before",
             "Sum registers of one unit");
    common = common.value_or(r->measured);
  }
  for (std::size_t i = 0; i < e.recipients.size(); ++i)
    if (const auto& id = e.recipients[i].wan; !id.empty() && set.find_wan(id) == nullptr)
      to.add(pointer("recipients", i, "wan"), "no WAN profile '" + id + "'",
             "Add the profile, or use the id of another one");
  if (e.taf == 1 && e.billing.days != 0)
    to.add("/billing_period", "TAF 1 bills by months", R"(Write {"months": 1} or more)");
  const auto grid = [&](std::string_view name, const calendar::span& s) {
    if (s.seconds % e.period != std::chrono::seconds{0})
      to.add("/" + std::string(name), "not a multiple of the registration period",
             "Use a multiple of " + std::to_string(e.period.count()) + " s");
  };
  grid("billing_period", e.billing);
  grid("delivery_period", e.delivery);
}

void check_references(profile_set& set, problems& out) {
  check_unique(
      set.meters, [](const meter& m) { return m.id.empty() ? std::string_view{} : m.id.text(); }, "device_id",
      "device id", out);
  check_unique(set.wans, [](const wan& w) -> std::string_view { return w.id; }, "id", "id", out);
  check_unique(set.evaluations, [](const evaluation& e) -> std::string_view { return e.id; }, "id", "id", out);
  check_unique(set.hans, [](const han& h) -> std::string_view { return h.id; }, "id", "id", out);
  check_unique(set.hans, [](const han& h) -> std::string_view { return h.user; }, "user", "user", out);
  check_unique(set.proxies, [](const proxy& p) -> std::string_view { return p.id; }, "id", "id", out);
  check_unique(
      set.proxies, [](const proxy& p) -> std::string_view { return p.local_server_name; }, "local_server_name",
      "local server name", out);
  for (const auto& p : set.proxies)
    if ((!p.cls_service.empty() || (p.cls_address && p.cls_address->is_local())) &&
        !(set.self.home && set.self.home->mdns))
      report{p.name, out}.add(p.cls_service.empty() ? "/cls_address" : "/cls_service",
                              "a name of the home network, where this gateway does not look names up",
                              "Set 'han' with 'mdns' in the gateway's profile, or write an address");
  for (const auto& h : set.hans)
    if (!h.consumer.empty() &&
        std::ranges::find(set.evaluations, h.consumer, &evaluation::consumer) == set.evaluations.end())
      report{h.name, out}.add("/consumer", "no evaluation belongs to '" + h.consumer + "'",
                              "Use the consumer of an evaluation");
  const wan* administrator = nullptr;
  for (const auto& w : set.wans) {
    if (w.role != wan_role::administrator) continue;
    if (administrator != nullptr)
      report{w.name, out}.add("/role", administrator->name + " is the administrator", "Name exactly one");
    else
      administrator = &w;
  }
  for (const auto& w : set.wans)
    if (w.through_administrator && (administrator == nullptr || !administrator->service))
      report{w.name, out}.add("/through_administrator", "no administrator offers a 'service' address",
                              "Add it to the administrator's profile");
  check_ports(set, out);
  for (const auto& m : set.meters) check_meter(set, m, out);
  for (auto& e : set.evaluations) {
    report to{e.name, out};
    resolve_source(set, e, to);
    check_evaluation(set, e, to);
  }
  for (std::size_t i = 0; i < set.evaluations.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (overlap(set.evaluations[i], set.evaluations[j]))
        report{set.evaluations[i].name, out}.add(
            "/valid_from", set.evaluations[j].name + " evaluates the same registers in the same time",
            "End the validity of one before the other begins");
}

}  // namespace smgw::profile
