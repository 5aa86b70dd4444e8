// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#pragma once

#include "base/hex.hpp"
#include "base/octets.hpp"
#include "protocols/d0/encode.hpp"

#include <nlohmann/json.hpp>

#include <fstream>

namespace smgw::d0::samples {

inline bytes octets(std::string_view text) {
  const auto view = as_bytes(text);
  return {view.begin(), view.end()};
}

/// A meter with a register, a maximum with its time, and an error register.
inline readout_to_send meter() {
  return {.manufacturer = "SMG",
          .baud = '5',
          .identification = "TEST-1",
          .lines = {
              {"F.F", {"00"}}, {"1-0:1.8.0*255", {"0008048.375*kWh"}}, {"1-0:1.6.0*255", {"02.468*kW", "1703100930"}}}};
}

/// The captured telegrams of the project, each parsed.
inline std::vector<nlohmann::json> rows() {
  std::vector<nlohmann::json> out;
  std::ifstream in(SMGW_SOURCE_DIR "/test/vectors/d0/d0_public.jsonl");
  for (std::string line; std::getline(in, line);) out.push_back(nlohmann::json::parse(line));
  return out;
}

}  // namespace smgw::d0::samples
