// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/foundation/log_name.hpp"

#include "crypto/hash.hpp"

namespace smgw {
namespace {

constexpr std::string_view consumer_prefix = "consumer/";

}  // namespace

std::string log_name(const ledger::log_id& log) {
  switch (log.kind) {
    case ledger::log_kind::system: return "system";
    case ledger::log_kind::calibration: return "calibration";
    case ledger::log_kind::consumer: return std::string(consumer_prefix) + log.consumer;
  }
  return "system";
}

std::optional<ledger::log_id> log_of(std::string_view name) {
  if (name == "system") return ledger::log_id{ledger::log_kind::system, {}};
  if (name == "calibration") return ledger::log_id{ledger::log_kind::calibration, {}};
  if (name.starts_with(consumer_prefix))
    return ledger::log_id{ledger::log_kind::consumer, std::string(name.substr(consumer_prefix.size()))};
  return std::nullopt;
}

std::string begin_name(std::string_view log) { return "log-begin/" + std::string(log); }
std::string checkpoint_name(std::string_view log) { return "checkpoint/" + std::string(log); }

ledger::hash_function chain_hash() {
  return [](bytes_view data) { return crypto::sha256(data); };
}

}  // namespace smgw
