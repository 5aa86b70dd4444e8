// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

/// \file
/// A controllable system's octets: greeting, frames and CONNECT, cut anywhere. What comes out never depends on the
/// cuts, and a name that is let through is one that a proxy profile could have.

#include "base/check.hpp"
#include "base/octets.hpp"
#include "protocols/socks/server.hpp"

using namespace smgw;

namespace {

struct heard {
  bytes said;
  std::vector<socks::frame> frames;
  bool failed = false;
  friend bool operator==(const heard&, const heard&) = default;
};

heard feed(bytes_view all, std::size_t piece) {
  socks::server s;
  heard h;
  while (!all.empty() && !h.failed) {
    const auto n = std::min(piece, all.size());
    auto got = s.feed(all.first(n));
    all = all.subspan(n);
    h.failed = !got.has_value();
    if (!got) break;
    put(h.said, got->transmit);
    for (auto& f : got->frames) h.frames.push_back(std::move(f));
  }
  return h;
}

void check_request(bytes_view in) {
  const auto r = socks::read_request(in);
  if (!r || !*r) return;
  SMGW_ASSERT((*r)->used <= in.size() && (*r)->used <= socks::max_request);
  const auto* name = std::get_if<std::string>(&(*r)->destination);
  if (name == nullptr) return;
  SMGW_ASSERT(!name->empty() && name->size() <= socks::max_name);
  for (const char c : *name) SMGW_ASSERT((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-');
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const bytes_view in{data, size};
  const auto whole = feed(in, std::max<std::size_t>(size, 1));
  const auto cut = feed(in, 1);
  SMGW_ASSERT(whole.failed == cut.failed);
  if (!whole.failed) SMGW_ASSERT(whole == cut);
  check_request(in);
  static_cast<void>(socks::read_reply(in));
  socks::server above;
  above.established();
  static_cast<void>(above.decrypted(in));
  return 0;
}
