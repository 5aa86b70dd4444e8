// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// Connections towards administrator and market participants that break anywhere, stall, or carry nonsense.
#include "base/octets.hpp"
#include "domain/status/status.hpp"
#include "protocols/cosem/tree.hpp"
#include "stories/managed_story.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <set>

using namespace smgw;
using namespace smgw::test;
using namespace std::chrono_literals;

namespace {

struct faulty_story : managed_story {
  faulty_story() {
    told.profiles["m.json"] = meter_profile();
    told.profiles["e.json"] = evaluation_profile();
    told.profiles["s.json"] = R"({"profile":"wan","version":1,"id":"stadtwerk","role":"market_participant",)"
                              R"("peer":"stadtwerk.test:443","tls_certificate":"gwa-tls.pem",)"
                              R"("encryption_certificate":"gwa-enc.pem","retry":{"first_ms":1000,"limit_s":1}})";
  }

  /// Every stored value but those of the last, unfinished period has arrived; a document that came twice is the same
  /// one, whose acknowledgement was lost.
  void check_nothing_lost_or_doubled(std::size_t unacknowledged) {
    std::set<std::string> documents;
    std::size_t again = 0;
    std::map<timestamp, std::int64_t> values;
    for (const auto& d : emt.got) {
      if (!documents.insert(d.document).second) {
        ++again;
        continue;
      }
      for (const auto& c : d.content.channels)
        for (const auto& e : c.entries) {
          if (!status::has_value(e.value.status)) continue;
          CHECK(values.emplace(e.value.captured, e.value.value.value).second);
        }
    }
    CHECK(again == unacknowledged);
    std::size_t missing = 0;
    for (const auto& e : stored("1SMG0000000001")) {
      if (!status::has_value(e.value.status)) continue;
      if (!values.contains(timestamp{std::chrono::floor<std::chrono::seconds>(e.value.captured)})) ++missing;
    }
    CHECK(missing <= 25);  // a period of six hours, and the slot that is open
  }
};

/// Positions where a connection of so many octets is cut: each of the first records' octets, then every n-th.
std::vector<std::size_t> cuts(std::size_t octets, std::size_t step) {
  std::vector<std::size_t> all;
  for (std::size_t i = 1; i < octets; i += i < 16 ? 1 : step) all.push_back(i);
  all.push_back(octets);
  return all;
}

struct fault_row {
  const char* name;
  wire_fault::side side;
  wire_fault::kind kind;
  std::size_t step;
};
constexpr fault_row rows[] = {
    {"the participant breaks off while it hears", wire_fault::side::heard, wire_fault::kind::reset, 97},
    {"the participant breaks off while it speaks", wire_fault::side::said, wire_fault::kind::reset, 61},
    {"the participant says no more, and hears", wire_fault::side::said, wire_fault::kind::finish, 89},
    {"the participant falls silent while it hears", wire_fault::side::heard, wire_fault::kind::stall, 397},
    {"the participant falls silent while it speaks", wire_fault::side::said, wire_fault::kind::stall, 251},
};

/// One delivery over connections that go wrong at each of the positions, one after the other.
void deliver_through(faulty_story& s, const fault_row& row, std::size_t step) {
  INFO(row.name);
  s.start();
  s.live(7h, 15min);
  REQUIRE(s.emt.got.size() == 1);
  const auto octets = row.side == wire_fault::side::heard ? s.market.octets_heard : s.market.octets_said;
  REQUIRE(octets > 1000);
  const auto positions = cuts(octets, step);
  const auto first = s.market.connections;
  s.market.fault = [&](std::size_t n) -> std::optional<wire_fault> {
    if (n - first >= positions.size()) return std::nullopt;
    return wire_fault{row.side, positions[n - first], row.kind};
  };
  s.live(6h, 15min);
  // Each failed connection is followed by the next within the time limits: nobody is waited for longer.
  const auto limit = row.kind == wire_fault::kind::stall ? 5min : 1min;
  // Where only the goodbye was lost, there is nothing to send until the next period ends.
  for (std::size_t i = 0; i < 3 * positions.size() + 1000 && s.market.connections - first <= positions.size(); ++i)
    s.counter("outbox", "waiting") == 0 ? s.live(15min, 15min) : s.advance(limit);
  CHECK(s.market.connections - first > positions.size());
  for (int i = 0; i < 400 && s.counter("outbox", "waiting") != 0; ++i) s.live(15min, 15min);
  CHECK(s.counter("outbox", "waiting") == 0);
  std::size_t twice = 0;
  std::set<std::string> seen;
  for (const auto& d : s.emt.got) twice += seen.insert(d.document).second ? 0U : 1U;
  // Only where the request was whole may the same document come again: the gateway cannot know.
  if (row.side == wire_fault::side::heard) CHECK(twice <= 2);
  s.check_nothing_lost_or_doubled(twice);
  CHECK(s.emt.complaints.empty());
  CHECK(s.verify().whole);
}

struct management_row {
  wire_fault::side side;
  wire_fault::kind kind;
  std::size_t step;
};
constexpr management_row management_rows[] = {
    {wire_fault::side::said, wire_fault::kind::reset, 149},  {wire_fault::side::heard, wire_fault::kind::reset, 149},
    {wire_fault::side::said, wire_fault::kind::finish, 211}, {wire_fault::side::said, wire_fault::kind::stall, 701},
    {wire_fault::side::heard, wire_fault::kind::stall, 701},
};

constexpr auto log_attribute = "/cosem/ldevs/esmg0000000001.sm/objects/1-01005e318005/attributes/2";

std::string log_entries(int n) {
  return cosem::write_attribute(
             {2, cosem::data{cosem::data_type::utf8_string,
                             R"({"profile":"log","version":1,"system_entries":)" + std::to_string(n) + "}"}})
      .value();
}

/// The old connection ends, the next one goes wrong as told, and its first request changes a profile.
void change_over_faulty(faulty_story& s, const wire_fault& fault) {
  s.admin.hang_up = true;
  s.self->send(s.admin.wire, wire_more{});
  s.run();
  s.admin.fault = [fault, n = s.admin.connections](std::size_t i) {
    return i == n ? std::optional{fault} : std::nullopt;
  };
  s.advance(1s);
  s.admin.hang_up = s.admin.established = false;
  s.admin.to_say.clear();
  s.call();
  s.admin.to_say.push_back(http::encode(s.request(http::method::put, log_attribute, log_entries(5001))).value());
  s.self->send(s.admin.wire, wire_more{});
  s.run();
  if (fault.what != wire_fault::kind::stall) return s.pass(15s);
  for (int i = 0; i < 11; ++i) s.advance(1min);  // idle for ten: given up
}

/// A change over connections that go wrong at each of the positions, one after the other.
void manage_through(faulty_story& s, const management_row& row, std::size_t step) {
  s.start();
  REQUIRE(s.ask(http::method::put, log_attribute, log_entries(5000)).status == 201);
  const auto octets = row.side == wire_fault::side::said ? s.admin.octets_said : s.admin.octets_heard;
  REQUIRE(octets > 1000);
  const auto revision = s.counter("administrator", "profiles");
  std::int64_t done = 0;
  for (const auto at : cuts(octets, step)) {
    INFO("octet " << at << " of " << octets);
    change_over_faulty(s, {row.side, at, row.kind});
    const auto now = s.counter("administrator", "profiles") - revision;
    // The request was whole, and done once; or it was not, and nothing of it was done.
    CHECK((now == done || now == done + 1));
    done = now;
  }
  s.admin.fault = nullptr;
  s.pass(11min);  // a stalled connection is given up after the idle limit at the latest
  s.admin.to_say.clear();
  CHECK(s.ask(http::method::get, "/cosem/ldevs/").status == 200);
  CHECK(s.verify().whole);
}

/// Each question for the time goes over a connection that goes wrong at the next of the positions.
void keep_time_through(faulty_story& s, const management_row& row, std::size_t step) {
  s.told.profiles["t.json"] = R"({"profile":"time","version":1,"server":"time.test:123",)"
                              R"("tls_certificate":"gwa-tls.pem","poll_s":60})";
  s.start();
  s.pass(3min);
  const auto octets = row.side == wire_fault::side::said ? s.time_side.octets_said : s.time_side.octets_heard;
  REQUIRE(octets > 1000);
  const auto positions = cuts(octets, step);
  const auto first = s.time_side.connections;
  const auto answers = s.counter("time_sync", "answers"), failures = s.counter("time_sync", "failures");
  s.time_side.fault = [&row, &positions, first](std::size_t n) -> std::optional<wire_fault> {
    if (n - first >= positions.size()) return std::nullopt;
    return wire_fault{row.side, positions[n - first], row.kind};
  };
  // Asked again within the shortest poll and the time that one question has: nobody is waited for longer.
  for (std::size_t i = 0; i <= positions.size(); ++i) s.pass(2min);
  const auto answered = s.counter("time_sync", "answers") - answers;
  const auto failed = s.counter("time_sync", "failures") - failures;
  const auto asked = static_cast<std::int64_t>(s.time_side.connections - first);
  CHECK(asked > static_cast<std::int64_t>(positions.size()));
  CHECK(asked - (answered + failed) <= 1);  // each question ends in one of the two; the last may be under way
  CHECK(failed >= static_cast<std::int64_t>(positions.size()) - 3);  // the last octets are those of the goodbye
  CHECK(answered >= 1);
  CHECK(s.verify().whole);
}

std::string text(const bytes& octets) { return std::string(as_text(octets)); }

int status_of(const bytes& answer) {
  const auto t = text(answer);
  return t.starts_with("HTTP/1.1 ") ? std::stoi(t.substr(9, 3)) : 0;
}

}  // namespace

TEST_CASE("a delivery gets through a connection that breaks or stalls anywhere, and counts once",
          "[wan-faults][REQ.Webservice.HttpClient.80]") {
  for (const auto& row : rows) {
    faulty_story s;
    deliver_through(s, row, row.step);
  }
}

TEST_CASE("a delivery gets through cuts at every single octet", "[.every-octet]") {
  for (const auto& row : rows) {
    faulty_story s;
    deliver_through(s, row, 1);
  }
}

TEST_CASE("the management channel broken, half closed or stalled anywhere: the gateway does each thing once",
          "[wan-faults][REQ.Webservice.HttpServer.80]") {
  for (const auto& row : management_rows) {
    faulty_story s;
    manage_through(s, row, row.step);
  }
}

TEST_CASE("the management channel cut at every single octet of its first request", "[.every-octet]") {
  for (const auto& row : management_rows) {
    faulty_story s;
    manage_through(s, row, 1);
  }
}

TEST_CASE("questions for the time over connections that break, half close or stall anywhere are asked again",
          "[wan-faults][REQ.TA.NTP.ProcessResponse.10]") {
  for (const auto& row : management_rows) {
    faulty_story s;
    keep_time_through(s, row, row.step);
  }
}

TEST_CASE("requests that could be read in two ways, are too long, or name nobody, are refused and end the connection",
          "[wan-faults][REQ.Webservice.HttpServer.60][REQ.Webservice.HttpServer.91]") {
  faulty_story s;
  s.start();
  const std::string host = "Host: esmg0000000001.sm\r\n", get = "GET /smgw/cosem/ldevs/ HTTP/1.1\r\n",
                    put = "PUT /smgw/cosem/ldevs/ HTTP/1.1\r\n";
  struct row {
    const char* name;
    std::string octets;
    int status;
  };
  const row refused[] = {
      {"no Host", get + "\r\n", 400},
      {"Host twice", get + host + host + "\r\n", 400},
      {"Host twice, differently", get + host + "Host: other.sm\r\n\r\n", 400},
      {"length twice", put + host + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc", 400},
      {"length and chunks", put + host + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"chunks twice", put + host + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", 400},
      {"a coding that hides chunks", put + host + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", 400},
      {"blank before the colon", get + host + "Content-Length : 0\r\n\r\n", 400},
      {"folded line", get + host + "X: a\r\n b\r\n\r\n", 400},
      {"bare LF", "GET /smgw/cosem/ldevs/ HTTP/1.1\nHost: esmg0000000001.sm\n\n", 400},
      {"negative length", put + host + "Content-Length: -1\r\n\r\n", 400},
      {"length with a sign", put + host + "Content-Length: +3\r\n\r\nabc", 400},
      {"length as a list", put + host + "Content-Length: 3, 3\r\n\r\nabc", 400},
      {"length in another base", put + host + "Content-Length: 0x3\r\n\r\nabc", 400},
      {"chunk whose size does not fit a number",
       put + host + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nab\r\n0\r\n\r\n", 400},
      {"chunk that is longer than its size", put + host + "Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n",
       400},
      {"zero octet in a field", get + host + std::string("X: a\0b\r\n\r\n", 10), 400},
      {"bare CR in a field", get + host + "X: a\rY: b\r\n\r\n", 400},
      {"names two hosts in one field", get + "Host: esmg0000000001.sm, other.sm\r\n\r\n", 400},
      {"no length", put + host + "\r\n", 411},
      {"length beyond all bounds", put + host + "Content-Length: 99999999999\r\n\r\n", 413},
      {"length that does not fit a number", put + host + "Content-Length: 99999999999999999999999999\r\n\r\n", 400},
      {"target too long", "GET /smgw/" + std::string(5000, 'a') + " HTTP/1.1\r\n" + host + "\r\n", 414},
      {"field too long", get + host + "X: " + std::string(9000, 'b') + "\r\n\r\n", 431},
      {"too many fields",
       get + host +
           [] {
             std::string f;
             for (int i = 0; i < 200; ++i) f += "X: y\r\n";
             return f;
           }() +
           "\r\n",
       431},
      {"no method of ours", "PATCH /smgw/cosem/ldevs/ HTTP/1.1\r\n" + host + "\r\n", 501},
      {"HTTP/2 in clear", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
  };
  for (const auto& r : refused) {
    INFO(r.name);
    if (!s.admin.established) s.call();
    REQUIRE(s.admin.established);
    const auto octets = as_bytes(r.octets);
    const auto answer = s.say(bytes(octets.begin(), octets.end()));
    INFO(text(answer).substr(0, 200));
    const auto status = status_of(answer);
    CHECK(status >= 400);
    if (status != r.status) CHECK((status == 400 || status == 501));
    // One answer to what a proxy might take for two requests.
    CHECK(text(answer).find("HTTP/1.1 ", 9) == std::string::npos);
    s.advance(1s);
    CHECK_FALSE(s.admin.established);
  }
  // The wrong host is an answer, not the end.
  s.call();
  const std::string other = get + "Host: somebody.sm\r\n\r\n";
  const auto octets = as_bytes(other);
  CHECK(status_of(s.say(bytes(octets.begin(), octets.end()))) == 403);
  CHECK(s.admin.established);
  // So is a target that names another host than the field does, and a body without a type where none belongs: one
  // answer each.
  for (const auto& [request, status] :
       {std::pair{"GET http://other.sm/smgw/cosem/ldevs/ HTTP/1.1\r\n" + host + "\r\n", 403},
        std::pair{get + host + "Content-Length: " + std::to_string((get + host).size() + 2) + "\r\n\r\n" + get + host +
                      "\r\n",
                  400}}) {
    const auto sent = as_bytes(request);
    const auto answer = s.say(bytes(sent.begin(), sent.end()));
    CHECK(status_of(answer) == status);
    CHECK(text(answer).find("HTTP/1.1 ", 9) == std::string::npos);
    CHECK(s.admin.established);
  }
  CHECK(s.ask(http::method::get, "/cosem/ldevs/").status == 200);
  CHECK(s.counter("administrator", "profiles") == 0);
}

TEST_CASE("an administrator that sends an octet now and then is answered 408 and cut", "[wan-faults]") {
  faulty_story s;
  s.start();
  s.call();
  REQUIRE(s.admin.established);
  const std::string head = "GET /smgw/cosem/ldevs/ HTTP/1.1\r\n",
                    body = "PUT /smgw/cosem/ldevs/ HTTP/1.1\r\nHost: esmg0000000001.sm\r\nContent-Length: 100\r\n\r\n";
  for (const auto& [at_once, slowly] : {std::pair{std::string(), head}, std::pair{body, std::string(100, 'b')}}) {
    if (!s.admin.established) s.call();
    s.admin.heard.clear();
    if (!at_once.empty()) s.admin.to_say.push_back(bytes(at_once.begin(), at_once.end()));
    for (std::size_t i = 0; i < 30 && s.admin.established; ++i) {
      s.admin.to_say.push_back(bytes{static_cast<std::uint8_t>(slowly[i])});
      s.self->send(s.admin.wire, wire_more{});
      s.run();
      s.advance(2s);
    }
    CHECK_FALSE(s.admin.established);
    CHECK(status_of(s.admin.heard) == 408);
    s.admin.to_say.clear();
    // The next one is served at once.
    CHECK(s.ask(http::method::get, "/cosem/ldevs/").status == 200);
  }
}
