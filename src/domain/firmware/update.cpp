// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/firmware/update.hpp"

#include "base/octets.hpp"

#include <algorithm>

namespace smgw::firmware {
namespace {

struct transition {
  phase from;
  step by;
  phase to;
};
constexpr std::array rows{
    transition{phase::idle, step::order, phase::loading},
    transition{phase::confirmed, step::order, phase::loading},
    transition{phase::rejected, step::order, phase::loading},
    transition{phase::rolled_back, step::order, phase::loading},
    transition{phase::loading, step::order, phase::loading},  // another manifest: begun anew
    transition{phase::verified, step::order, phase::loading},
    transition{phase::loading, step::arrive, phase::loaded},
    transition{phase::loaded, step::match, phase::verified},
    transition{phase::loaded, step::mismatch, phase::rejected},
    transition{phase::verified, step::activate, phase::activated},
    transition{phase::activated, step::start, phase::trial},
    transition{phase::activated, step::give_up, phase::rolled_back},
    transition{phase::trial, step::confirm, phase::confirmed},
    transition{phase::trial, step::give_up, phase::rolled_back},
    transition{phase::loading, step::abandon, phase::idle},
    transition{phase::loaded, step::abandon, phase::idle},
    transition{phase::verified, step::abandon, phase::idle},
};

}  // namespace

expected<phase> next(phase from, step by) {
  const auto found = std::ranges::find_if(rows, [&](const transition& t) { return t.from == from && t.by == by; });
  if (found == rows.end()) return fail(errc::conflict, "not while the update is " + std::string(to_string(from)));
  return found->to;
}

std::string_view to_string(phase p) noexcept {
  switch (p) {
    case phase::idle: return "idle";
    case phase::loading: return "loading";
    case phase::loaded: return "loaded";
    case phase::verified: return "verified";
    case phase::activated: return "activated";
    case phase::trial: return "on trial";
    case phase::confirmed: return "confirmed";
    case phase::rejected: return "rejected";
    case phase::rolled_back: return "rolled back";
  }
  return "unknown";
}

bytes encode(const progress& p) {
  bytes out{static_cast<std::uint8_t>(p.phase)};
  if (p.image) put(out, write_manifest(*p.image));
  return out;
}

progress decode(const std::optional<bytes>& stored) {
  if (!stored || stored->empty() || stored->front() >= all_phases.size()) return {};
  progress p{static_cast<phase>(stored->front()), {}};
  if (stored->size() == 1) return p;
  auto image = read_manifest(as_text(bytes_view{*stored}.subspan(1)));
  if (!image) return {};
  p.image = std::move(*image);
  return p;
}

}  // namespace smgw::firmware
