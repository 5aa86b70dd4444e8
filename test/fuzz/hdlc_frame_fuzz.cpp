// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// The frames found do not depend on the chunks; each comes out again when it is framed again; and a link takes any
// frame in any state.

#include "base/check.hpp"
#include "protocols/hdlc/link.hpp"

using namespace smgw;

namespace {

std::vector<bytes> run(bytes_view in, std::size_t step) {
  hdlc::frame_reader reader;
  hdlc::link link{{1, 1}, {1, 2}};
  (void)link.connect({});
  std::vector<bytes> found;
  time_point now{};
  for (std::size_t i = 0; i < in.size(); i += step) {
    auto chunk = in.subspan(i, std::min(step, in.size() - i));
    while (const auto f = reader.next(chunk, {})) {
      bytes again;
      SMGW_ASSERT(hdlc::put_frame(again, *f));
      const auto back = hdlc::decode(bytes_view{again}.subspan(1, again.size() - 2));
      SMGW_ASSERT(back && back->control == f->control && back->information.size() == f->information.size());
      found.push_back(again);
      auto to_us = *f;
      to_us.destination = {1, 1};
      to_us.source = {1, 2};
      (void)link.feed(to_us, now);
      now += std::chrono::milliseconds{100};
      (void)link.tick(now);
      (void)link.send({1}, now);
    }
  }
  return found;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const bytes_view in{data, size};
  SMGW_ASSERT(run(in, size + 1) == run(in, 3));
  return 0;
}
