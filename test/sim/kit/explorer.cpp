// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include <smgw/testkit/explorer.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <random>
#include <utility>

namespace smgw::testkit {
namespace {

using kind = fault::kind;
constexpr std::array<std::pair<kind, std::string_view>, 6> words{{{kind::crash, "crash"},
                                                                  {kind::kill, "kill"},
                                                                  {kind::market_away, "market away"},
                                                                  {kind::market_failing, "market failing"},
                                                                  {kind::market_silent, "market silent"},
                                                                  {kind::babble, "babble"}}};
/// A market participant is unwell for so many steps.
constexpr std::size_t illness = 12;
/// Noise of this many octets: longer than a telegram, shorter than what a link gives up at.
constexpr std::size_t noise = 700;

/// A world that is hurt once, at one step.
class victim {
 public:
  explicit victim(const std::optional<fault>& by) : by_(by) {
    world_.on_step([this](std::size_t step) { before(step); });
  }
  [[nodiscard]] world& of() { return world_; }
  /// The scenario is over: no fault comes any more, the market participant is well again.
  void heal() {
    by_.reset();
    world_.set_market(market_mood::well);
  }

 private:
  void before(std::size_t step) {
    if (!by_) return;
    if (step == by_->step) return hurt();
    if (step == by_->step + illness && was_ill_) world_.set_market(market_mood::well);
  }
  void hurt() {
    switch (by_->what) {
      case kind::crash: return world_.crash();
      case kind::kill: return world_.kill(by_->whom);
      case kind::babble: return world_.babble(noise);
      case kind::market_away: return fall_ill(market_mood::away);
      case kind::market_failing: return fall_ill(market_mood::failing);
      case kind::market_silent: return fall_ill(market_mood::silent);
    }
  }
  void fall_ill(market_mood mood) {
    was_ill_ = true;
    world_.set_market(mood);
  }

  std::optional<fault> by_;
  bool was_ill_ = false;
  world world_;
};

struct outcome {
  std::size_t steps = 0;
  std::vector<std::string> roles, findings;
};

outcome run(const exploration& what, const std::optional<fault>& by) {
  victim v(by);
  outcome o;
  try {
    what.scenario(v.of());
    o.steps = v.of().steps();
    o.roles = v.of().roles();
    v.heal();
    v.of().live(what.settle);
    o.findings = v.of().check();
  } catch (const std::exception& e) {
    o.findings.push_back(std::string("the scenario broke off: ") + e.what());
  }
  return o;
}

std::vector<fault> all_faults(const outcome& unharmed) {
  std::vector<fault> all;
  for (std::size_t step = 0; step < unharmed.steps; ++step)
    for (const auto& [what, word] : words) {
      if (what != kind::kill) {
        all.push_back({what, {}, step});
        continue;
      }
      for (const auto& role : unharmed.roles) all.push_back({what, role, step});
    }
  return all;
}

}  // namespace

std::string fault::text() const {
  const auto* word = std::ranges::find(words, what, &std::pair<kind, std::string_view>::first);
  return std::string(word->second) + (whom.empty() ? "" : " " + whom) + " @ " + std::to_string(step);
}

expected<fault> fault::parse(std::string_view text) {
  const auto refuse = [&] {
    return fail(errc::malformed, "'" + std::string(text) + "' is no fault; write one as 'kill outbox @ 17'");
  };
  fault f;
  const auto at = text.rfind(" @ ");
  if (at == text.npos) return refuse();
  const auto digits = text.substr(at + 3);
  const auto [stop, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), f.step);
  if (failure != std::errc{} || stop != digits.data() + digits.size()) return refuse();
  const auto name = text.substr(0, at);
  if (name.starts_with("kill ") && name.size() > 5) {
    f.what = kind::kill;
    f.whom = name.substr(5);
    return f;
  }
  const auto* word = std::ranges::find(words, name, &std::pair<kind, std::string_view>::second);
  if (word == words.end() || word->first == kind::kill) return refuse();
  f.what = word->first;
  return f;
}

explored explore(const exploration& what) {
  explored e;
  auto unharmed = run(what, std::nullopt);
  e.steps = unharmed.steps;
  e.unharmed = std::move(unharmed.findings);
  if (!e.unharmed.empty()) return e;
  auto faults = what.only ? std::vector{*what.only} : all_faults(unharmed);
  e.possible = faults.size();
  std::mt19937_64 chance(what.seed);
  std::ranges::shuffle(faults, chance);
  faults.resize(std::min(faults.size(), what.max_runs));
  for (const auto& f : faults) {
    if (what.before_each) what.before_each(f);
    ++e.runs;
    auto hurt = run(what, f);
    if (!hurt.findings.empty()) e.broken.push_back({f, std::move(hurt.findings)});
  }
  return e;
}

}  // namespace smgw::testkit
