// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/sml/client.hpp"

#include "captures.hpp"
#include "protocols/sml/status.hpp"

using namespace smgw;
using namespace smgw::sml;
using namespace smgw::sml::test;
using namespace std::chrono_literals;

namespace {

const bytes client = hex("0a01454d480000abcdef");
const bytes file_id = hex("00000001");
const request_ids ids{client, file_id, 0x01020304};

// The messages of a request file, one at a time.
template <class Each>
std::size_t read_back(bytes_view frame, Each each) {
  transport_reader reader;
  const auto f = reader.next(frame, {});
  REQUIRE(f);
  CHECK(frame.empty());
  decoder d;
  std::uint32_t n = 0;
  for (auto payload = f->payload; !payload.empty(); ++n) {
    const auto m = d.next(payload);
    REQUIRE(m);
    CHECK(m->transaction_id == octets{transaction_id(ids, n)});
    each(n, *m);
  }
  return n;
}

// The one object that is written, and its value.
void check_write(bytes_view frame, const obis& name, const value& v) {
  const auto messages = read_back(frame, [&](std::uint32_t n, const message& m) {
    if (n != 1) return;
    const auto& set = std::get<set_proc_parameter_request>(m.body);
    REQUIRE(set.path.size() == 2);
    CHECK(to_hex(set.path[0]) == name.hex());
    CHECK(to_hex(set.path[1]) == "0001");
    REQUIRE(set.tree.size() == 2);
    CHECK(to_hex(set.tree[0].name) == name.hex());
    CHECK(to_hex(set.tree[1].name) == "02");
    CHECK(std::get<value>(set.tree[1].value) == v);
  });
  CHECK(messages == 3);
}

}  // namespace

TEST_CASE("registers are asked for in one file, one request each", "[sml][REQ.SML.CLI.RequestMeterData.10]") {
  const std::vector<obis> registers{*obis::parse("1-0:1.8.0"), *obis::parse("1-0:2.8.0"), *obis::parse("7-0:3.0.0")};
  const auto frame = request_meter_data(ids, registers);
  REQUIRE(frame);
  const auto messages = read_back(*frame, [&](std::uint32_t n, const message& m) {
    if (n == 0) {
      CHECK(std::get<open_request>(m.body).client_id == octets{client});
      CHECK(std::get<open_request>(m.body).request_file_id == octets{file_id});
    } else if (n == 4) {
      CHECK(m.tag() == 0x0200);
    } else {
      CHECK(to_hex(std::get<get_proc_parameter_request>(m.body).path[0]) == registers[n - 1].hex());
    }
  });
  CHECK(messages == 5);
}

TEST_CASE("optional fields of a request stay empty", "[sml][REQ.SML.CLI.RequestMeterData.20]") {
  const std::vector<obis> registers{*obis::parse("1-0:1.8.0")};
  read_back(*request_meter_data(ids, registers), [](std::uint32_t n, const message& m) {
    if (n != 1) return;
    const auto& get = std::get<get_proc_parameter_request>(m.body);
    CHECK((get.server_id.empty() && get.username.empty() && get.password.empty() && get.attribute.empty()));
  });
}

TEST_CASE("electrical energy is class 32770, everything else class 3", "[sml][REQ.SML.CLI.RequestMeterData.30]") {
  for (const auto* name : {"1-0:1.8.0", "1-0:2.8.1", "1-0:15.8.0"})
    CHECK(class_of(*obis::parse(name)) == class_advanced_extended_register);
  for (const auto* name : {"1-0:16.7.0", "7-0:3.0.0", "8-0:1.0.0", "6-0:1.8.0", "1-0:32.7.0"})
    CHECK(class_of(*obis::parse(name)) == class_register);
  const std::vector<obis> registers{*obis::parse("1-0:1.8.0"), *obis::parse("7-0:3.0.0")};
  read_back(*request_meter_data(ids, registers), [](std::uint32_t n, const message& m) {
    if (n == 1 || n == 2)
      CHECK(to_hex(std::get<get_proc_parameter_request>(m.body).path[1]) == (n == 1 ? "8002" : "0003"));
  });
}

TEST_CASE("a request file has at least one and at most 64 registers", "[sml]") {
  CHECK(request_meter_data(ids, {}).error().code == errc::exhausted);
  const std::vector<obis> most(max_requested_registers);
  CHECK(request_meter_data(ids, most));
  const std::vector<obis> more(max_requested_registers + 1);
  CHECK(request_meter_data(ids, more).error().code == errc::exhausted);
}

TEST_CASE("certificate and key of the meter go as one octet string", "[sml][REQ.SML.CLI.UpdateMtrCertAndKey.10]") {
  const bytes certificate(600, 0x1B);
  const bytes key(121, 0x44);
  const auto frame = update_meter_certificate_and_key(ids, certificate, secret{bytes_view{key}});
  REQUIRE(frame);
  const auto both = join({certificate, key});
  check_write(frame->reveal(), meter_certificate_and_key, value::of_octets(both));
  CHECK(update_meter_certificate_and_key(ids, {}, secret{bytes_view{key}}).error().code == errc::malformed);
  CHECK(update_meter_certificate_and_key(ids, certificate, secret{}).error().code == errc::malformed);
  const bytes huge(max_written_octets, 0x30);
  CHECK(update_meter_certificate_and_key(ids, huge, secret{bytes_view{key}}).error().code == errc::exhausted);
}

TEST_CASE("the gateway's certificate goes as octet string", "[sml][REQ.SML.CLI.UpdateSmgwCert.10]") {
  const bytes certificate(600, 0x30);
  check_write(*update_gateway_certificate(ids, certificate), gateway_certificate, value::of_octets(certificate));
  CHECK(update_gateway_certificate(ids, {}).error().code == errc::malformed);
}

TEST_CASE("magnetic tampering is reset", "[sml][REQ.SML.CLI.ResetTamperState.10]") {
  check_write(reset_tamper_state(ids, 0x1C0304), magnetic_tamper_reset, value::of_boolean(true));
  CHECK(reset_tamper_state(ids, 0x1C0104).empty());
}

TEST_CASE("mechanical tampering is reset, both in one file", "[sml][REQ.SML.CLI.ResetTamperState.20]") {
  check_write(reset_tamper_state(ids, 0x1C0504), mechanical_tamper_reset, value::of_boolean(true));
  const auto both = reset_tamper_state(ids, status_magnetic_tamper | status_mechanical_tamper);
  CHECK(read_back(both, [](std::uint32_t, const message&) {}) == 4);
}

TEST_CASE("the measuring instant is reception minus the age of the value", "[sml][REQ.TLSHDLC.SMGW.60]") {
  const timestamp received{std::chrono::sys_days{std::chrono::year{2026} / 5 / 14} + 10h + 5200ms};
  CHECK(measured_at(received, second_index{5000}, second_index{4997}) == received - 3s);
  CHECK(measured_at(received, second_index{5000}, second_index{5000}) == received);
  CHECK(measured_at(received, second_index{UINT32_MAX}, second_index{0}) ==
        received - std::chrono::seconds{UINT32_MAX});
  CHECK(measured_at(received, second_index{5000}, second_index{5001}).error().code == errc::malformed);
}

TEST_CASE("a refTime that runs backwards is told", "[sml][REQ.TLSHDLC.SMGW.70]") {
  second_index_watch watch;
  CHECK_FALSE(watch.decremented(second_index{100}));
  CHECK_FALSE(watch.decremented(second_index{100}));
  CHECK_FALSE(watch.decremented(second_index{101}));
  CHECK(watch.decremented(second_index{5}));
  CHECK_FALSE(watch.decremented(second_index{6}));
}
