// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/check.hpp"
#include "base/octets.hpp"
#include "protocols/cms/digest_stream.hpp"
#include "protocols/cms/signed_message.hpp"
#include "protocols/cms/stream.hpp"

namespace smgw::cms {

struct signing::state {
  content_type type;
  signer by;
  digest_stream hash;
  std::size_t size = 0;
  bool over = false;

  expected<signature_frame> frame(content_type as, bool enclosed) {
    if (std::exchange(over, true)) return fail(errc::conflict, "this content is signed");
    if (size > max_streamed) return fail(errc::exhausted, "content too long");
    return frame_signature(hash.finish(), enclosed ? std::optional{size} : std::nullopt, as, by);
  }
};

signing::signing(content_type type, signer by) {
  const auto hash = by.hash;
  state_ = std::make_unique<state>(state{type, std::move(by), digest_stream{hash}});
}
signing::~signing() = default;

void signing::update(bytes_view content) {
  state_->size += content.size();
  state_->hash.update(content);
}

expected<bytes> signing::detached() {
  SMGW_TRY(auto f, state_->frame(content_type::data, false));
  put(f.head, f.tail);
  return std::move(f.head);
}

expected<signing::frame> signing::enclosing() {
  SMGW_TRY(auto f, state_->frame(state_->type, true));
  return frame{std::move(f.head), std::move(f.tail)};
}

}  // namespace smgw::cms
