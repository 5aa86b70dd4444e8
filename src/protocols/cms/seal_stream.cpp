// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/check.hpp"
#include "base/octets.hpp"
#include "protocols/cms/content_stream.hpp"
#include "protocols/cms/sealed_frame.hpp"
#include "protocols/cms/stream.hpp"

namespace smgw::cms {

struct sealer::state {
  sealed_frame frame;
  content_stream cipher;
  std::size_t left;
  bool begun = false;

  /// What stands before the ciphertext, the first time.
  bytes head() { return std::exchange(begun, true) ? bytes{} : std::move(frame.head); }
};

sealer::sealer(std::unique_ptr<state> s) : state_(std::move(s)) {}
sealer::~sealer() = default;
sealer::sealer(sealer&&) noexcept = default;
sealer& sealer::operator=(sealer&&) noexcept = default;

expected<sealer> sealer::begin(std::size_t content_size, const recipient& to, const sealing& how,
                               const key_source& keys) {
  if (content_size > max_streamed) return fail(errc::exhausted, "content too long");
  SMGW_TRY(auto frame, frame_envelope(content_size, to, how, keys));
  SMGW_TRY(auto cipher, content_stream::create(how.suite.content, true, frame.key, frame.iv, frame.aad));
  return sealer{std::make_unique<state>(state{std::move(frame), std::move(cipher), content_size})};
}

expected<bytes> sealer::update(bytes_view content) {
  if (content.size() > state_->left) return fail(errc::malformed, "more content than was said");
  state_->left -= content.size();
  auto out = state_->head();
  SMGW_TRY(const auto ciphertext, state_->cipher.encrypt(content));
  put(out, ciphertext);
  return out;
}

expected<bytes> sealer::finish() {
  if (state_->left > 0) return fail(errc::malformed, "less content than was said");
  auto out = state_->head();
  SMGW_TRY(const auto last, state_->cipher.last_block());
  put(out, last);
  SMGW_TRY(const auto mac, state_->cipher.tag());
  put(out, state_->frame.tail(mac));
  return out;
}

}  // namespace smgw::cms
