// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include <smgw/types.hpp>

#include <array>
#include <string>

/// Firmware updates: what an image says of itself, and the way from its transfer to its confirmation.
namespace smgw::firmware {

inline constexpr std::uint64_t max_image = std::uint64_t{1} << 30;
inline constexpr std::size_t max_manifest = 4096;

/// `1.4.12`; each part up to 65535.
struct version {
  std::array<std::uint16_t, 3> parts{};
  [[nodiscard]] static expected<version> parse(std::string_view text);
  [[nodiscard]] std::string text() const;
  friend auto operator<=>(const version&, const version&) = default;
};

/// PROPOSED: a JSON document inside a CMS SignedData of the manufacturer (GWH):
/// {"firmware": 1, "product": "smgw", "version": "0.2.0", "size": 1234, "sha256": "…", "path": "firmware/0.2.0.img"}
struct manifest {
  std::string product;
  firmware::version version;
  std::uint64_t size = 0;
  std::array<std::uint8_t, 32> sha256{};
  std::string path;  ///< at the administrator's service address, below its point of contact
  friend bool operator==(const manifest&, const manifest&) = default;
};
/// malformed (also: an unknown member), exhausted.
[[nodiscard]] expected<manifest> read_manifest(std::string_view json);
[[nodiscard]] std::string write_manifest(const manifest& m);
/// Whether the image is one for this gateway. denied: another product; conflict: older than what runs, or the same.
[[nodiscard]] expected<void> check(const manifest& m, std::string_view product, const version& running);

}  // namespace smgw::firmware
