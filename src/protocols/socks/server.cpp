// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/socks/server.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"

namespace smgw::socks {

expected<server::below> server::feed(bytes_view in) {
  below out;
  if (!greeted_) {
    put(pending_, in);
    SMGW_TRY(const auto g, read_greeting(pending_));
    if (!g) return out;
    if (!g->accepted) {
      farewell_ = g->answer;
      return fail(errc::denied, "SOCKS: only the method TLS (06) is taken");
    }
    greeted_ = true;
    out.transmit = g->answer;
    const auto rest = bytes(pending_.begin() + static_cast<std::ptrdiff_t>(g->used), pending_.end());
    pending_.clear();
    SMGW_TRY(out.frames, frames_.feed(rest));
    return out;
  }
  SMGW_TRY(out.frames, frames_.feed(in));
  return out;
}

expected<void> server::admit(frame_state s) const {
  if (s == frame_state::closing) return {};
  if (s == (established_ ? frame_state::data_flow : frame_state::handshake)) return {};
  return fail(errc::malformed, established_ ? "frame: only data now" : "frame: only the handshake now");
}

server::above server::decrypted(bytes_view in) {
  above out;
  if (asked_) {
    put(out.payload, in);
    return out;
  }
  put(pending_, in);
  auto r = read_request(pending_);
  if (!r) {
    out.refused = std::move(r.error());
    return out;
  }
  if (!*r) {
    if (pending_.size() > max_request)
      out.refused = request_refusal{reply_code::general_failure, {errc::exhausted, "SOCKS: request"}};
    return out;
  }
  asked_ = true;
  out.asked = std::move(**r);
  out.payload.assign(pending_.begin() + static_cast<std::ptrdiff_t>(out.asked->used), pending_.end());
  pending_.clear();
  return out;
}

bytes server::encrypted(bytes_view records, bool closing) const {
  return wrap(closing ? frame_state::closing : established_ ? frame_state::data_flow : frame_state::handshake, records);
}

}  // namespace smgw::socks
