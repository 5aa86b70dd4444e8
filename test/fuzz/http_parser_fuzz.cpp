// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

/// \file
/// Requests and responses on hostile octets: the pieces they arrive in change nothing, and what is read is written and
/// read again as the same.

#include "base/check.hpp"
#include "protocols/http/parser.hpp"

using namespace smgw;
using namespace smgw::http;

namespace {

constexpr limits bounds{.target = 512, .field = 512, .header = 2048, .fields = 16, .body = 4096, .ahead = 65536};

outcome<std::optional<request>> read_request(bytes_view in, std::size_t step, const limits& within = bounds) {
  request_parser p{within};
  while (in.size() > step) {
    auto read = p.feed(in.first(step));
    if (!read || *read) return read;
    in = in.subspan(step);
  }
  return p.feed(in);
}

void same(const outcome<std::optional<request>>& a, const outcome<std::optional<request>>& b) {
  SMGW_ASSERT(a.has_value() == b.has_value());
  if (a) SMGW_ASSERT(*a == *b);
  // A method that is cut off may look like another one: 400 and 501 are not told apart here.
  if (!a)
    SMGW_ASSERT((a.error().status >= 500) == (b.error().status >= 500) || a.error().status / 100 == 4 ||
                b.error().status / 100 == 4);
}

void strip(fields& f) {
  for (const auto* name : {"Content-Length", "Transfer-Encoding", "Connection", "Host", "Keep-Alive"}) f.erase(name);
}

void check_again(request r) {
  strip(r.headers);
  r.headers.set("Host", "h");
  const auto octets = encode(r);
  if (!octets) return;  // what is read tolerantly (obs-text, odd targets) is not written
  auto again = read_request(*octets, octets->size(), limits{});  // a Host more than was read
  SMGW_ASSERT(again && *again);
  strip((*again)->headers);
  (*again)->headers.set("Host", "h");
  SMGW_ASSERT((*again)->verb == r.verb && (*again)->target == r.target && (*again)->body == r.body);
  SMGW_ASSERT((*again)->headers == r.headers);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t step = 1 + data[0] % 16;
  const bytes_view in{data + 1, size - 1};
  auto whole = read_request(in, in.size() + 1);
  same(whole, read_request(in, step));
  if (whole && *whole) check_again(std::move(**whole));
  for (const auto asked : {method::get, method::head}) {
    response_parser p{bounds};
    p.expect(asked);
    const auto read = p.feed(in);
    if (read && !*read) (void)p.eof();
  }
  return 0;
}
