// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

/// \file
/// Every decoder of CMS on hostile octets. The key agreement answers a constant, so that the seeds open; what opens is
/// sealed and opened again.

#include "base/check.hpp"
#include "base/hex.hpp"
#include "protocols/cms/compressed_data.hpp"
#include "protocols/cms/content_info.hpp"
#include "protocols/cms/der.hpp"
#include "protocols/cms/protect.hpp"

using namespace smgw;
using namespace smgw::cms;

namespace {

constexpr std::size_t inflated = 1 << 20;

/// The base point of brainpoolP256r1: a key whose private part is 1.
const bytes& point() {
  static const bytes p = *from_hex(
      "048bd2aeb9cb7e57cb2c4b482ffc81b7afb9de27e1e3bd23c23a4453bd9ace3262"
      "547ef835c3dac4fd97f8461a14611dc9c27745132ded8e545c1d54c72f046997");
  return p;
}
expected<secret> agree(bytes_view) { return secret{bytes_view{bytes(32, 0x5a)}}; }
expected<own_key> own(bytes_view) { return own_key{curve::brainpool_p256r1, agree}; }
expected<public_key> known(bytes_view) { return public_key{curve::brainpool_p256r1, point()}; }
const key_source source{[](curve) -> expected<ephemeral> { return ephemeral{point(), agree}; },
                        [](std::span<std::uint8_t> out) -> expected<void> {
                          for (auto& octet : out) octet = 0x33;
                          return {};
                        }};

void check_open(bytes_view in) {
  const auto result = open(in, own);
  if (!result) return;
  const auto again = seal(result->content, {{curve::brainpool_p256r1, point()}, bytes(20, 1)},
                          {.suite = result->suite, .type = result->type}, source);
  SMGW_ASSERT(again.has_value());
  const auto back = open(*again, own);
  SMGW_ASSERT(back.has_value() && back->content == result->content && back->type == result->type);
  if (result->type == content_type::compressed_data) (void)decompress(result->content, inflated);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const bytes_view in{data, size};
  check_open(in);
  if (const auto info = unwrap_content_info(in)) {
    check_open(info->content);
    SMGW_ASSERT(unwrap_content_info(wrap_content_info(info->type, info->content))->content.size() ==
                info->content.size());
  }
  if (const auto content = decompress(in, inflated)) {
    const auto again = compress(*content);
    SMGW_ASSERT(again.has_value() && decompress(*again) == content);
  }
  (void)unprotect(in, known, own);
  (void)verify_detached(in, point(), known);
  if (const auto plain = der::signature_to_plain(in, 32)) {
    const auto wire = der::signature_from_plain(*plain);
    SMGW_ASSERT(std::equal(wire.begin(), wire.end(), in.begin(), in.end()));
  }
  return 0;
}
