// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/foundation/log_checkpoints.hpp"

#include "actors/ask.hpp"
#include "actors/metering/meter.hpp"
#include "crypto/hash.hpp"

#include <algorithm>

namespace smgw {
namespace {

constexpr std::chrono::seconds sign_budget{60};

}  // namespace

void log_checkpoints::look() {
  const bool lost = std::ranges::contains(parts_.conditions->holding(), state::condition::module_lost);
  const bool back = std::exchange(lost_, lost) && !lost;
  if (back) pause_.succeeded();
  if (back || !pausing_) ask_for_due();
}

void log_checkpoints::pause_over() {
  pausing_ = false;
  ask_for_due();
}

void log_checkpoints::ask_for_due() {
  for (const auto& [log, head] : heads_)
    if (!asked_.contains(log) && ledger::checkpoint_due(head, newest_[log], parts_.now())) sign(log, head);
}

void log_checkpoints::sign(const std::string& log, const ledger::head& head) {
  const auto now = parts_.now();
  asked_.insert(log);
  const auto digest = crypto::sha256(ledger::to_be_signed(head, now));
  ask(
      self_, parts_.key_token, sign_budget, sign_digest{bytes(digest.begin(), digest.end())},
      [this, log, head, now](const digest_signature& s) { keep(log, {head, now, s.signature}); },
      [this, log](const error& e) { failed(log, "not signed: " + e.what); });
}

void log_checkpoints::keep(const std::string& log, ledger::checkpoint made) {
  auto changes = std::make_shared<store::batch>();
  changes->put_state(checkpoint_name(log), ledger::encode(made)).use_reserve();
  ask(
      self_, parts_.store, store_budget, commit{std::move(changes)},
      [this, log, made](const committed&) {
        asked_.erase(log);
        newest_[log] = made;
        pause_.succeeded();
        ++made_;
      },
      [this, log](const error& e) { failed(log, "not stored: " + e.what); });
}

/// One timer for all logs: they wait for the same module.
void log_checkpoints::failed(const std::string& log, std::string why) {
  asked_.erase(log);
  parts_.announce("ledger", "checkpoint of " + log + " " + why);
  if (std::exchange(pausing_, true)) return;
  self_->delayed_send(self_, pause_.failed(), wake{sign_again});
}

}  // namespace smgw
