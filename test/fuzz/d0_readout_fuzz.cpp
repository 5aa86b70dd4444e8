// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// Any octets as a readout, as a stream, and to both sides of the dialogue. What is read as a P1 telegram is written
// again and must read the same.

#include "base/check.hpp"
#include "protocols/d0/p1.hpp"
#include "protocols/d0/session.hpp"

#include <algorithm>

using namespace smgw;
using namespace smgw::d0;

namespace {

readout_to_send copy_of(const readout& r) {
  readout_to_send out{.manufacturer = std::string{r.ident.manufacturer},
                      .baud = r.ident.baud,
                      .identification = (r.ident.enhanced != 0 ? "\\2" : "") + std::string{r.ident.text},
                      .lines = {}};
  line_cursor lines{r.data};
  while (auto line = lines.next()) {
    if (!*line) continue;
    auto& to = out.lines.emplace_back(line_to_send{.code = std::string{(*line)->code}, .values = {}});
    while (const auto v = (*line)->next()) {
      to.values.emplace_back(v->raw);
      (void)quantity_of(*v);
      (void)read_p1_time(v->raw);
    }
    (void)name_of(to.code);
  }
  return out;
}

void take(const expected<readout>& r) {
  if (!r) return;
  (void)sub_meters_of(r->data);
  const auto first = copy_of(*r);
  // A code that begins like an end or an identification changes the form of what is written.
  for (const auto& line : first.lines)
    if (line.code.find_first_of("!/\r\n\x02\x03\x06") != std::string::npos) return;
  const auto sent = encode_p1(first);
  if (sent.size() > max_readout || first.identification.find('\r') != std::string::npos) return;
  const auto again = read_readout(sent);
  SMGW_ASSERT(again && again->crc == integrity::correct);
  const auto second = copy_of(*again);
  SMGW_ASSERT(second.lines.size() == first.lines.size());
  for (std::size_t i = 0; i < first.lines.size(); ++i)
    SMGW_ASSERT(first.lines[i].code == second.lines[i].code && first.lines[i].values == second.lines[i].values);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const bytes_view whole{data + 1, size - 1};
  take(read_readout(whole));

  const std::size_t step = 1U + data[0];
  reader line{{.pause = default_pause, .accept_damaged = true}};
  session reading{{.address = {}}};
  responder meter{"1", {.manufacturer = "SMG", .baud = '5', .identification = {}, .lines = {{"1.8.0", {"1*kWh"}}}}};
  time_point now{};
  auto asked = reading.start(now);
  for (auto in = whole; !in.empty();) {
    auto piece = in.first(std::min(step, in.size()));
    in = in.subspan(piece.size());
    if (asked) asked = reading.feed(piece, now);
    (void)meter.feed(piece, now);
    while (auto got = line.feed(piece, now)) take(*got);
    SMGW_ASSERT(piece.empty());
    now += std::chrono::milliseconds{1};
  }
  now += std::chrono::hours{1};
  while (auto got = line.tick(now)) take(*got);
  SMGW_ASSERT(!line.wake_at());
  (void)reading.tick(now);
  (void)meter.tick(now);
  return 0;
}
