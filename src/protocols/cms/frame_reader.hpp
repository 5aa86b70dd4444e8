// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Cuts a DER message that comes in pieces into what stands before its content, the content, and what stands behind.
/// Inner use of this module.

#include "protocols/cms/der.hpp"

#include <functional>

namespace smgw::cms {

/// Octets of head, content and tail.
struct frame_layout {
  std::size_t head = 0, body = 0, tail = 0;
};

class frame_reader {
 public:
  /// Tells the layout from the first octets of a message: nothing if they are not enough. Definite lengths only.
  using locate_function = expected<std::optional<frame_layout>> (*)(bytes_view);
  static constexpr std::size_t max_head = 8192;
  static constexpr std::size_t max_tail = 16384;  // an embedded certificate is in it
  static constexpr std::size_t piece = 16384;

  explicit frame_reader(locate_function locate) : locate_(locate) {}
  /// Takes all of `in`. `on_head` is called once, with head() there; `on_body` with pieces of the content.
  [[nodiscard]] expected<void> feed(bytes_view in, const std::function<expected<void>()>& on_head,
                                    const std::function<expected<void>(bytes_view)>& on_body);
  /// The message is there, to its last octet; malformed if not.
  [[nodiscard]] expected<void> finish() const;
  [[nodiscard]] bytes_view head() const noexcept { return head_; }
  [[nodiscard]] bytes_view tail() const noexcept { return tail_; }
  [[nodiscard]] const std::optional<frame_layout>& layout() const noexcept { return layout_; }

 private:
  [[nodiscard]] expected<void> take_head(bytes_view& in);
  locate_function locate_;
  std::optional<frame_layout> layout_;
  std::size_t body_left_ = 0;
  bytes head_, tail_;
};

/// AuthEnvelopedData: the content is the ciphertext.
[[nodiscard]] expected<std::optional<frame_layout>> locate_ciphertext(bytes_view start);
/// ContentInfo(SignedData) with a content inside.
[[nodiscard]] expected<std::optional<frame_layout>> locate_signed_content(bytes_view start);

}  // namespace smgw::cms
