// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/lifecycle/phase.hpp"

#include <algorithm>
#include <initializer_list>

namespace smgw::lifecycle {
namespace {

struct transition {
  phase from;
  step by;
  phase to;
};
constexpr std::array rows{
    transition{phase::manufactured, step::deliver, phase::delivered},
    transition{phase::delivered, step::commission, phase::in_operation},
    transition{phase::delivered, step::decommission, phase::decommissioned},
    transition{phase::in_operation, step::decommission, phase::decommissioned},
};

constexpr std::uint8_t abilities(std::initializer_list<ability> list) {
  unsigned bits = 0;
  for (const auto a : list) bits |= 1U << static_cast<unsigned>(a);
  return static_cast<std::uint8_t>(bits);
}
using enum ability;
constexpr std::uint8_t everything = abilities({administration, measuring, delivering, display, proxy});

std::uint8_t of(phase p) {
  switch (p) {
    case phase::manufactured: return 0;
    case phase::delivered: return abilities({administration});
    case phase::in_operation: return everything;
    case phase::decommissioned: return 0;
  }
  return 0;
}

std::uint8_t of(secure_state s) {
  switch (s) {
    case secure_state::normal:
    case secure_state::measurement: return everything;
    case secure_state::boot:
    case secure_state::application: return abilities({administration});
    case secure_state::connectivity: return abilities({administration, measuring, delivering});
  }
  return 0;
}

}  // namespace

expected<phase> next(phase from, step by) {
  const auto found = std::ranges::find_if(rows, [&](const transition& t) { return t.from == from && t.by == by; });
  if (found == rows.end())
    return fail(errc::conflict, "a gateway that is " + std::string(to_string(from)) + " does not take this step");
  return found->to;
}

std::string_view to_string(phase p) noexcept {
  switch (p) {
    case phase::manufactured: return "manufactured";
    case phase::delivered: return "delivered";
    case phase::in_operation: return "in operation";
    case phase::decommissioned: return "decommissioned";
  }
  return "unknown";
}

bytes encode(phase p) { return {static_cast<std::uint8_t>(p)}; }

phase decode(const std::optional<bytes>& stored) noexcept {
  if (!stored) return phase::in_operation;
  // What cannot be read is taken for the end: nothing is opened by damage.
  if (stored->size() != 1 || stored->front() >= all_phases.size()) return phase::decommissioned;
  return static_cast<phase>(stored->front());
}

std::string_view to_string(secure_state s) noexcept {
  switch (s) {
    case secure_state::normal: return "normal";
    case secure_state::boot: return "secure state boot";
    case secure_state::application: return "secure state application";
    case secure_state::connectivity: return "secure state connectivity";
    case secure_state::measurement: return "secure state measurement";
  }
  return "unknown";
}

secure_state judge(const condition& c) noexcept {
  if (c.integrity_lost || c.calibration_full) return secure_state::boot;
  if (c.storage_low || c.clock_deviates) return secure_state::application;
  if (c.separation_lost) return secure_state::connectivity;
  return c.time_not_valid ? secure_state::measurement : secure_state::normal;
}

bool may(phase p, secure_state s, ability a) noexcept {
  const unsigned both = unsigned{of(p)} & unsigned{of(s)};
  return ((both >> static_cast<unsigned>(a)) & 1U) != 0;
}

}  // namespace smgw::lifecycle
