// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// What a fault of RocksDB means to whoever uses the store. Its own codes say where it happened, not what can be done.

#include <smgw/types.hpp>

namespace rocksdb {
class Status;
}

namespace smgw::store {

/// exhausted: the disk is full; malformed: damaged or missing files; conflict: another process has them; unavailable:
/// it may work later; unsupported, internal: neither the disk nor time mends it.
[[nodiscard]] std::unexpected<error> refuse(std::string_view action, const rocksdb::Status& s);

}  // namespace smgw::store
