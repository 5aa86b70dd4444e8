// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/http/coding.hpp"

#include "base/check.hpp"
#include "protocols/http/media.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>

namespace smgw::http {
namespace {

constexpr std::size_t max_input = std::size_t{1} << 30;  ///< zlib counts in 32 bits
constexpr int window = 15, gzip_format = 16, any_format = 32;
constexpr int memory_level = 8;

expected<bytes> compress(bytes_view in, bool gzip) {
  z_stream z{};
  if (in.size() > max_input || deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window + (gzip ? gzip_format : 0),
                                            memory_level, Z_DEFAULT_STRATEGY) != Z_OK)
    return fail(errc::internal, "zlib");
  bytes out(deflateBound(&z, static_cast<uLong>(in.size())));
  z.next_in = const_cast<Bytef*>(in.data());
  z.avail_in = static_cast<uInt>(in.size());
  z.next_out = out.data();
  z.avail_out = static_cast<uInt>(out.size());
  const auto code = deflate(&z, Z_FINISH);
  out.resize(z.total_out);
  deflateEnd(&z);
  if (code != Z_STREAM_END) return fail(errc::internal, "zlib");
  return out;
}

expected<void> inflate_into(z_stream& z, bytes& out, std::size_t limit) {
  std::array<Bytef, 16384> piece{};
  for (;;) {
    z.next_out = piece.data();
    z.avail_out = static_cast<uInt>(piece.size());
    const auto code = inflate(&z, Z_NO_FLUSH);
    const auto got = piece.size() - z.avail_out;
    if (got > limit - out.size()) return fail(errc::exhausted, "the body inflates to more than allowed");
    out.insert(out.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(got));
    if (code == Z_STREAM_END) break;
    if (code != Z_OK || (z.avail_in == 0 && got == 0)) return fail(errc::malformed, "Content-Encoding: broken stream");
  }
  if (z.avail_in != 0) return fail(errc::malformed, "Content-Encoding: octets behind the stream");
  return {};
}

expected<bytes> decompress(bytes_view in, std::size_t limit) {
  z_stream z{};
  if (in.size() > max_input) return fail(errc::exhausted, "the body is too large");
  if (inflateInit2(&z, window + any_format) != Z_OK) return fail(errc::internal, "zlib");
  z.next_in = const_cast<Bytef*>(in.data());
  z.avail_in = static_cast<uInt>(in.size());
  bytes out;
  const auto done = inflate_into(z, out, limit);
  inflateEnd(&z);
  SMGW_CHECK(done);
  return out;
}

}  // namespace

std::string_view to_string(coding c) noexcept {
  switch (c) {
    case coding::zlib_token: return "zlib";
    case coding::gzip: return "gzip";
    case coding::deflate: return "deflate";
  }
  return "";
}

expected<void> compress_body(request& r, coding with) {
  const auto kind = classify(r.headers.get("Content-Type"));
  const bool meant = kind && (*kind == body_kind::json || *kind == body_kind::xml);
  if (r.verb != method::post || !meant || r.body.empty()) return {};
  if (r.headers.find("Content-Encoding") != nullptr) return fail(errc::conflict, "the body is encoded already");
  SMGW_TRY(r.body, compress(r.body, with != coding::deflate));
  r.headers.add("Content-Encoding", std::string{to_string(with)});
  return {};
}

expected<bytes> decoded_body(const fields& headers, bytes_view body, std::size_t limit) {
  const auto named = headers.get("Content-Encoding");
  if (headers.count("Content-Encoding") > 1) return fail(errc::unsupported, "Content-Encoding more than once");
  if (named.empty() || same_token(named, "identity")) {
    if (body.size() > limit) return fail(errc::exhausted, "the body is too large");
    return bytes(body.begin(), body.end());
  }
  constexpr std::array known{coding::zlib_token, coding::gzip, coding::deflate};
  if (std::ranges::none_of(known, [&](coding c) { return same_token(named, to_string(c)); }))
    return fail(errc::unsupported, "Content-Encoding: gzip or deflate");
  return decompress(body, limit);
}

}  // namespace smgw::http
