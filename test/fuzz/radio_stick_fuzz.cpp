// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// What radio receivers say (IMST, Amber, CUL, rtl-wmbus, an OEM's own): the frames do not depend on how the octets
// come, and an OEM's frame comes out as it went in. The first octet chooses the receiver.

#include "base/check.hpp"
#include "base/octets.hpp"
#include "protocols/wmbus/stick_amber.hpp"
#include "protocols/wmbus/stick_imst.hpp"
#include "protocols/wmbus/stick_port.hpp"
#include "protocols/wmbus/stick_text.hpp"

#include <memory>

using namespace smgw;
using namespace smgw::wmbus;

namespace {

std::unique_ptr<stick> make(unsigned which) {
  switch (which) {
    case 0: return std::make_unique<stick_im871a>();
    case 1: return std::make_unique<stick_iu891a>();
    case 2: return std::make_unique<stick_amber>(true);
    case 3: return std::make_unique<stick_amber>(false);
    case 4: return std::make_unique<stick_cul>(stick_cul::mode::t);
    case 5: return std::make_unique<stick_rtl_wmbus>();
    default: return std::make_unique<stick_port>();
  }
}

using heard = std::vector<bytes>;

heard listen(stick& s, bytes_view in, std::size_t step) {
  heard all;
  for (std::size_t i = 0; i < in.size(); i += step)
    s.feed(in.subspan(i, std::min(step, in.size() - i)), [&](const air_frame& f) {
      SMGW_ASSERT(!f.octets.empty() && f.octets.size() <= max_stick_message);
      std::array<std::uint8_t, max_frame> buffer;
      (void)strip(f.format, f.octets, buffer);
      bytes frame(f.octets.begin(), f.octets.end());
      frame.push_back(static_cast<std::uint8_t>(f.format));
      all.push_back(std::move(frame));
    });
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const bytes_view in{data + 1, size - 1};
  const auto which = data[0] % 7U;
  const auto whole = make(which);
  const auto pieces = make(which);
  (void)whole->configure();
  const auto a = listen(*whole, in, 512);
  const auto b = listen(*pieces, in, 3);
  if (in.size() > max_stick_message) return 0;  // what is longer is noise, and where that is cut depends on the pieces
  SMGW_ASSERT(a == b && whole->damaged() == pieces->damaged());
  const bytes good = encode_port_frame({in.first(std::min<std::size_t>(in.size(), max_frame_a)), frame_format::a, -50});
  if (!good.empty()) SMGW_ASSERT(listen(*make(6), good, 7).size() == 1);
  return 0;
}
