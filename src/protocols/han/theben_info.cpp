// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/hex.hpp"
#include "base/octets.hpp"
#include "base/time_text.hpp"
#include "protocols/han/seal.hpp"
#include "protocols/han/text.hpp"
#include "protocols/han/theben_parts.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace smgw::han::theben {
namespace {

using object = nlohmann::ordered_json;

std::string dumped(const object& o) { return o.dump(-1, ' ', false, object::error_handler_t::replace); }

/// Version of the dialect that is spoken.
constexpr auto dialect_version = "1.3.0";

std::string pem(bytes_view der) {
  const auto text = to_base64(der);
  std::string out = "-----BEGIN CERTIFICATE-----\n";
  for (std::size_t i = 0; i < text.size(); i += 64) out += text.substr(i, 64) + "\n";
  return out + "-----END CERTIFICATE-----\n";
}

std::string state_of(const gateway_view& g) {
  std::uint32_t bits = 0x5;  // bits 0 and 2 are always set (detail specification 15)
  if (g.fault) bits |= 1U << 8;
  if (!g.time_valid) bits |= 1U << 9;
  if (g.warning) bits |= 1U << 12;
  return bit0_first(bits);
}

object usage_point(const contract_view& c, timestamp now) {
  object periods = object::array();
  for (const auto& b : c.periods)
    periods.push_back({{"start-time", to_iso8601(b.from)}, {"end-time", to_iso8601(b.to)}});
  object meters = object::array();
  std::vector<device_id> seen;
  for (const auto& i : c.inputs)
    if (std::ranges::find(seen, i.meter) == seen.end()) {
      seen.push_back(i.meter);
      meters.push_back({{"meter-id", i.meter.lower() + ".sm"}});
    }
  return {{"billing-Periods", periods},
          {"capture-time", "00:00:00"},
          {"delivery-id", c.recipients.empty() ? "" : c.recipients.front().id},
          {"start-time", to_iso8601(c.from)},
          {"end-time", c.until ? to_iso8601(*c.until) : ""},
          {"meter", meters},
          {"metering-point-id", c.usage_point},
          {"on-demand-profile-configured", "false"},
          {"taf-number", std::to_string(c.taf)},
          {"taf-state", c.running(now) ? "running"
                        : now < c.from ? "ready"
                                       : "archive"},
          {"usage-point-id", c.logical_name()},
          {"usage-point-name", c.tariff}};
}

}  // namespace

decision refuse(int status, std::string_view why) { return std::unexpected{http::refuse_with(status, why)}; }

http::response answer_of(std::string_view method, const findings& f, const std::string& content) {
  // as devices spell the unit
  return json_answer("{\"version\":\"" + std::string{dialect_version} + "\",\"method\":\"" + std::string{method} +
                     "\",\"elapsed-time\":\"" + std::to_string(f.elapsed.count()) + " miliseconds\",\"" +
                     std::string{method} + "\":" + content + "}");
}

decision smgw_info() {
  return plan{.need = {}, .render = [](const findings& f) {
                const auto& g = f.gateway;
                const object content{
                    {"certificates",
                     {{"han", {{"tls", to_hex(as_bytes(pem(g.han_certificate)))}}},
                      {"wan", {{{"cert-index", "0"}, {"sig", to_hex(g.signature_certificate)}, {"sub-ca", ""}}}}}},
                    {"firmware-info", {{"component", "smgw"}, {"hash", g.firmware_hash}, {"version", g.version}}},
                    {"smgw-id", g.id.lower()},
                    {"smgw-state", state_of(g)},
                    {"smgw-time", to_iso8601(f.now)}};
                return answer_of("smgw-info", f, dumped(content));
              }};
}

decision user_info(const party& p) {
  return plan{.need = {}, .render = [p](const findings& f) {
                object points = object::array();
                for (const auto& c : p.contracts) points.push_back(usage_point(c, f.now));
                return answer_of("user-info", f, dumped({{"usage-points", points}}));
              }};
}

decision self_test() {
  return plan{.need = {.self_test = true}, .render = [](const findings& f) {
                if (!f.self_test) return http::refuse_with(f.self_test.error().status, f.self_test.error().why.what);
                return answer_of("self-test", f, "{}");
              }};
}

}  // namespace smgw::han::theben
