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
#include "protocols/cms/stream.hpp"

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
expected<known_signer> known(bytes_view) { return known_signer{{curve::brainpool_p256r1, point()}, {}}; }
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

struct kept final : content_sink {
  bytes octets;
  bool committed = false;
  expected<void> put(bytes_view piece) override {
    octets.insert(octets.end(), piece.begin(), piece.end());
    return {};
  }
  expected<void> commit() override {
    committed = true;
    return {};
  }
  void discard() noexcept override { octets.clear(); }
};

/// In pieces whose size the first octet tells. True when all was taken and the end is right.
template <class Reader>
bool feed(Reader& r, bytes_view in) {
  const std::size_t step = 1 + (in.empty() ? 0u : in.front() + in.size() % 61);
  for (; !in.empty(); in = in.subspan(std::min(step, in.size())))
    if (!r.update(in.first(std::min(step, in.size())))) return false;
  return r.finish().has_value();
}

/// What comes by pieces is taken if and only if the whole is, but for attributes that come too late for GCM.
void check_pieces(bytes_view in) {
  kept opened_sink;
  bool taken = false;
  {
    opener o{own, opened_sink};
    taken = feed(o, in);
  }
  SMGW_ASSERT(taken == opened_sink.committed && (taken || opened_sink.octets.empty()));
  const auto whole = open(in, own);
  if (taken) SMGW_ASSERT(whole.has_value() && whole->content == opened_sink.octets);
  kept verified_sink;
  verification v{known, verified_sink};
  taken = feed(v, in);
  SMGW_ASSERT(taken == verified_sink.committed && taken == verify(in, known).has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const bytes_view in{data, size};
  check_open(in);
  check_pieces(in);
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
