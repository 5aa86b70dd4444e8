// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/lifecycle/phase.hpp"

#include <algorithm>

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

state::permissions allowed_in(phase p) noexcept {
  constexpr state::permissions nothing{
      .measure = false, .deliver = false, .home = false, .proxy = false, .administer = false};
  switch (p) {
    case phase::manufactured: break;
    case phase::delivered: {
      auto waits = nothing;
      waits.administer = true;
      return waits;
    }
    case phase::in_operation: return {};
    case phase::decommissioned: break;
  }
  return nothing;
}

}  // namespace smgw::lifecycle
