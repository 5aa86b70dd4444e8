// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// Claim: a DLMS push, from the octets of the line (HDLC, wrapper, M-Bus) to records with exact values, takes less than
// a third of the instructions of dlms_parser and a tenth of Gurux's; one protected with AES-GCM at most 15,000; no
// allocation. The peers, by callgrind over their captures of this kind: dlms_parser 81,610 plain and 121,017 with
// GCM-128; Gurux C++ (TZ=UTC) 289,129 plain, 590,109 with GCM-128, 469,103 with GCM-256. The table's peer is
// dlms_parser, which cannot read GCM-256: there it is Gurux.

#include "base/hex.hpp"
#include "protocols/dlms/push_decoder.hpp"
#include "protocols/dlms/reader.hpp"
#include "protocols/dlms/records.hpp"
#include "rounds.hpp"

#include <nlohmann/json.hpp>

#include <fstream>

using namespace smgw;
using namespace smgw::dlms;

namespace {

struct meter {
  bytes frame;
  reader line;
  push_decoder decoder;
  std::optional<cipher> keys;
};

bytes field(const nlohmann::json& row, const char* key) {
  return row.contains(key) ? *from_hex(row.at(key).get<std::string>()) : bytes{};
}

std::size_t read(meter& m) {
  std::size_t seen = 0;
  bytes_view in = m.frame;
  while (auto t = m.line.feed(in, {})) {
    if (!*t) continue;
    const auto p = m.decoder.decode((*t)->apdu, m.keys ? &*m.keys : nullptr, nullptr);
    if (!p || !*p) continue;
    record_cursor records{(**p).body()};
    for (record r; records.next(r);) seen += r.number ? 1U : 2U;
  }
  return seen;
}

/// Captures whose keys have this many octets; 0: those in plain.
std::vector<meter> meters_with(std::size_t key_octets) {
  std::vector<meter> out;
  std::ifstream in(SMGW_SOURCE_DIR "/test/vectors/dlms/dlms_public.jsonl");
  for (std::string line; std::getline(in, line);) {
    const auto row = nlohmann::json::parse(line);
    auto frame = field(row, "frame_hex");
    const auto key = field(row, "key_hex");
    const auto t = guess_transport(frame);
    if (row.at("expected").at("verdict") != "decoded" || t == transport::raw || key.size() != key_octets) continue;
    out.push_back({.frame = std::move(frame), .line = reader{t}, .decoder = {}, .keys = {}});
    const auto authentication = field(row, "auth_key_hex");
    if (!key.empty()) out.back().keys.emplace(secret{bytes_view{key}}, secret{bytes_view{authentication}});
  }
  return out;
}

bench::job job_of(const char* name, std::vector<meter>& meters, double most, double peer) {
  bench::job j{.name = name, .telegrams = meters.size(), .most_instructions = most, .peer_instructions = peer};
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
  auto plain = meters_with(0);
  auto gcm128 = meters_with(16);
  auto gcm256 = meters_with(32);
  return bench::run(argc, argv,
                    {job_of("plain", plain, 81'610.0 / 3, 81'610), job_of("gcm128", gcm128, 15'000, 121'017),
                     job_of("gcm256", gcm256, 15'000, 469'103)});
}
