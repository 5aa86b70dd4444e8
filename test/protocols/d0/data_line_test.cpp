// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/d0/data_line.hpp"

#include "protocols/d0/checksum.hpp"
#include "protocols/d0/identification.hpp"
#include "protocols/d0/samples.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::d0;

TEST_CASE("identification lines are read with rate and mode") {
  const auto id = read_identification("/ISk5\\2MT382-1000");
  REQUIRE(id);
  CHECK(id->manufacturer == "ISk");
  CHECK(id->baud == '5');
  CHECK(id->enhanced == '2');
  CHECK(id->text == "MT382-1000");
  CHECK(id->baud_rate() == 9600);
  CHECK(id->mode_c());
  CHECK(read_identification("/ELS5\\@V9.30 ")->text == "\\@V9.30 ");
  CHECK(read_identification("/KAM5")->text.empty());
  CHECK(read_identification("/ABCAmeter")->baud_rate() == 600);
  CHECK(read_identification("/ABCFmeter")->baud_rate() == 19200);
  CHECK_FALSE(read_identification("/ABCAmeter")->mode_c());
  CHECK_FALSE(read_identification("/ABC meter")->baud_rate());
  CHECK(baud_of('0') == 300);
  CHECK(baud_of('6') == 19200);
  CHECK_FALSE(baud_of('7'));
  for (const auto* text : {"", "/", "/ISk", "ISk5meter", "/I1k5meter", "/?!xx"})
    CHECK(read_identification(text).error().code == errc::malformed);
  CHECK(read_identification("/ISk5" + std::string(200, 'x')).error().code == errc::malformed);
}

TEST_CASE("a data line has a code and values") {
  auto line = read_data_line("1-0:1.6.0*255(02.468*kW)(1703100930)()");
  REQUIRE(line);
  CHECK(line->code == "1-0:1.6.0*255");
  const auto first = line->next();
  CHECK(first->raw == "02.468*kW");
  CHECK(first->text == "02.468");
  CHECK(first->unit == "kW");
  CHECK(line->next()->raw == "1703100930");
  CHECK(line->next()->raw.empty());
  CHECK_FALSE(line->next());
  CHECK(read_data_line("(00000.000)")->code.empty());
  for (const auto* text : {"", "1.8.0", "1.8.0(1", "1.8.0(1)x", "1.8.0(1)x(2)", "1.8.0((1))", "1.8.0(1(2)"})
    CHECK(read_data_line(text).error().code == errc::malformed);
  CHECK(read_data_line("1.8.0(" + std::string(max_line, '0') + ")").error().code == errc::exhausted);
}

TEST_CASE("codes are names, reduced ones too") {
  CHECK(name_of("1-0:1.8.0*255")->text() == "1-0:1.8.0*255");
  CHECK(name_of("1-0:1.8.0*03")->code[5] == 3);
  CHECK(name_of("1.8.0&03")->code[5] == 3);
  CHECK(name_of("1.8.0")->text() == "1-0:1.8.0*255");
  CHECK(name_of("1.8")->text() == "1-0:1.8.255*255");
  CHECK(name_of("F.F")->hex() == "01006161ffff");
  CHECK(name_of("C.1.0")->hex() == "0100600100ff");
  CHECK(name_of("0-0:C.1.0*255")->hex() == "0000600100ff");
  CHECK(name_of("0-1:24.2.1")->hex() == "0001180201ff");
  for (const auto* text :
       {"", "1", "1.8.0.0", "1-0:1.8.256", "1-0:.8.0", "x.8.0", "1-0:1.8.0*", "1:0-1.8.0", "1.8.0*x"})
    CHECK_FALSE(name_of(text));
}

TEST_CASE("quantities are exact, with the prefix of the unit in the scaler") {
  const auto read = [](std::string_view text, std::string_view unit_text) {
    return quantity_of({.raw = {}, .text = text, .unit = unit_text});
  };
  CHECK(read("0008048.375", "kWh")->number == decimal{8048375, 0});
  CHECK(read("0008048.375", "kWh")->measured == unit::watt_hour);
  CHECK(read("00.003", "kVArh")->number == decimal{3, 0});
  CHECK(read("00.003", "kvarh")->measured == unit::var_hour);
  CHECK(read("-1.5", "MW")->number == decimal{-15, 5});
  CHECK(read("+230.1", "V")->number == decimal{2301, -1});
  CHECK(read("000", "A")->number == decimal{0, 0});
  CHECK(read("   12.5 ", "kW")->number == decimal{125, 2});  // filled up with blanks
  CHECK(read("12785.123", "m3")->measured == unit::cubic_metre);
  CHECK(read("1.234", "GJ")->measured == unit{25});
  CHECK(read("001.476", "m3ph")->measured == unit{15});
  CHECK(read("0030710", "h")->measured == unit{5});
  CHECK(read("15", "min")->measured == unit{6});
  CHECK(read("00000001", "secs")->measured == unit::second);
  CHECK(read("5", "furlong")->measured == unit::none);
  CHECK(read("0000000000000000000000000000000012", "")->number == decimal{12, 0});
  CHECK(read("999999999999999999", "")->number.value == 999'999'999'999'999'999);
  for (const auto* text : {"", ".", "-", "1.2.3", "1e5", "1 2", "  ", "0x12", "12345678901234567890"})
    CHECK_FALSE(read(text, "kWh"));
}

TEST_CASE("checksums agree with their published check values") {
  CHECK(crc16(as_bytes("123456789")) == 0xBB3D);
  CHECK(crc16({}) == 0);
  CHECK(block_check(bytes{0x31, 0x32, 0x03}) == (0x31 ^ 0x32 ^ 0x03));
  CHECK(block_check(bytes{0x80}) == 0);
}

TEST_CASE("even parity is taken off as a whole or not at all") {
  bytes with{0xAF, 0x21, 0x8D, 0x0A, 0x03, 0x82};
  CHECK(take_parity_off(with));
  CHECK(with == bytes{'/', '!', '\r', '\n', 0x03, 0x02});
  bytes odd{0xAF, 0x2F};
  CHECK_FALSE(take_parity_off(odd));
  CHECK(odd == bytes{0xAF, 0x2F});
}
