// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// The pairing of wired meters (SYM): any octets as a message, to both sides. Each message of the input is a control
// octet and a length octet; bit 7 of the control says that the content is sealed with the right key first, so that what
// lies behind the MAC is reached, too.

#include "base/check.hpp"
#include "base/octets.hpp"
#include "protocols/hdlc/pairing.hpp"

using namespace smgw;
using namespace smgw::hdlc;

namespace {

constexpr sym::server_id meter_id{0x0A, 1, 'S', 'M', 'G', 0, 0, 0, 0, 1};
secret master() { return secret{bytes(16, 0x42)}; }

void look(bytes_view in) {
  if (const auto a = sym::decode_abilities(in)) SMGW_ASSERT(sym::decode_abilities(sym::encode(*a)) == *a);
  const auto e = sym::look(in, meter_id);
  if (!e) return;
  if (e->refused) {
    SMGW_ASSERT(sym::look(sym::put_refusal(meter_id, e->what, *e->refused), meter_id)->refused == e->refused);
    return;
  }
  const auto m = sym::open(master(), meter_id, *e);
  if (!m) return;
  const auto again = sym::seal(master(), meter_id, m->what, m->counter, m->content.reveal());
  SMGW_ASSERT(again && std::ranges::equal(*again, in));
}

struct world {
  sym::pairing gateway;
  sym::pairable meter{master(), meter_id, {{0xC02B}, {23}}};

  static sym::pairing::material material() {
    return {master(), meter_id, {}, {{0xC02B, 0xC023}, {23, 26}}, bytes(40, 0x30), secret{bytes(60, 0x30)}};
  }
  explicit world(bool removes) : gateway(removes ? sym::pairing::goal::remove : sym::pairing::goal::pair, material()) {}

  void hear(bytes_view in) {
    const auto before = meter.counted();
    if (const auto said = meter.answer(in)) {
      look(*said);
      (void)gateway.take(*said);
    }
    SMGW_ASSERT(meter.counted().meter >= before.meter && meter.counted().gateway >= before.gateway);
    const auto known = gateway.counted();
    (void)gateway.take(in);
    SMGW_ASSERT(gateway.counted().meter >= known.meter && gateway.counted().gateway >= known.gateway);
  }
  /// The honest exchange goes on between the hostile messages.
  void speak() {
    if (const auto said = gateway.say()) hear(*said);
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  bytes_view in{data, size};
  look(in);
  if (in.empty()) return 0;
  world w((in[0] & 1U) != 0);
  in = in.subspan(1);
  std::uint32_t counter = 0;
  while (in.size() >= 2) {
    const auto control = in[0];
    const auto n = std::min<std::size_t>(in[1], in.size() - 2);
    const auto content = in.subspan(2, n);
    in = in.subspan(2 + n);
    if ((control & 0x40U) != 0) w.speak();
    counter += control & 0x38U;
    const auto what = static_cast<sym::type>(control & 7U);
    if ((control & 0x80U) == 0)
      w.hear(content);
    else if (const auto sealed = sym::seal(master(), meter_id, what, ++counter, content))
      w.hear(*sealed);
  }
  return 0;
}
