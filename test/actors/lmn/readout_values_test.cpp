// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/lmn/readout_values.hpp"

#include <catch2/catch_test_macros.hpp>

#include <map>

using namespace smgw;

namespace {

std::map<std::string, std::string> values_in(std::string_view data) {
  meter_read read;
  lmn::add_readout_values(data, read);
  std::map<std::string, std::string> out;
  for (const auto& v : read.values)
    out[v.register_name.text()] = v.value.text() + " " + std::string(symbol(v.measured));
  CHECK(out.size() == read.values.size());
  return out;
}

}  // namespace

TEST_CASE("a readout's values are those with a name and a unit, several on one line too", "[lmn][d0]") {
  CHECK(values_in("F.F(00)\r\n1.8.1*01(0001.2*kWh)(0.9*kWh)1.8.2(0003.4*kWh)\r\n1-0:32.7.0(229.8*V)\r\nx(1*kWh)\r\n"
                  "0.9.1(120000)\r\n2.8.0(1.5*furlong)\r\n") ==
        std::map<std::string, std::string>{
            {"1-0:1.8.1*1", "1200 Wh"}, {"1-0:1.8.2*255", "3400 Wh"}, {"1-0:32.7.0*255", "229.8 V"}});
}

TEST_CASE("values behind a time are read: sub-meters and demands of P1", "[lmn][d0]") {
  CHECK(values_in("1-0:1.6.0(230117224500W)(04.329*kW)\r\n"
                  "0-1:24.2.1(101209112500W)(12785.123*m3)\r\n"
                  "0-2:24.2.3(230208140000W)(00865.010*m3)\r\n"
                  "1-0:99.97.0(2)(0-0:96.7.19)(101208152415W)(0000000240*s)\r\n") ==
        std::map<std::string, std::string>{
            {"1-0:1.6.0*255", "4329 W"}, {"0-1:24.2.1*255", "12785.123 m³"}, {"0-2:24.2.3*255", "865.010 m³"}});
}

TEST_CASE("gas of DSMR 2 and 3 stands on a line of its own", "[lmn][d0]") {
  CHECK(values_in("1-0:1.8.1(00123.4*kWh)\r\n"
                  "0-1:24.3.0(090212160000)(00)(60)(1)(0-1:24.2.1)(m3)\r\n(00012.345)\r\n0-1:24.4.0(1)\r\n") ==
        std::map<std::string, std::string>{{"1-0:1.8.1*255", "123400 Wh"}, {"0-1:24.2.1*255", "12.345 m³"}});
}
