// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/profile/forms.hpp"
#include "domain/profile/parts.hpp"

#include <algorithm>

namespace smgw::profile {
namespace {

constexpr std::pair<std::string_view, lmn_protocol> protocols[] = {
    {"sml", lmn_protocol::sml}, {"hdlc", lmn_protocol::hdlc}, {"wmbus", lmn_protocol::wmbus}};
constexpr std::pair<std::string_view, log_level> levels[] = {{"info", log_level::info},
                                                             {"warning", log_level::warning},
                                                             {"error", log_level::error},
                                                             {"fatal", log_level::fatal}};
constexpr std::int64_t bauds[] = {300, 2400, 4800, 9600, 19'200, 38'400, 57'600, 115'200, 230'400, 460'800, 921'600};

bool is_path(std::string_view text) {
  return text.starts_with('/') && std::ranges::none_of(text, [](char c) { return c < ' ' || c == '\x7f'; }) &&
         text.find("/../") == text.npos && !text.ends_with("/..");
}

lmn_port read_port(object_reader& in) {
  lmn_port p;
  p.id = in.matching("id", presence::required, forms::is_identifier, "letters, digits, '.', '_', '-'");
  p.protocol = in.word<lmn_protocol>("protocol", std::nullopt, protocols);
  p.serial = in.matching("serial", presence::optional, is_path, "an absolute path like /dev/ttyUSB0");
  p.tcp = in.parsed<endpoint>("tcp", presence::optional, forms::read_endpoint, "host:port");
  p.baud = static_cast<unsigned>(in.integer("baud", p.baud, 300, 921'600));
  if (std::ranges::find(bauds, std::int64_t{p.baud}) == std::end(bauds))
    in.add("baud", "no serial line has this rate", "Use 9600, 19200, 38400, 57600, 115200, 230400, 460800 or 921600");
  if (in.has("serial") == in.has("tcp"))
    in.to().add(in.pointer(), "a port has either 'serial' or 'tcp'",
                in.has("tcp") ? "Remove one of them" : "Add one of them");
  in.finish();
  return p;
}

}  // namespace

gateway read_gateway(object_reader& in) {
  gateway g;
  if (const auto id = in.parsed<device_id>(
          "device_id", presence::required,
          [](std::string_view t) {
            return device_id::parse(t).transform([](auto d) { return std::optional{d}; }).value_or(std::nullopt);
          },
          "14 characters by DIN 43849, like EBSI0012345678"))
    g.id = *id;
  // A gateway is communication equipment: medium E (DIN 43849).
  if (!g.id.empty() && g.id.text()[0] != 'E')
    in.add("device_id", "not the id of a gateway", "Use an id that begins with E");
  g.data_directory = in.matching("data_directory", presence::required, is_path, "an absolute path");
  g.key_store = in.text("key_store", presence::required);
  in.each("lmn_ports", presence::required, 64, [&](const json::value& v, const std::string& at) {
    object_reader port{v, at, in.to()};
    g.lmn_ports.push_back(read_port(port));
  });
  in.object("han", presence::optional, [&](object_reader& home) { g.home = read_home_network(home); });
  in.finish();
  return g;
}

log read_log(object_reader& in) {
  log l;
  l.system_level = in.word<log_level>("system_level", l.system_level, levels);
  const auto count = [&](std::string_view name, std::uint32_t& into, std::int64_t least) {
    into = static_cast<std::uint32_t>(in.integer(name, into, least, 100'000'000));
  };
  count("system_entries", l.system_entries, 1000);
  count("consumer_entries", l.consumer_entries, 1000);
  count("calibration_entries", l.calibration_entries, 10'000);
  l.consumer_retention = std::chrono::months{in.integer("consumer_retention_months", 15, 1, 120)};
  l.calibration_alarm_percent = static_cast<unsigned>(in.integer("calibration_alarm_percent", 90, 10, 99));
  in.finish();
  return l;
}

}  // namespace smgw::profile
