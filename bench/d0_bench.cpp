// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// Claim: readouts by IEC 62056-21 and P1, from the octets of the line to exact quantities, take no allocation. No peer
// has been measured; a P1 meter sends a thousand octets each second.

#include "base/hex.hpp"
#include "protocols/d0/reader.hpp"
#include "rounds.hpp"

#include <nlohmann/json.hpp>

#include <fstream>

using namespace smgw;
using namespace smgw::d0;

namespace {

struct meter {
  bytes frame;
  reader line{{.pause = default_pause, .accept_damaged = true}};
};

std::size_t read(meter& m) {
  std::size_t seen = 0;
  bytes_view in = m.frame;
  while (auto got = m.line.feed(in, {})) {
    if (!*got) continue;
    line_cursor lines{(*got)->data};
    while (auto line = lines.next()) {
      if (!*line) continue;
      seen += name_of((*line)->code) ? 1U : 0U;
      while (const auto v = (*line)->next()) seen += quantity_of(*v) ? 1U : 0U;
    }
  }
  return seen;
}

/// Captures of P1 (with its CRC), or of D0.
std::vector<meter> meters_of(bool p1) {
  std::vector<meter> out;
  std::ifstream in(SMGW_SOURCE_DIR "/test/vectors/d0/d0_public.jsonl");
  for (std::string line; std::getline(in, line);) {
    const auto row = nlohmann::json::parse(line);
    if (row.at("expected").contains("crc16_ok") != p1) continue;
    out.push_back({.frame = *from_hex(row.at("frame_hex").get<std::string>())});
  }
  return out;
}

bench::job job_of(const char* name, std::vector<meter>& meters) {
  bench::job j{.name = name, .telegrams = meters.size()};
  for (const auto& m : meters) j.octets += m.frame.size();
  j.round = [&meters] {
    std::size_t seen = 0;
    for (auto& m : meters) seen += read(m);
    return seen;
  };
  return j;
}

}  // namespace

int main(int argc, char** argv) {
  auto p1 = meters_of(true);
  auto d0 = meters_of(false);
  return bench::run(argc, argv, {job_of("p1", p1), job_of("d0", d0)});
}
