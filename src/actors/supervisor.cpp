// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/supervisor.hpp"

#include <algorithm>
#include <deque>
#include <memory>
#include <optional>

namespace smgw {
namespace {

struct grace_over {
  std::size_t child;
  unsigned generation;
};
struct start_again {
  unsigned round;
};

}  // namespace
}  // namespace smgw

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(smgw::grace_over)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(smgw::start_again)

namespace smgw {
namespace {

/// Each child is absent, running or stopping. All transitions happen in `advance`.
class nursery : public std::enable_shared_from_this<nursery> {
 public:
  nursery(caf::event_based_actor* self, std::string path, std::vector<child_spec> specs, restart_policy policy,
          death_listener on_death, caf::actor above)
      : self_(self),
        path_(std::move(path)),
        specs_(std::move(specs)),
        policy_(policy),
        on_death_(std::move(on_death)),
        above_(std::move(above)),
        children_(specs_.size()) {}

  void start_missing() {
    if (leaving_) return;
    for (std::size_t i = 0; i < specs_.size(); ++i) {
      if (children_[i].actor) {
        if (!children_[i].started) return;
        continue;
      }
      if (policy_.siblings == strategy::rest_for_one && someone_stops()) return;
      children_[i].actor = specs_[i].start(self_);
      children_[i].stopping = false;
      children_[i].started = !specs_[i].says_started;
      ++children_[i].generation;
      self_->monitor(children_[i].actor);
      if (!children_[i].started) return;
    }
    if (above_) self_->send(std::exchange(above_, nullptr), children_started{});
  }

  /// A supervisor below has all its children: what depends on them may start.
  void heard_started() {
    const auto who = self_->current_sender();
    for (auto& c : children_)
      if (c.actor && caf::actor_cast<caf::strong_actor_ptr>(c.actor) == who) c.started = true;
    start_missing();
  }

  void leave(caf::error reason) {
    if (!leaving_) leaving_ = std::move(reason);
    advance();
  }

  void died(const caf::down_msg& down) {
    const auto dead =
        std::ranges::find_if(children_, [&](const child& c) { return c.actor && c.actor.address() == down.source; });
    if (dead == children_.end()) return;
    const auto index = static_cast<std::size_t>(dead - children_.begin());
    const bool expected = dead->stopping;
    dead->actor = nullptr;
    dead->stopping = false;
    if (!expected && !leaving_) mourn(index, down.reason);
    advance();
  }

  void renew(const restart_from& order) {
    const auto first = std::ranges::find(specs_, order.child, &child_spec::name);
    if (first == specs_.end() || leaving_) return;
    const auto index = static_cast<std::size_t>(first - specs_.begin());
    stop_from_ = stop_from_ ? std::min(*stop_from_, index) : index;
    restart_wanted_ = true;
    advance();
  }

  void kill(const grace_over& late) {
    auto& c = children_[late.child];
    if (c.actor && c.stopping && c.generation == late.generation) self_->send_exit(c.actor, caf::exit_reason::kill);
  }

  void restart(const start_again& due) {
    if (due.round == round_) start_missing();
  }

 private:
  struct child {
    caf::actor actor;
    bool stopping = false;
    bool started = true;  ///< false while a supervisor below has not said `children_started`
    unsigned generation = 0;
  };

  [[nodiscard]] bool someone_stops() const {
    return std::ranges::any_of(children_, [](const child& c) { return c.actor && c.stopping; });
  }

  /// Counts the death, reports it, and marks which siblings have to go.
  void mourn(std::size_t index, const caf::error& reason) {
    const auto now = self_->clock().now();
    while (!deaths_.empty() && now - deaths_.front() > policy_.period) deaths_.pop_front();
    deaths_.push_back(now);
    const bool give_up = deaths_.size() > policy_.intensity;
    if (on_death_) on_death_({path_ + "/" + specs_[index].name, from_caf(reason), give_up});
    if (give_up) {
      leaving_ = reason;
    } else if (policy_.siblings == strategy::rest_for_one) {
      stop_from_ = stop_from_ ? std::min(*stop_from_, index) : index;
    }
    restart_wanted_ = true;
  }

  /// Stops what has to go, last first and one after the other; then starts again, or quits.
  void advance() {
    const std::size_t keep = leaving_ ? 0 : stop_from_.value_or(children_.size());
    for (std::size_t i = children_.size(); i-- > keep;) {
      auto& c = children_[i];
      if (!c.actor) continue;
      if (!c.stopping) {
        c.stopping = true;
        self_->send_exit(c.actor, caf::exit_reason::user_shutdown);
        self_->delayed_send(self_, policy_.grace, grace_over{i, c.generation});
      }
      return;
    }
    stop_from_.reset();
    if (leaving_) return self_->quit(*leaving_);
    if (!restart_wanted_) return;
    restart_wanted_ = false;
    const auto doublings = std::min<std::size_t>(deaths_.empty() ? 0 : deaths_.size() - 1, 10);
    self_->delayed_send(self_, policy_.back_off * (1U << doublings), start_again{++round_});
  }

  caf::event_based_actor* self_;
  std::string path_;
  std::vector<child_spec> specs_;
  restart_policy policy_;
  death_listener on_death_;
  caf::actor above_;  ///< until told
  std::vector<child> children_;
  std::deque<caf::actor_clock::time_point> deaths_;
  std::optional<std::size_t> stop_from_;
  std::optional<caf::error> leaving_;
  bool restart_wanted_ = false;
  unsigned round_ = 0;
};

}  // namespace

caf::behavior supervisor(caf::event_based_actor* self, std::string path, std::vector<child_spec> children,
                         restart_policy policy, death_listener on_death, caf::actor above) {
  guard(self);
  auto kids = std::make_shared<nursery>(self, std::move(path), std::move(children), policy, std::move(on_death),
                                        std::move(above));
  self->set_down_handler([kids](caf::down_msg& down) { kids->died(down); });
  self->set_exit_handler([kids](caf::exit_msg& exit) { kids->leave(exit.reason); });
  kids->start_missing();
  return {
      [kids](const grace_over& late) { kids->kill(late); },
      [kids](const start_again& due) { kids->restart(due); },
      [kids](const children_started&) { kids->heard_started(); },
      [kids](const restart_from& order) { kids->renew(order); },
  };
}

}  // namespace smgw
