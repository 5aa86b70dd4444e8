// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/cms/frame_reader.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"
#include "protocols/cms/stream.hpp"

#include <algorithm>

namespace smgw::cms {
namespace {

/// Walks down and along a message of which only the start is there.
class walker {
 public:
  explicit walker(bytes_view start) : start_(start), end_(SIZE_MAX) {}
  /// Into an element, which has to have this tag and, below the outermost level, to end where its parent does or, if
  /// `inner`, before. False: more octets are needed.
  expected<bool> enter(std::uint8_t tag, bool inner = false) {
    SMGW_TRY(const auto h, der::peek_header(start_.subspan(at_)));
    if (!h) return false;
    if (h->tag != tag) return fail(errc::malformed, "unexpected element");
    const auto end = at_ + h->size + h->length;
    if (end_ != SIZE_MAX && (inner ? end > end_ : end != end_)) return fail(errc::malformed, "lengths do not agree");
    at_ += h->size;
    end_ = end;
    return true;
  }
  /// Behind an element.
  expected<bool> skip() {
    SMGW_TRY(const auto h, der::peek_header(start_.subspan(at_)));
    if (!h) return false;
    if (at_ + h->size + h->length > end_) return fail(errc::malformed, "lengths do not agree");
    if (start_.size() - at_ < h->size + h->length) return false;
    at_ += h->size + h->length;
    return true;
  }
  [[nodiscard]] std::size_t at() const noexcept { return at_; }
  [[nodiscard]] std::size_t end() const noexcept { return end_; }

 private:
  bytes_view start_;
  std::size_t at_ = 0, end_;
};

#define SMGW_CMS_STEP(step)                          \
  do {                                               \
    const auto done = (step);                        \
    if (!done) return std::unexpected{done.error()}; \
    if (!*done) return std::nullopt;                 \
  } while (false)

expected<std::optional<frame_layout>> bounded(std::size_t head, std::size_t body, std::size_t end) {
  const frame_layout l{head, body, end - head - body};
  if (l.body > max_streamed) return fail(errc::exhausted, "content too long");
  if (l.head > frame_reader::max_head || l.tail > frame_reader::max_tail)
    return fail(errc::exhausted, "too much around the content");
  return l;
}

}  // namespace

expected<std::optional<frame_layout>> locate_ciphertext(bytes_view start) {
  walker w{start};
  SMGW_CMS_STEP(w.enter(der::sequence));
  const auto end = w.end();
  SMGW_CMS_STEP(w.skip());  // version
  SMGW_CMS_STEP(w.skip());  // recipientInfos
  SMGW_CMS_STEP(w.enter(der::sequence, true));
  SMGW_CMS_STEP(w.skip());  // contentType
  SMGW_CMS_STEP(w.skip());  // contentEncryptionAlgorithm
  if (w.at() != w.end()) SMGW_CMS_STEP(w.enter(der::context(0)));
  return bounded(w.at(), w.end() - w.at(), end);
}

expected<std::optional<frame_layout>> locate_signed_content(bytes_view start) {
  walker w{start};
  SMGW_CMS_STEP(w.enter(der::sequence));
  const auto end = w.end();
  SMGW_CMS_STEP(w.skip());  // contentType
  SMGW_CMS_STEP(w.enter(der::constructed(0)));
  SMGW_CMS_STEP(w.enter(der::sequence));
  SMGW_CMS_STEP(w.skip());  // version
  SMGW_CMS_STEP(w.skip());  // digestAlgorithms
  SMGW_CMS_STEP(w.enter(der::sequence, true));
  SMGW_CMS_STEP(w.skip());  // eContentType
  SMGW_CMS_STEP(w.enter(der::constructed(0)));
  SMGW_CMS_STEP(w.enter(der::octet_string));
  return bounded(w.at(), w.end() - w.at(), end);
}

#undef SMGW_CMS_STEP

expected<void> frame_reader::take_head(bytes_view& in) {
  const auto before = head_.size();
  const auto n = std::min<std::size_t>({in.size(), 512, max_head - before});
  put(head_, in.first(n));
  SMGW_TRY(layout_, locate_(head_));
  if (!layout_) {
    if (head_.size() == max_head) return fail(errc::exhausted, "too much before the content");
    in = in.subspan(n);
    return {};
  }
  in = in.subspan(layout_->head - before);
  head_.resize(layout_->head);
  body_left_ = layout_->body;
  return {};
}

expected<void> frame_reader::feed(bytes_view in, const std::function<expected<void>()>& on_head,
                                  const std::function<expected<void>(bytes_view)>& on_body) {
  while (!in.empty()) {
    if (!layout_) {
      SMGW_CHECK(take_head(in));
      if (layout_) SMGW_CHECK(on_head());
    } else if (body_left_ > 0) {
      const auto now = in.first(std::min({in.size(), body_left_, piece}));
      in = in.subspan(now.size());
      body_left_ -= now.size();
      SMGW_CHECK(on_body(now));
    } else {
      if (in.size() > layout_->tail - tail_.size()) return fail(errc::malformed, "octets behind the message");
      put(tail_, in);
      return {};
    }
  }
  return {};
}

expected<void> frame_reader::finish() const {
  if (!layout_ || body_left_ > 0 || tail_.size() != layout_->tail) return fail(errc::malformed, "message cut off");
  return {};
}

}  // namespace smgw::cms
