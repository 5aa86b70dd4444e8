// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "protocols/wmbus/reassembly.hpp"

#include <algorithm>

namespace smgw::wmbus {

expected<bool> reassembly::add(const afl_header& fragment, bytes_view content, time_point now, message& out) {
  if (waiting() && now - last_ > fragment_timeout) reset();
  if (fragment.fragment_id() == 1) {
    first_ = fragment;
    first_.mac = {};
    size_ = 0;
    next_ = 1;
  } else if (!waiting() || fragment.fragment_id() != next_) {
    reset();
    return fail(errc::conflict, "fragment out of order");
  }
  if (content.size() > buffer_.size() - size_) {
    reset();
    return fail(errc::exhausted, "message too long");
  }
  std::copy(content.begin(), content.end(), buffer_.begin() + static_cast<std::ptrdiff_t>(size_));
  size_ += content.size();
  if (!fragment.mac.empty()) {
    std::copy(fragment.mac.begin(), fragment.mac.end(), mac_.begin());
    first_.mac = bytes_view{mac_}.first(fragment.mac.size());
  }
  if (fragment.message_length) first_.message_length = fragment.message_length;
  last_ = now;
  if (fragment.more_fragments()) {
    if (next_ == 255) {
      reset();
      return fail(errc::exhausted, "too many fragments");
    }
    ++next_;
    return false;
  }
  reset();
  if (first_.message_length && *first_.message_length != size_) return fail(errc::malformed, "message of wrong length");
  out = {first_, bytes_view{buffer_}.first(size_)};
  return true;
}

}  // namespace smgw::wmbus
