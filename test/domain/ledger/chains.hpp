// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "base/octets.hpp"
#include "domain/ledger/chain.hpp"
#include "domain/lists.hpp"

namespace smgw::chains {

/// Stands in for SHA-256: the domain is handed a hash and must not depend on which.
inline ledger::digest mixing(bytes_view in) {
  ledger::digest out{};
  for (std::size_t lane = 0; lane < 4; ++lane) {
    std::uint64_t h = 0xCBF2'9CE4'8422'2325U + lane;
    for (const auto octet : in) h = (h ^ octet) * 0x100'0000'01B3U + (h >> 29U);
    for (std::size_t i = 0; i < 8; ++i) out[8 * lane + i] = static_cast<std::uint8_t>(h >> (8 * i));
  }
  return out;
}

inline ledger::record sample(unsigned i) {
  auto r = ledger::make(ledger::event::values_sent, ledger::outcome::success,
                        lists::at("2026-05-14T22:00:00Z") + std::chrono::seconds{i}, "96 values");
  r.seconds_index = 1000 + i;
  r.subject = "contract-7";
  r.user = "consumer-1";
  r.destination = "supplier";
  r.extensions = {"from 2026-05-13", "number " + std::to_string(i)};
  r.evidence = bytes(32, static_cast<std::uint8_t>(i));
  return r;
}

struct log {
  ledger::head start, end;
  std::vector<ledger::keyed> records;
};
inline log make_log(unsigned count,
                    const ledger::log_id& id = {.kind = ledger::log_kind::calibration, .consumer = {}}) {
  log l;
  l.start = l.end = ledger::begin(id, mixing);
  for (unsigned i = 0; i < count; ++i) {
    auto next = ledger::append(l.end, sample(i), mixing).value();
    l.end = next.next;
    l.records.push_back({.number = l.end.last, .stored = std::move(next.stored)});
  }
  return l;
}
inline ledger::reader read(const std::vector<ledger::keyed>& records, std::size_t from = 0) {
  return [&records, i = from]() mutable -> std::optional<ledger::keyed> {
    return i < records.size() ? std::optional{records[i++]} : std::nullopt;
  };
}

}  // namespace smgw::chains
