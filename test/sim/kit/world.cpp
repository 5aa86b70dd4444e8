// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/status/status.hpp"
#include "story.hpp"

#include <smgw/testkit/world.hpp>

#include <algorithm>
#include <format>
#include <random>

namespace smgw::testkit {
namespace {

using namespace std::chrono_literals;

/// What the newest series may still hold back: it goes out when its period is over.
constexpr auto delivery_lag = 2h;

}  // namespace

struct world::impl {
  test::story story;
  std::vector<std::string> meters;
  std::vector<std::string> evaluations;
  std::size_t steps = 0;
  bool losing = false;
  std::function<void(std::size_t)> before;
  std::mt19937_64 chance{7};

  void step(std::chrono::milliseconds interval) {
    if (before) before(steps);
    ++steps;
    const auto had = story.emt.got.size();
    for (const auto& m : meters) story.push_telegram(m);
    story.advance(interval);
    if (losing && story.emt.got.size() > had) {
      story.emt.got.pop_back();
      losing = false;
    }
  }

  void check_list(const std::string& meter, std::vector<std::string>& found) {
    const auto entries = story.stored(meter);
    if (entries.size() < 2) return found.push_back(meter + ": hardly anything is in its original value list");
    const auto period = entries[1].target - entries[0].target;
    for (std::size_t i = 1; i < entries.size(); ++i)
      if (entries[i].target - entries[i - 1].target != period)
        found.push_back(std::format("{}: the list jumps at slot {}", meter, i));
    check_delivered(meter, entries, found);
  }

  /// Every value of the list has arrived once and unaltered, the newest ones apart.
  void check_delivered(const std::string& meter, const std::vector<list_entry>& entries,
                       std::vector<std::string>& found) {
    const auto id = device_id::parse(meter);
    const auto delivered = story.emt.values(id->lower(), 7);
    for (const auto& e : entries) {
      if (!status::has_value(e.value.status)) continue;
      const auto [first, last] = delivered.equal_range(std::chrono::floor<std::chrono::seconds>(e.value.captured));
      const auto times = std::distance(first, last);
      const auto what = std::format("{}: the value of {:%F %T}", meter, e.target);
      if (times > 1) found.push_back(what + " was delivered " + std::to_string(times) + " times");
      if (times == 0 && e.target + delivery_lag < story.now()) found.push_back(what + " was not delivered");
      if (times == 1 && first->second != e.value.value.value) found.push_back(what + " was altered on its way");
    }
  }
};

world::world() : impl_(std::make_unique<impl>()) {}
world::~world() = default;

void world::add_meter(const std::string& id, std::chrono::seconds period) {
  impl_->story.add_meter(id, period);
  impl_->meters.push_back(id);
}

void world::add_evaluation(unsigned taf, const std::string& meter) {
  impl_->story.add_evaluation(taf, meter);
  impl_->evaluations.push_back(impl_->story.profiles.evaluations.back().id);
}

void world::start() { impl_->story.start(); }

void world::live(std::chrono::milliseconds span, std::chrono::milliseconds interval) {
  for (auto left = span; left > 0ms; left -= interval) impl_->step(std::min(left, interval));
}

void world::set_market(market_mood mood) {
  auto& emt = impl_->story.emt;
  emt.down = mood == market_mood::away;
  emt.status = mood == market_mood::failing ? 500 : 200;
  emt.mute_after = mood == market_mood::silent ? emt.requests : SIZE_MAX;
}

void world::crash() {
  impl_->story.crash();
  impl_->story.start();
}

void world::kill(const std::string& role) { impl_->story.kill(role); }

void world::babble(std::size_t octets) {
  for (const auto& m : impl_->meters) {
    bytes noise(octets);
    for (auto& octet : noise) octet = static_cast<std::uint8_t>(impl_->chance());
    impl_->story.push(m, std::move(noise));
  }
}

void world::lose_next_delivery() { impl_->losing = true; }

std::vector<std::string> world::roles() const {
  std::vector<std::string> all{"key_token", "store", "ledger", "outbox", "market stadtwerk", "status"};
  for (const auto& e : impl_->evaluations) all.push_back("contract " + e);
  for (const auto& m : impl_->meters) {
    all.push_back("meter " + m);
    all.push_back("link port-" + m);
  }
  return all;
}

std::size_t world::steps() const noexcept { return impl_->steps; }
timestamp world::now() const { return impl_->story.now(); }
void world::on_step(std::function<void(std::size_t)> before) { impl_->before = std::move(before); }

std::vector<std::string> world::check() {
  std::vector<std::string> found;
  for (const auto& m : impl_->meters) impl_->check_list(m, found);
  for (const auto& c : impl_->story.emt.complaints) found.push_back("the market participant complains: " + c);
  if (const auto waiting = impl_->story.counter("outbox", "waiting"); waiting != 0)
    found.push_back(std::format("{} deliveries still wait", waiting));
  if (const auto aside = impl_->story.counter("outbox", "set aside"); aside != 0)
    found.push_back(std::format("{} deliveries were set aside", aside));
  const auto verdict = impl_->story.verify();
  if (!verdict.whole)
    for (const auto& line : verdict.lines) found.push_back("log: " + line);
  return found;
}

}  // namespace smgw::testkit
