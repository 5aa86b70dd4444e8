// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// Frames of the wired M-Bus link layer: what is read is written again as it was; answers of mode 2 become frames of
// mode 1; and a master that hears anything at all knows when it wants to be called again, or is done.

#include "base/check.hpp"
#include "base/octets.hpp"
#include "protocols/mbus/master.hpp"
#include "protocols/mbus/mode2.hpp"
#include "protocols/mbus/response.hpp"

using namespace smgw;
using namespace smgw::mbus;

namespace {

bytes write_again(const wired_frame& f) {
  switch (f.kind) {
    case wired_kind::acknowledge: return {acknowledge_octet};
    case wired_kind::short_frame: return short_frame(f.control, f.address);
    default: return long_frame(f.control, f.address, f.ci, f.user_data);
  }
}

void look(const wired_frame& f) {
  if (const auto whom = read_selection(f))
    SMGW_ASSERT(whom->covers({whom->id, whom->manufacturer, whom->version, whom->type}));
  (void)sender_of(f);
  if (const auto r = read_response(f)) SMGW_ASSERT(r->records.size() <= f.user_data.size());
  if (const auto turned = in_mode1(f)) {
    bytes_view in = *turned;
    const auto low = take_wired(in);
    SMGW_ASSERT(low && in.empty() && !is_mode2(*low));
    look(*low);
  }
}

void split(bytes_view in) {
  while (!in.empty()) {
    const auto before = in;
    if (const auto f = take_wired(in)) {
      const auto size = before.size() - in.size();
      SMGW_ASSERT(std::ranges::equal(write_again(*f), before.first(size)));
      look(*f);
    } else {
      SMGW_ASSERT(in.size() == before.size());
      in = in.subspan(1);
    }
  }
}

// A run of the master: a control octet, then so many octets of the bus.
void talk(master m, bytes_view in) {
  time_point now{};
  auto wake = m.start(now).wake_at;
  while (!in.empty() && wake) {
    const auto n = std::min<std::size_t>(in[0] & 0x7FU, in.size() - 1);
    const auto heard = in.subspan(1, n);
    const bool late = (in[0] & 0x80U) != 0;
    in = in.subspan(1 + n);
    auto out = m.feed(heard, now);
    if (!out) return;
    SMGW_ASSERT(out->done != out->wake_at.has_value());
    for (const auto& frame : out->received) split(frame);
    wake = out->wake_at;
    if (!late || !wake) continue;
    now = *wake;
    out = m.tick(now);
    if (!out) return;
    wake = out->wake_at;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const bytes_view in{data, size};
  split(in);
  talk(master{5}, in);
  talk(master{selection{}}, in);
  return 0;
}
