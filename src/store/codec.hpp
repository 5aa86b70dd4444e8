// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Plain text of cells and the sortable parts of row keys. One form for each value; everything else is malformed.

#include "store/cell_cipher.hpp"
#include "store/rows.hpp"

namespace smgw::store {

/// Octets that sort as the instants do.
void put_sorted(bytes& out, timestamp t);
[[nodiscard]] expected<timestamp> take_sorted(bytes_view& in);

/// `hidden ‖ number` and `hidden ‖ instant`: rows of one list, ledger or profile lie together and in order.
[[nodiscard]] bytes row_key(const hidden_name& name);
[[nodiscard]] bytes row_key(const hidden_name& name, std::uint64_t number);
[[nodiscard]] bytes row_key(const hidden_name& name, timestamp at);
[[nodiscard]] bytes row_key(std::uint64_t number);
/// The first key behind all rows of this name.
[[nodiscard]] bytes after_rows(const hidden_name& name);

[[nodiscard]] bytes encode(const list_name& list);
[[nodiscard]] expected<list_name> decode_list(bytes_view in);

struct stored_entry {
  std::chrono::seconds period{};
  list_entry entry;
};
[[nodiscard]] bytes encode(std::chrono::seconds period, const list_entry& entry);
[[nodiscard]] expected<stored_entry> decode_entry(bytes_view in);

struct stored_state {
  std::string name;
  bytes value;
};
[[nodiscard]] bytes encode_state(std::string_view name, bytes_view value);
[[nodiscard]] expected<stored_state> decode_state(bytes_view in);

/// An outbox entry without its content, which has a row of its own.
struct stored_head {
  outbox_entry entry;
  std::uint32_t content_size = 0;
};
[[nodiscard]] bytes encode_head(const outbox_entry& entry, std::uint32_t content_size);
[[nodiscard]] expected<stored_head> decode_head(bytes_view in);

struct stored_range {
  std::string log;
  log_range range;
};
[[nodiscard]] bytes encode_range(std::string_view log, const log_range& range);
[[nodiscard]] expected<stored_range> decode_range(bytes_view in);

[[nodiscard]] bytes encode_profile(std::string_view name, std::uint32_t version, bytes_view json);
[[nodiscard]] expected<profile_blob> decode_profile(bytes_view in);

[[nodiscard]] bytes encode_number(std::uint64_t n);
[[nodiscard]] expected<std::uint64_t> decode_number(bytes_view in);

}  // namespace smgw::store
