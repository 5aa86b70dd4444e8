// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/hdlc/assignment.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"
#include "protocols/hdlc/link.hpp"

namespace smgw::hdlc::assignment {
namespace {

enum class kind : std::uint8_t { discover = 0xC0, here = 0xC1, assign = 0xC2, taken = 0xC3, forget = 0xC4 };
constexpr std::size_t id_octets = 14;

std::unexpected<error> broken() { return fail(errc::malformed, "no message of address assignment"); }

expected<device_id> take_id(bytes_view& in) {
  SMGW_TRY(const auto text, take(in, id_octets));
  return device_id::parse(as_text(text));
}

expected<message> read(kind what, bytes_view& in) {
  switch (what) {
    case kind::discover: {
      SMGW_TRY(const auto session, take_be<std::uint8_t>(in));
      SMGW_TRY(const auto slots, take_be<std::uint8_t>(in));
      if (slots == 0) return broken();
      return discover{session, slots};
    }
    case kind::here: {
      SMGW_TRY(const auto session, take_be<std::uint8_t>(in));
      SMGW_TRY(const auto id, take_id(in));
      return here{session, id};
    }
    case kind::assign: {
      SMGW_TRY(const auto id, take_id(in));
      SMGW_TRY(const auto station, take_be<std::uint8_t>(in));
      if (station < first_station || station > last_station) return broken();
      return assign{id, station};
    }
    case kind::taken: {
      SMGW_TRY(const auto id, take_id(in));
      return taken{id};
    }
    case kind::forget: return forget{};
  }
  return broken();
}

struct writer {
  bytes out;
  void begin(kind what) { out.push_back(static_cast<std::uint8_t>(what)); }
  void operator()(const discover& m) {
    begin(kind::discover);
    put(out, bytes{m.session, m.slots});
  }
  void operator()(const here& m) {
    begin(kind::here);
    out.push_back(m.session);
    put(out, m.id.text());
  }
  void operator()(const assign& m) {
    begin(kind::assign);
    put(out, m.id.text());
    out.push_back(m.station);
  }
  void operator()(const taken& m) {
    begin(kind::taken);
    put(out, m.id.text());
  }
  void operator()(const forget&) { begin(kind::forget); }
};

}  // namespace

expected<message> decode(bytes_view in) {
  SMGW_TRY(const auto what, take_be<std::uint8_t>(in));
  SMGW_TRY(auto m, read(static_cast<kind>(what), in));
  if (!in.empty()) return broken();
  return m;
}

bytes encode(const message& m) {
  writer w;
  std::visit(w, m);
  return std::move(w.out);
}

unsigned slot_of(const device_id& id, std::uint8_t session, std::uint8_t slots) noexcept {
  std::uint32_t h = 2166136261U ^ session;  // FNV-1a
  for (const char c : id.text()) h = (h ^ static_cast<std::uint8_t>(c)) * 16777619U;
  h ^= h >> 15U;
  return h % slots;
}

}  // namespace smgw::hdlc::assignment
