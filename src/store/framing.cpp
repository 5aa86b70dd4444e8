// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "store/framing.hpp"

#include "base/check.hpp"

#include <fstream>
#include <span>
#include <string>
#include <vector>

namespace smgw::store {
namespace {

/// RocksDB's log format: blocks of 32 KiB; a record is CRC (4), length (2, little endian), type (1) and its content,
/// and no header crosses a block.
constexpr std::size_t block_size = 32768;
constexpr std::size_t header_size = 7;
/// Padding, the four parts of a record, compression type, time stamp size: what a log that is not reused has.
constexpr bool is_known(std::uint8_t type) { return type <= 4 || type == 9 || type == 10; }

expected<void> check_block(std::span<const std::uint8_t> block, const std::string& file) {
  while (block.size() >= header_size) {
    const std::size_t length = block[4] | static_cast<std::size_t>(block[5]) << 8;
    if (!is_known(block[6]))
      return fail(errc::malformed,
                  "store: damaged or missing file: " + file + " has a record of type " + std::to_string(block[6]));
    if (block[6] == 0 && length == 0) return {};         // space that was reserved
    if (header_size + length > block.size()) return {};  // torn, or a length that RocksDB will refuse
    block = block.subspan(header_size + length);
  }
  return {};
}

expected<void> check_file(const std::filesystem::path& path) {
  std::ifstream in{path, std::ios::binary};
  std::vector<std::uint8_t> block(block_size);
  while (in) {
    in.read(reinterpret_cast<char*>(block.data()), static_cast<std::streamsize>(block.size()));
    SMGW_CHECK(check_block(std::span{block}.first(static_cast<std::size_t>(in.gcount())), path.string()));
  }
  return {};
}

}  // namespace

expected<void> check_framing(const std::filesystem::path& folder) {
  std::error_code ec;
  for (std::filesystem::directory_iterator it(folder, ec), end; !ec && it != end; it.increment(ec)) {
    const auto name = it->path().filename().string();
    if (name.starts_with("MANIFEST-") || name.ends_with(".log")) SMGW_CHECK(check_file(it->path()));
  }
  return {};
}

}  // namespace smgw::store
