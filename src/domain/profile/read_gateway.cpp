// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/profile/forms.hpp"
#include "domain/profile/parts.hpp"

#include <algorithm>

namespace smgw::profile {
namespace {

constexpr std::pair<std::string_view, lmn_protocol> protocols[] = {
    {"sml", lmn_protocol::sml},   {"hdlc", lmn_protocol::hdlc}, {"wmbus", lmn_protocol::wmbus},
    {"dlms", lmn_protocol::dlms}, {"d0", lmn_protocol::d0},     {"mbus", lmn_protocol::mbus}};
constexpr std::pair<std::string_view, radio_receiver> receivers[] = {
    {"im871a", radio_receiver::im871a}, {"iu891a", radio_receiver::iu891a}, {"amber", radio_receiver::amber},
    {"cul-t", radio_receiver::cul_t},   {"cul-c", radio_receiver::cul_c},   {"rtl-wmbus", radio_receiver::rtl_wmbus}};
constexpr std::pair<std::string_view, push_transport> transports[] = {{"hdlc", push_transport::hdlc},
                                                                      {"wrapper", push_transport::wrapper},
                                                                      {"mbus", push_transport::mbus},
                                                                      {"raw", push_transport::raw}};
constexpr std::pair<std::string_view, line_form> forms_of_a_line[] = {
    {"8N1", line_form::n81}, {"8E1", line_form::e81}, {"7E1", line_form::e71}};
constexpr std::pair<std::string_view, log_level> levels[] = {{"info", log_level::info},
                                                             {"warning", log_level::warning},
                                                             {"error", log_level::error},
                                                             {"fatal", log_level::fatal}};
constexpr std::int64_t bauds[] = {300, 2400, 4800, 9600, 19'200, 38'400, 57'600, 115'200, 230'400, 460'800, 921'600};

bool is_path(std::string_view text) {
  return text.starts_with('/') && std::ranges::all_of(text, [](char c) { return c >= ' ' && c < '\x7f'; }) &&
         text.find("/../") == text.npos && !text.ends_with("/..");
}

/// What only some protocols have; the form of characters follows from the standard of the protocol.
void read_kind(object_reader& in, lmn_port& p) {
  const auto only_for = [&](std::string_view name, bool fits, std::string_view whom) {
    if (in.has(name) && !fits) in.add(name, "only for ports with protocol " + std::string(whom), "Remove it");
  };
  const auto usual = p.protocol == lmn_protocol::mbus ? line_form::e81
                     : p.protocol == lmn_protocol::d0 ? line_form::e71
                                                      : line_form::n81;
  p.form = in.word<line_form>("form", usual, forms_of_a_line);
  const bool radio = p.protocol == lmn_protocol::wmbus;
  only_for("receiver", radio, "wmbus");
  p.receiver = in.word<radio_receiver>("receiver", radio_receiver::im871a, receivers);
  only_for("transport", p.protocol == lmn_protocol::dlms, "dlms");
  p.push = in.word<push_transport>("transport", push_transport::hdlc, transports);
  const bool asks = p.protocol == lmn_protocol::mbus || p.protocol == lmn_protocol::d0;
  only_for("poll_s", asks, "d0 or mbus");
  p.poll = std::chrono::seconds{in.integer("poll_s", p.protocol == lmn_protocol::mbus ? 300 : 0, 0, 3600)};
  if (p.protocol == lmn_protocol::mbus && p.poll.count() == 0)
    in.add("poll_s", "meters on an M-Bus only answer", "Use 1 to 3600");
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
  p.pipe = in.matching("pipe", presence::optional, is_path, "an absolute path like /run/rtl-wmbus or /dev/stdin");
  const int ways = int{in.has("serial")} + int{in.has("tcp")} + int{in.has("pipe")};
  if (ways != 1)
    in.to().add(in.pointer(), "a port has one of 'serial', 'tcp' and 'pipe'",
                ways > 1 ? "Keep one of them" : "Add one of them");
  read_kind(in, p);
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
  l.value_storage_percent = static_cast<unsigned>(in.integer("value_storage_percent", 0, 0, 99));
  in.finish();
  return l;
}

}  // namespace smgw::profile
