// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/tariff/contract.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"
#include "domain/tariff/use_cases.hpp"

namespace smgw::tariff {
namespace {

using maker = std::unique_ptr<engine> (*)(const profile::evaluation&, const calendar::legal_time&);

maker find_maker(unsigned taf) noexcept {
  switch (taf) {
    case 1: return make_taf1;
    case 2: return make_taf2;
    case 3: return make_taf3;
    case 4: return make_taf4;
    case 5: return make_taf5;
    case 6: return make_taf6;
    case 7: return make_taf7;
    case 8: return make_taf8;
    case 9: return make_taf9;
    case 10: return make_taf10;
    case 11: return make_taf11;
    case 12: return make_taf12;
    case 14: return make_taf14;
    default: return nullptr;
  }
}

}  // namespace

std::string_view to_string(result_kind k) noexcept {
  switch (k) {
    case result_kind::series: return "series";
    case result_kind::registers: return "registers";
    case result_kind::daily: return "daily";
    case result_kind::extremes: return "extremes";
    case result_kind::event: return "event";
  }
  return "unknown";
}

std::string_view to_string(list_kind k) noexcept {
  switch (k) {
    case list_kind::derived: return "derived";
    case list_kind::switches: return "switches";
    case list_kind::daily: return "daily";
    case list_kind::billing: return "billing";
  }
  return "unknown";
}

bytes encode(const cursor& c) {
  bytes out;
  put_time(out, c.until);
  put(out, c.state);
  return out;
}

expected<cursor> decode_cursor(bytes_view in) {
  SMGW_TRY(const auto until, take_be<std::uint64_t>(in));
  return cursor{.until = timestamp{std::chrono::milliseconds{static_cast<std::int64_t>(until)}},
                .state = bytes(in.begin(), in.end())};
}

bool supported(unsigned taf) noexcept { return taf == 13 || find_maker(taf) != nullptr; }

expected<std::unique_ptr<contract>> make_contract(profile::evaluation p, const std::optional<cursor>& from) {
  if (p.taf == 13) {
    auto source = p;
    source.taf = p.shown;
    if (source.taf == 13) return fail(errc::malformed, "TAF 13 shows another use case");
    SMGW_TRY(auto made, make_contract(std::move(source), from));
    return make_taf13(std::move(made), std::move(p));
  }
  const auto make = find_maker(p.taf);
  if (make == nullptr) return fail(errc::unsupported, "no tariff use case " + std::to_string(p.taf));
  if (p.inputs.empty() || !p.billing.valid() || !p.delivery.valid() || p.period.count() <= 0)
    return fail(errc::malformed, "an evaluation profile without inputs or periods");
  SMGW_TRY(const auto zone, calendar::legal_time::load());
  auto made = make(p, zone);
  if (from) SMGW_CHECK(made->resume(*from));
  return std::unique_ptr<contract>{std::move(made)};
}

}  // namespace smgw::tariff
