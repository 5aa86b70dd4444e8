// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/cms/compressed_data.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"
#include "protocols/cms/der.hpp"
#include "protocols/cms/oids.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <utility>

namespace smgw::cms {
namespace {

constexpr std::size_t first_guess = 4096;

expected<bytes> inflate_all(bytes_view in, std::size_t limit) {
  z_stream z{};
  if (inflateInit(&z) != Z_OK) return fail(errc::internal, "zlib");
  struct guard {
    z_stream* z;
    ~guard() { inflateEnd(z); }
  } const ends{&z};
  // max_message is far below 2^32, so that avail_in and avail_out hold every size here.
  z.next_in = const_cast<Bytef*>(in.data());
  z.avail_in = static_cast<uInt>(in.size());
  bytes out(std::min(limit, std::max(first_guess, 4 * in.size())));
  std::size_t used = 0;
  for (;;) {
    z.next_out = out.data() + used;
    z.avail_out = static_cast<uInt>(out.size() - used);
    const auto code = inflate(&z, Z_NO_FLUSH);
    used = out.size() - z.avail_out;
    if (code == Z_STREAM_END) break;
    if (code != Z_OK && code != Z_BUF_ERROR) return fail(errc::malformed, "zlib stream");
    if (z.avail_out != 0) return fail(errc::malformed, "zlib stream ends too early");
    if (out.size() == limit) {
      // The stream may end exactly here, with only its checksum left to read.
      Bytef none = 0;
      z.next_out = &none;
      z.avail_out = 1;
      if (inflate(&z, Z_NO_FLUSH) == Z_STREAM_END && z.avail_out == 1) break;
      return fail(errc::exhausted, "inflates to more than allowed");
    }
    out.resize(std::min(limit, 2 * out.size()));
  }
  if (z.avail_in != 0) return fail(errc::malformed, "octets behind the zlib stream");
  out.resize(used);
  return out;
}

expected<bytes> deflate_all(bytes_view in) {
  uLongf size = compressBound(static_cast<uLong>(in.size()));
  bytes out(size);
  if (compress2(out.data(), &size, in.data(), static_cast<uLong>(in.size()), Z_DEFAULT_COMPRESSION) != Z_OK)
    return fail(errc::internal, "zlib");
  out.resize(size);
  return out;
}

// Deflate blocks without content (RFC 1951, 3.2.4 and 3.2.6): a stored one of five octets; with one or two of the fixed
// code before it, six or seven.
constexpr std::array<std::uint8_t, 5> empty5{0x00, 0x00, 0x00, 0xFF, 0xFF};
constexpr std::array<std::uint8_t, 6> empty6{0x02, 0x00, 0x00, 0x00, 0xFF, 0xFF};
constexpr std::array<std::uint8_t, 7> empty7{0x02, 0x08, 0x00, 0x00, 0x00, 0xFF, 0xFF};
constexpr std::size_t always_fillable = 10;

/// Exactly `n` octets of empty blocks; n is at least always_fillable.
void put_empty_blocks(bytes& out, std::size_t n) {
  constexpr std::array<std::pair<std::size_t, std::size_t>, 5> rests{{{0, 0}, {1, 0}, {0, 1}, {1, 1}, {0, 2}}};
  const auto [sixes, sevens] = rests[n % 5];
  for (std::size_t i = 0; i < sixes; ++i, n -= 6) put(out, empty6);
  for (std::size_t i = 0; i < sevens; ++i, n -= 7) put(out, empty7);
  for (; n > 0; n -= 5) put(out, empty5);
}

expected<bytes> deflate_filled(bytes_view in, std::size_t fill_to) {
  z_stream z{};
  if (deflateInit(&z, Z_DEFAULT_COMPRESSION) != Z_OK) return fail(errc::internal, "zlib");
  struct guard {
    z_stream* z;
    ~guard() { deflateEnd(z); }
  } const ends{&z};
  bytes out(deflateBound(&z, static_cast<uLong>(in.size())) + 64);
  z.next_in = const_cast<Bytef*>(in.data());
  z.avail_in = static_cast<uInt>(in.size());
  z.next_out = out.data();
  z.avail_out = static_cast<uInt>(out.size());
  // After this the stream stands at the border of an octet.
  if (deflate(&z, Z_SYNC_FLUSH) != Z_OK || z.avail_in != 0) return fail(errc::internal, "zlib");
  out.resize(out.size() - z.avail_out);
  std::array<std::uint8_t, 64> end{};
  z.next_out = end.data();
  z.avail_out = end.size();
  if (deflate(&z, Z_FINISH) != Z_STREAM_END) return fail(errc::internal, "zlib");
  const auto tail = end.size() - z.avail_out;
  const auto size = out.size() + tail + always_fillable;
  put_empty_blocks(out, (size + fill_to - 1) / fill_to * fill_to - size + always_fillable);
  put(out, bytes_view{end}.first(tail));
  return out;
}

}  // namespace

expected<bytes> compress(bytes_view content, std::size_t fill_to) {
  if (content.size() > max_message || fill_to > max_message) return fail(errc::exhausted, "content too long");
  SMGW_TRY(const auto stream, fill_to == 0 ? deflate_all(content) : deflate_filled(content, fill_to));
  const bytes version{der::integer, 1, 0};
  const auto algorithm = der::make(der::sequence, oids::zlib_compress);
  const auto octets = der::header_size(stream.size()) + stream.size();
  const auto inner = der::header_size(octets) + octets;
  const auto encapsulated = oids::data.size() + inner;
  bytes out;
  out.reserve(stream.size() + 64);
  der::put_header(out, der::sequence,
                  version.size() + algorithm.size() + der::header_size(encapsulated) + encapsulated);
  put(out, version);
  put(out, algorithm);
  der::put_header(out, der::sequence, encapsulated);
  put(out, oids::data);
  der::put_header(out, der::constructed(0), octets);
  der::put_element(out, der::octet_string, stream);
  return out;
}

expected<bytes> decompress(bytes_view compressed_data, std::size_t limit) {
  SMGW_TRY(const auto body, der::only(compressed_data, der::sequence));
  der::reader r{body};
  SMGW_TRY(const auto version, r.next_small());
  if (version != 0) return fail(errc::malformed, "CompressedData version");
  SMGW_TRY(const auto algorithm, r.next(der::sequence));
  if (!std::ranges::equal(algorithm, oids::zlib_compress)) return fail(errc::unsupported, "compression algorithm");
  SMGW_TRY(const auto encapsulated, r.next(der::sequence));
  SMGW_CHECK(r.finish());
  der::reader inner{encapsulated};
  SMGW_TRY(const auto type, inner.next());
  SMGW_TRY(const auto wrapped, inner.next(der::constructed(0)));
  SMGW_CHECK(inner.finish());
  if (!std::ranges::equal(type.whole, oids::data)) return fail(errc::unsupported, "type of the compressed content");
  SMGW_TRY(const auto stream, der::only(wrapped, der::octet_string));
  return inflate_all(stream, std::min(limit, max_message));
}

}  // namespace smgw::cms
