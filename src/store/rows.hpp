// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// What the tables of the store hold, as their users see it.

#include <smgw/types.hpp>

#include <optional>
#include <string>
#include <vector>

namespace smgw::store {

// Bounds of one cell (ours: a gateway's data is small, and what is larger is a fault of the caller).
inline constexpr std::size_t max_name = 255;                   ///< octets of a name of any kind
inline constexpr std::size_t max_signature = 512;              ///< octets of an inner signature (P-521: 132)
inline constexpr std::size_t max_state = 256UL * 1024;         ///< octets of a state blob
inline constexpr std::size_t max_content = 4UL * 1024 * 1024;  ///< octets of an outbox item
inline constexpr std::size_t max_context = 4096;               ///< octets of an item's context, description, errors
inline constexpr std::size_t max_record = 64UL * 1024;         ///< octets of a ledger record (domain: 24 KiB)
inline constexpr std::size_t max_profile = 1024UL * 1024;      ///< octets of a profile
inline constexpr std::size_t max_lists = 4096;                 ///< original value lists
inline constexpr std::size_t max_logs = 1024;                  ///< ledgers: system, calibration, one per consumer
inline constexpr std::size_t max_page = 100'000;               ///< entries of one reading call

/// Names one original value list: one register of one meter, in one registration period.
struct list_name {
  device_id meter;
  obis register_name;
  std::chrono::seconds period{};
  friend auto operator<=>(const list_name&, const list_name&) = default;
};

/// One place of a list.
struct slot {
  list_name list;
  timestamp target{};
  friend auto operator<=>(const slot&, const slot&) = default;
};

/// Something to be delivered.
struct outbox_item {
  std::string recipient;      ///< id of the communication profile; never empty
  std::string kind;           ///< what the content is, for whoever sends it
  timestamp created{};        ///< when it was made
  timestamp not_before{};     ///< when it may be tried first
  std::uint8_t priority = 0;  ///< higher goes first; equal ones go oldest first
  std::string description;    ///< for people
  bytes context;              ///< opaque to the store: whatever the sender wants back besides the content
  bytes content;              ///< what is sent
  friend bool operator==(const outbox_item&, const outbox_item&) = default;
};

/// An item as it lies in the outbox.
struct outbox_entry {
  std::uint64_t sequence = 0;  ///< grows with each item, never used twice
  outbox_item item;
  std::uint32_t attempts = 0;
  timestamp next_try{};
  std::string last_error;
  bool set_aside = false;  ///< not tried any more until it is put back
};

/// What lies in the outbox for one recipient (or for all).
struct outbox_count {
  std::size_t waiting = 0;
  std::size_t set_aside = 0;
  std::uint64_t content_bytes = 0;      ///< of both
  std::optional<timestamp> next_try;    ///< earliest of the waiting ones
  std::optional<std::uint64_t> oldest;  ///< lowest sequence of the waiting ones
};

/// One record of a ledger.
struct log_record {
  std::uint64_t number = 0;
  bytes content;
  friend bool operator==(const log_record&, const log_record&) = default;
};

/// Which records of a ledger there are: `first` to `last`, without a gap; first = last + 1: none (any more).
struct log_range {
  std::uint64_t first = 1;
  std::uint64_t last = 0;
  friend bool operator==(const log_range&, const log_range&) = default;
};

/// One version of a profile.
struct profile_blob {
  std::string name;
  std::uint32_t version = 0;
  bytes json;
  friend bool operator==(const profile_blob&, const profile_blob&) = default;
};

}  // namespace smgw::store
