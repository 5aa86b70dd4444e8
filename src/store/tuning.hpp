// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include <cstddef>

/// Sizes of RocksDB for a gateway: with its defaults it takes 64 MiB per table and four threads; with these about
/// 3 MiB in all. Writes are a few hundred octets each, so small buffers cost nothing.
namespace smgw::store::tuning {

inline constexpr std::size_t write_buffer = 256UL * 1024;       ///< per table, before it is flushed
inline constexpr std::size_t all_write_buffers = 512UL * 1024;  ///< of all tables together
inline constexpr std::size_t arena_block = 16UL * 1024;         ///< memory is taken in these steps
inline constexpr std::size_t cache = 512UL * 1024;              ///< blocks, indexes and filters
inline constexpr std::size_t block = 4096;                      ///< unit of reading
inline constexpr double filter_bits = 8;                        ///< per key: 2 % of the questions for absent rows read
inline constexpr std::size_t file_size = 1024UL * 1024;         ///< of one file of rows
inline constexpr std::size_t log_size = 1024UL * 1024;          ///< write-ahead log: bounds the time to open
inline constexpr std::size_t manifest = 64UL * 1024;            ///< list of files
inline constexpr std::size_t file_buffer = 64UL * 1024;         ///< reading ahead, writing behind
inline constexpr int open_files = 32;                           ///< kept open

inline constexpr std::size_t max_error_text = 300;  ///< of RocksDB's own words

}  // namespace smgw::store::tuning
