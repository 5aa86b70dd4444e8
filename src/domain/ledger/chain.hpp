// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "domain/ledger/record.hpp"

#include <array>
#include <functional>
#include <optional>

namespace smgw::ledger {

using digest = std::array<std::uint8_t, 32>;
/// SHA-256, passed in by whoever has one.
using hash_function = std::function<digest(bytes_view)>;

/// Which log this is: the system log, the calibration log, or that of one consumer.
struct log_id {
  log_kind kind = log_kind::system;
  std::string consumer;  ///< consumer logs only
  friend auto operator<=>(const log_id&, const log_id&) = default;
};

/// The end of a chain, or the point from which a chain is verified.
struct head {
  log_id log;
  std::uint32_t last = 0;  ///< number of the newest record; 0: none yet
  digest hash{};           ///< h of that record; of an empty log: hash over its identity
  friend bool operator==(const head&, const head&) = default;
};
[[nodiscard]] head begin(const log_id& log, const hash_function& hash);

struct appended {
  bytes stored;  ///< record and chain hash, as the store keeps them under key `next.last`
  head next;
};
/// h_i = H(h_{i-1} ‖ tag of the log ‖ encoding of record i); stored are tag, encoding and h_i. Sets the number; a
/// parent of 0 becomes the record itself. exhausted: a field is too long or the numbers are used up.
[[nodiscard]] expected<appended> append(const head& previous, record r, const hash_function& hash);

/// What the store keeps for one record.
struct stored_record {
  record value;
  digest hash{};
};
[[nodiscard]] expected<stored_record> decode_stored(bytes_view in);

enum class fault_kind : std::uint8_t { tampered, missing, reordered, wrong_log, unreadable };
[[nodiscard]] std::string_view to_string(fault_kind k) noexcept;
struct fault {
  fault_kind kind = fault_kind::tampered;
  std::uint32_t number = 0;  ///< of the first record concerned
  friend bool operator==(const fault&, const fault&) = default;
};

/// Records oldest first, as (key, stored octets); nothing after the last.
struct keyed {
  std::uint32_t number = 0;
  bytes stored;
};
using reader = std::function<std::optional<keyed>()>;

/// Reads from after `from` to the end and names the first fault; nothing: the chain is whole.
/// With `to`, the chain must end exactly there (a cut tail is a missing record).
[[nodiscard]] std::optional<fault> verify(const head& from, const std::optional<head>& to, const reader& next,
                                          const hash_function& hash);

}  // namespace smgw::ledger
