// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "domain/ledger/event.hpp"

#include <smgw/types.hpp>

#include <string>
#include <vector>

namespace smgw::ledger {

inline constexpr std::size_t max_text = 8192;      ///< XSD LogEvent text
inline constexpr std::size_t max_identity = 255;   ///< identities and destinations (ours)
inline constexpr std::size_t max_extensions = 16;  ///< message extensions (ours)
inline constexpr std::size_t max_extension = 512;  ///< octets of one (ours)
inline constexpr std::size_t max_evidence = 64;    ///< octets; XSD: 128 hexadecimal digits
/// Upper bound of an encoded record.
inline constexpr std::size_t max_encoded = 24 * 1024;

/// One record of a log (VDE-AR-E 2418-6 LogEntry, with the fields field devices add).
struct record {
  std::uint32_t number = 0;         ///< monotone, gapless in its log; 1 is the first; set by `append`
  std::uint32_t parent = 0;         ///< number of the record that began the chain of events; 0: itself
  std::uint32_t repetitions = 1;    ///< how often it happened since the first of its kind
  timestamp at{};                   ///< UTC, kept to the millisecond
  std::uint64_t seconds_index = 0;  ///< operating seconds, monotone
  std::string vendor = "SMGW";      ///< FLAG code or `BSI`
  event id = event::started;
  std::uint32_t sub_id = 0;
  ledger::level level = ledger::level::info;
  ledger::outcome outcome = ledger::outcome::success;
  std::string subject;      ///< who caused it
  std::string user;         ///< consumer it concerns
  std::string destination;  ///< where data went
  std::string text;         ///< for people; UTF-8
  std::vector<std::string> extensions;
  bytes evidence;  ///< signature or hash that proves it
  friend bool operator==(const record&, const record&) = default;
};

/// A record of the catalogue with its usual level; the caller fills in the rest.
[[nodiscard]] record make(event id, outcome result, timestamp at, std::string text);

/// The canonical encoding: exactly one form for each record (layout in record.cpp). exhausted: a field is too long.
[[nodiscard]] expected<bytes> encode(const record& r);
/// Refuses every other form (malformed, truncated).
[[nodiscard]] expected<record> decode_record(bytes_view in);

/// `2026-05-14T22:00:01Z #17 INFO 6002 SUCCESS …`
[[nodiscard]] std::string to_text(const record& r);
/// One JSON object without line breaks.
[[nodiscard]] std::string to_json_line(const record& r);

}  // namespace smgw::ledger
