// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The consumer's page as it is in the binary (src/web/dist, made by cmake/embed.cmake).

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace smgw::web {

/// Bounds that the tests hold the page to.
inline constexpr std::size_t max_compressed = 150 * 1024;  ///< octets of all files together
inline constexpr std::size_t max_header_field = 250;       ///< with CR LF (REQ.Webservice.HttpClient.100)

/// One file of the page. There is only its gzip form: send it with `Content-Encoding: gzip`, or answer 406 to whoever
/// refuses that coding.
struct file {
  std::string_view path;          ///< `/assets/page.js`
  std::string_view content_type;  ///< `text/javascript; charset=utf-8`
  std::string_view etag;          ///< strong, of the gzip form, with its quote marks
  std::span<const std::uint8_t> gzip;
};
/// Sorted by path.
[[nodiscard]] std::span<const file> files() noexcept;
/// The file at this path; `/` is `/index.html`. Null: no such file.
[[nodiscard]] const file* find(std::string_view path) noexcept;

struct header {
  std::string_view name;
  std::string_view value;
};
/// What goes out with every file: the content security policy and its like (src/web/headers.json).
[[nodiscard]] std::span<const header> headers() noexcept;

}  // namespace smgw::web
