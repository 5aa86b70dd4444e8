// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/profile/forms.hpp"
#include "domain/profile/parts.hpp"

#include <algorithm>

namespace smgw::profile {
namespace {

using std::chrono::seconds;

constexpr std::pair<std::string_view, proxy_direction> directions[] = {
    {"cls", proxy_direction::cls},
    {"market_participant", proxy_direction::market_participant},
    {"gateway", proxy_direction::gateway}};
constexpr std::array<std::string_view, 7> week{"monday", "tuesday",  "wednesday", "thursday",
                                               "friday", "saturday", "sunday"};

constexpr std::int64_t two_days = 172'800;
constexpr std::int64_t most_octets = std::int64_t{1} << 40;  ///< 1 TiB (ours)
constexpr std::size_t max_windows = 32;                      ///< of one schedule (ours)

/// What a controllable system may ask for: 1..63 of `[a-z0-9.-]` (detail specification 11).
bool is_server_name(std::string_view t) {
  return t.size() <= 63 && forms::is_host(t) && std::ranges::none_of(t, [](char c) { return c >= 'A' && c <= 'Z'; });
}

void read_days(object_reader& in, schedule::window& w) {
  in.each("days", presence::required, week.size(), [&](const json::value& v, const std::string& at) {
    const auto day = std::ranges::find(week, std::string_view{v.text});
    if (v.kind != json::kind::text || day == week.end())
      in.to().add(at, "not a day of the week", "Write monday, tuesday, ...");
    else
      w.days.set(static_cast<std::size_t>(day - week.begin()));
  });
}

schedule::weekly read_schedule(object_reader& in) {
  schedule::weekly s;
  in.each("schedule", presence::optional, max_windows, [&](const json::value& v, const std::string& at) {
    object_reader r{v, at, in.to()};
    schedule::window w;
    const auto time = [&](std::string_view name) {
      const auto t = r.parsed<seconds>(name, presence::required, forms::read_time_of_day, "a time of day like 06:00");
      return t.value_or(seconds{0});
    };
    read_days(r, w);
    w.from = time("from");
    w.to = time("to");
    s.windows.push_back(w);
    r.finish();
  });
  // An empty list would read as "never" and mean "always".
  if (in.has("schedule") && s.windows.empty())
    in.add("schedule", "no windows", "Add one, or leave the member out if it is always allowed");
  return s;
}

std::optional<std::uint64_t> read_volume(object_reader& in, std::string_view name) {
  const auto octets = in.integer(name, 0, 1, most_octets);
  return in.has(name) ? std::optional{static_cast<std::uint64_t>(octets)} : std::nullopt;
}

void read_peers(object_reader& in, proxy& p) {
  in.each("wan_peer_addresses", presence::required, 16, [&](const json::value& v, const std::string& at) {
    const auto peer = v.kind == json::kind::text ? forms::read_endpoint(v.text) : std::nullopt;
    if (!peer) return in.to().add(at, "not an address", "Write host:port");
    if (peer->is_local())
      return in.to().add(at, "a name of the home network", "Name the market participant's host in the WAN");
    p.wan_peer_addresses.push_back(*peer);
  });
}

/// Where the controllable system is, for those who call it.
void read_system(object_reader& in, proxy& p) {
  p.cls_address = in.parsed<endpoint>("cls_address", presence::optional, forms::read_endpoint, "host:port");
  p.cls_service = in.matching("cls_service", presence::optional, forms::is_service_instance,
                              "the name of a service like controlbox._ship._tcp.local");
  if (in.has("cls_address") && in.has("cls_service"))
    in.add("cls_service", "'cls_address' says already where the controllable system listens", "Remove one of the two");
  if (p.initiated_by != proxy_direction::cls && !in.has("cls_address") && !in.has("cls_service"))
    in.to().add(in.pointer(), "where the controllable system listens is missing", "Add 'cls_address' or 'cls_service'");
}

}  // namespace

proxy read_proxy(object_reader& in) {
  constexpr std::string_view file_form = "a file name without folders that ends in .pem, .crt, .cer or .der";
  proxy p;
  p.id = in.matching("id", presence::required, forms::is_identifier, "letters, digits, '.', '_', '-'");
  p.local_server_name = in.matching("local_server_name", presence::required, is_server_name,
                                    "a DNS name of at most 63 small letters, digits, '.', '-'");
  read_peers(in, p);
  p.wan_tls_sni = in.matching("wan_tls_sni", presence::optional, forms::is_host, "a DNS name");
  p.wan_certificate = in.matching("wan_certificate", presence::required, forms::is_certificate_file, file_form);
  p.cls_certificate = in.matching("cls_certificate", presence::required, forms::is_certificate_file, file_form);
  p.initiated_by = in.word<proxy_direction>("initiated_by", proxy_direction::cls, directions);
  read_system(in, p);
  p.idle_limit = seconds{in.integer("idle_limit_s", 300, 10, 86'400)};
  p.duration_limit = seconds{in.integer("duration_limit_s", two_days, 60, two_days)};
  p.connections = static_cast<unsigned>(in.integer("connections", 8, 1, max_proxy_connections));
  p.schedule = read_schedule(in);
  p.volume_limit = read_volume(in, "volume_limit_octets");
  p.daily_volume_limit = read_volume(in, "daily_volume_limit_octets");
  in.finish();
  return p;
}

}  // namespace smgw::profile
