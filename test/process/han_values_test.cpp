// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// Every way in which a consumer gets values tells the same truth: that of the simulated meter.
#include "actors/platform/files.hpp"
#include "base/hex.hpp"
#include "base/time_text.hpp"
#include "household.hpp"
#include "neighbours.hpp"
#include "pki.hpp"
#include "protocols/trudi/checks.hpp"

#include <pugixml.hpp>

#include <cmath>

using namespace smgw;
using namespace smgw::test;
using nlohmann::json;

namespace {

const std::string readings = "/smgw/con/v1/exp/Readings/taf7-1";
const std::string registers = "/smgw/con/v1/exp/Registers/taf1-1";

timestamp time_of(const json& text) {
  const auto t = parse_iso8601(text.get<std::string>());
  REQUIRE(t);
  return *t;
}
/// A decimal in quotes, in tenths.
std::int64_t tenths(const json& text) { return std::llround(std::stod(text.get<std::string>()) * 10); }

/// Original values by target, in tenths of Wh.
std::map<timestamp, std::int64_t> originals(const home_network& home, const std::string& query = {}) {
  const auto found = home.get("consumer1", readings + query);
  REQUIRE(found.status == 200);
  std::map<timestamp, std::int64_t> out;
  const auto found_all = found.json();
  for (const auto& e : found_all["lists"][0]["entries"])
    if (e.contains("value")) out[time_of(e["target"])] = tenths(e["value"]);
  return out;
}

/// Levels at the ends of the closed billing periods.
std::map<timestamp, std::int64_t> levels(const home_network& home) {
  const auto found = home.get("consumer1", registers);
  INFO(found.body);
  REQUIRE(found.status == 200);
  std::map<timestamp, std::int64_t> out;
  const auto found_all = found.json();
  for (const auto& p : found_all["periods"])
    if (!p["open"].get<bool>()) out[time_of(p["to"])] = tenths(p["registers"][0]["level"]);
  return out;
}

/// What a period used is what the meter counted in it.
void same_differences(const std::map<timestamp, std::int64_t>& derived,
                      const std::map<timestamp, std::int64_t>& original, std::size_t least) {
  std::optional<std::pair<std::int64_t, std::int64_t>> before;
  std::size_t compared = 0;
  for (const auto& [at, level] : derived) {
    const auto same = original.find(at);
    if (same == original.end()) continue;
    INFO(to_iso8601(at));
    if (before) {
      CHECK(level - before->first == same->second - before->second);
      ++compared;
    }
    before = {level, same->second};
  }
  CHECK(compared >= least);
}

std::map<timestamp, std::int64_t> theben(const home_network& home, const std::string& database, int* status) {
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const json asked{{"method", "readings"},
                   {"database", database},
                   {"usage-point-id", "taf1-1.sm"},
                   {"fromtime", to_iso8601(std::chrono::floor<std::chrono::seconds>(now) - 1h)}};
  const auto f =
      home.get("consumer1", "/smgw/m2m/consumer1/json", {"-H", "Content-Type: application/json", "-d", asked.dump()});
  INFO(database << ": " << f.body);
  *status = f.status;
  std::map<timestamp, std::int64_t> out;
  if (f.status != 200) return out;
  const auto f_all = f.json();
  for (const auto& c : f_all["readings"]["channels"])
    for (const auto& r : c["readings"])
      if (const auto value = r["value"].get<std::string>(); !value.empty())
        out[time_of(r["target-time"])] = std::stoll(value);
  return out;
}

std::string escaped(timestamp t) { return to_iso8601(std::chrono::floor<std::chrono::seconds>(t)); }

/// Values of the original list of a document, by target, in tenths.
std::map<timestamp, std::int64_t> document_values(const std::string& xml, const std::string& meter) {
  pugi::xml_document doc;
  REQUIRE(doc.load_buffer(xml.data(), xml.size()));
  std::map<timestamp, std::int64_t> out;
  for (const auto r : doc.child("UsagePoints").child("UsagePoint").children("MeterReading")) {
    const std::string name = r.child("ReadingType").child("qualifiedLogicalName").text().as_string();
    if (!name.contains(meter)) continue;
    const int scaler = r.child("ReadingType").child("scaler").text().as_int();
    for (const auto b : r.children("IntervalBlock"))
      for (const auto v : b.children("IntervalReading"))
        out[time_of(v.child("targetTime").text().as_string())] =
            std::llround(v.child("espi:value").text().as_double() * std::pow(10, scaler + 1));
  }
  return out;
}

}  // namespace

TEST_CASE("registers, dialects and original values tell what the meter counted",
          "[process][han][REQ.Webservice.HttpServer.203]") {
  neighbours n{{.dialects = {"theben", "emh"}}};
  const auto& home = n.home;
  REQUIRE(eventually([&] { return levels(home).size() >= 4; }));

  // the meter's own register, read no later than it was captured
  const sim::household truth(1);
  const auto all = home.get("consumer1", readings).json()["lists"][0]["entries"];
  std::size_t seen = 0;
  for (const auto& e : all) {
    if (!e.contains("value")) continue;
    const auto captured = time_of(e["captured"]);
    INFO(e.dump());
    CHECK(tenths(e["value"]) <= truth.energy(captured));
    CHECK(tenths(e["value"]) >= truth.energy(captured - 3s));
    ++seen;
  }
  CHECK(seen >= 8);

  const auto billing = levels(home);
  const auto original = originals(home);
  same_differences(billing, original, 2);

  int status = 0;
  const auto derived = theben(home, "derived", &status);
  CHECK(status == 200);
  same_differences(derived, originals(home), 6);
  for (const auto& [at, level] : billing)
    if (derived.contains(at)) CHECK(derived.at(at) == level);
  static_cast<void>(theben(home, "daily", &status));
  CHECK(status == 200);
  static_cast<void>(theben(home, "calculated", &status));
  CHECK(status == 200);

  // What a party has is looked at anew each half a minute.
  REQUIRE(eventually(
      [&] { return home.get("consumer1", "/json/metering/derived/taf1-1.sm/billingperiods").json().size() >= 3; }));
  const auto values = home.get("consumer1", "/json/metering/derived/taf1-1.sm/billingperiods/1");
  INFO(values.body);
  REQUIRE(values.status == 200);
  std::map<timestamp, std::int64_t> emh;
  const auto values_all = values.json();
  for (const auto& v : values_all)
    emh[time_of(v["timestamp"])] = std::llround(std::stod(v["value"].get<std::string>()) / 100);
  same_differences(emh, originals(home), 2);

  // nobody else's, and nothing that is not there
  CHECK(home.get("consumer2", registers).status == 404);
  CHECK(home.get("consumer2", "/json/metering/derived/taf1-1.sm/billingperiods/1").status == 404);
  CHECK(home.get("consumer1", "/smgw/con/v1/exp/Registers/taf7-1").status == 404);  // a use case without registers
  stop(n.gateway);
}

TEST_CASE("the document for the transparency software is valid and holds the values of the gateway",
          "[process][han][trudi]") {
  // Times in the document are seconds: a capture a moment before its second must not meet the one before.
  neighbours n{{.dialects = {"trudi"}}, {.meters = 2, .period = 2s, .delivery = 4s, .billing = 8s}, [](const house& h) {
                 for (const auto* taf : {"taf1-1", "taf7-1"}) {
                   const auto file = h.configuration() / "evaluations" / (std::string(taf) + ".json");
                   auto profile = json::parse(*platform::read_file(file));
                   profile["inner_signature"] = true;
                   REQUIRE(sim::write_file(file, profile.dump()));
                 }
               }};
  const auto& home = n.home;
  REQUIRE(eventually([&] { return levels(home).size() >= 3; }));
  const auto original = originals(home);
  const auto from = original.begin()->first;
  const auto to = std::prev(original.end())->first;
  const auto span = "&Start=" + escaped(from) + "&End=" + escaped(to) + "&WithLogData=True";
  const auto certificate = sim::load_certificates(n.houses.world().pki() / "gateway/sig.pem");
  REQUIRE(certificate);
  for (const unsigned taf : {1U, 7U}) {
    const auto name = "taf" + std::to_string(taf) + "-1";
    const auto f = home.get("consumer1", "/trudi/data?TafName=" + name + "&TafId=" + std::to_string(taf) + span);
    INFO(f.body.substr(0, 4000));
    REQUIRE(f.status == 200);
    CHECK(f.headers.contains("application/xml"));
    CHECK(xsd_complaints(f.body) == "");
    CHECK(trudi_complaints(f.body, taf) == std::vector<std::string>{});
    const auto inside = document_values(f.body, "1SMG0000000001");
    CHECK(inside == original);
    CHECK(f.body.contains("<certContent>" + to_hex(certificate->front().der)));
    CHECK(f.body.contains("<signature>"));
    CHECK(f.body.contains("consumer1 logged in"));
    CHECK_FALSE(f.body.contains("1SMG0000000002"));
    CHECK_FALSE(f.body.contains("consumer2"));
    CHECK(home.get("consumer2", "/trudi/data?TafName=" + name + "&TafId=" + std::to_string(taf) + span).status == 404);

    const auto current = home.get("consumer1", "/trudi/current?TafName=" + name + "&TafId=" + std::to_string(taf));
    INFO(current.body);
    REQUIRE(current.status == 200);
    CHECK(xsd_complaints(current.body) == "");
    CHECK(document_values(current.body, "1SMG0000000001").size() == 1);
    CHECK(document_values(current.body, "1SMG0000000001").begin()->first >= to);
  }
  const auto same = home.get("consumer1", readings, {"-H", "Accept: application/xml"});
  REQUIRE(same.status == 200);
  CHECK(xsd_complaints(same.body) == "");
  CHECK(home.get("consumer2", readings, {"-H", "Accept: application/xml"}).status == 404);
  stop(n.gateway);
}

TEST_CASE("the gateway tells when values last left for whom", "[process][han]") {
  neighbours n;
  n.houses.open_market();
  const auto sending = [&] { return n.home.get("consumer1", "/smgw/con/v1/rts/Gateway/self").json()["sending"]; };
  REQUIRE(eventually([&] { return sending().contains("last_success"); }));
  // The newest record may be younger than the answer before it: the market goes first.
  n.houses.close_market();
  REQUIRE(eventually([&] {
    const auto told = sending();
    const auto log = n.home.get("consumer1", "/smgw/con/v1/exp/Log/self?q.type=6002&q.count=1").json()["records"];
    return log.size() == 1 && log[0]["outcome"] == "SUCCESS" &&
           time_of(log[0]["timestamp"]) == time_of(told["last_success"]) &&
           log[0]["text"].get<std::string>().contains("values from") &&
           log[0]["destination"].get<std::string>().contains("127.0.0.1");
  }));
  stop(n.gateway);
}
