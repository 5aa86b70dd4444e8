// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// TAF 12, prepaid [Prepaid]: an amount of energy is used up; warning, then, beyond a tolerance, the breaker opens.
#include "base/check.hpp"
#include "domain/tariff/registers.hpp"
#include "domain/tariff/use_cases.hpp"

#include <algorithm>
#include <array>

namespace smgw::tariff {
namespace {

/// How far the prepaid energy is gone; each grade is told once on the way down.
enum class grade : std::uint8_t { enough, low, used_up, open };
constexpr std::array<std::string_view, 4> notes{"enough", "warning", "exhausted", "open_breaker"};

class taf12 : public registers {
 public:
  taf12(const profile::evaluation& p, const calendar::legal_time& zone) : registers(p, zone) {
    const auto terms = p.prepaid.value_or(profile::prepayment{});
    const auto read = [](const decimal& d) { return amount::from(d).value_or(amount{}); };
    remaining_ = read(terms.available);
    warn_below_ = read(terms.warn_below);
    tolerance_ = read(terms.tolerance);
  }

 private:
  expected<void> assign(const interval& i, step& out) override {
    SMGW_TRY(remaining_, remaining_.minus(i.energy));
    return tell(i.to, out);
  }

  expected<void> on_event(const tariff_event& event, step& out) override {
    if (event.id != "credit") return fail(errc::denied, "TAF 12 takes credits and nothing else");
    if (!event.amount || event.amount->value <= 0) return fail(errc::malformed, "a credit is an amount of energy");
    SMGW_TRY(const auto paid, amount::from(*event.amount));
    SMGW_TRY(remaining_, remaining_.plus(paid));
    const auto before = told_;
    told_ = std::min(told_, grade_now());
    // A breaker that was opened may be closed again.
    if (before != told_) return emit(event.at, notes[static_cast<std::size_t>(told_)], out);
    return {};
  }

  [[nodiscard]] grade grade_now() const {
    if (remaining_ < tolerance_.negated()) return grade::open;
    if (remaining_ <= amount{}) return grade::used_up;
    return remaining_ < warn_below_ ? grade::low : grade::enough;
  }

  expected<void> tell(timestamp at, step& out) {
    // One interval may pass several grades: each is an event of its own.
    for (const auto now = grade_now(); told_ < now;) {
      told_ = static_cast<grade>(static_cast<std::uint8_t>(told_) + 1);
      SMGW_CHECK(emit(at, notes[static_cast<std::size_t>(told_)], out));
    }
    return {};
  }

  expected<void> emit(timestamp at, std::string_view note, step& out) {
    SMGW_TRY(const auto value, remaining_.to_decimal());
    auto r = make_result(result_kind::event, at, at);
    r.meter = common_meter();
    r.note = note;
    const reading of{.meter = r.meter,
                     .register_name = r.register_name,
                     .value = value,
                     .measured = measured(),
                     .captured = at,
                     .status = {.smgw = status::fixed | marks(), .meter = 0}};
    r.entries.push_back({.target = at, .value = of, .signature = {}});
    out.results.push_back(std::move(r));
    return {};
  }

  void save_more(bytes& out) const override {
    put_amount(out, remaining_);
    out.push_back(static_cast<std::uint8_t>(told_));
  }
  void load_more(state_reader& in) override {
    remaining_ = in.read_amount();
    const auto told = in.read_octet();
    if (told > static_cast<std::uint8_t>(grade::open)) return in.refuse();
    told_ = static_cast<grade>(told);
  }

  amount remaining_;
  amount warn_below_;
  amount tolerance_;
  grade told_ = grade::enough;
};

}  // namespace

std::unique_ptr<engine> make_taf12(const profile::evaluation& p, const calendar::legal_time& zone) {
  return std::make_unique<taf12>(p, zone);
}

}  // namespace smgw::tariff
