// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// CONSOLE: a UNIX socket in the data directory, for `smgw status`, `smgw log`, `smgw lmn scan` and `smgw self-test` on
/// the same machine.

#include "actors/interfaces/foundation.hpp"
#include "actors/interfaces/lmn.hpp"
#include "actors/interfaces/platform.hpp"

#include <filesystem>
#include <functional>

namespace smgw::platform {

/// One line in: `status`, `self-test`, `lmn scan`, `log verify` or `log show LOG FROM COUNT FORM`. Out: one JSON
/// document, then the connection closes.
inline constexpr std::size_t max_command = 384;
/// Verifying a full log takes its time.
inline constexpr std::chrono::minutes console_budget{2};

/// Whom the console asks, looked up for each question: who was started anew is another actor.
struct console_parts {
  std::function<status_actor()> status;
  std::function<ledger_actor()> ledger;
  std::function<store_actor()> store;
  std::function<state_actor()> state;
  std::function<scan_actor()> scan;
};

/// Starts the console on `<data directory>/console`; only the owner may connect (mode 0600).
[[nodiscard]] expected<caf::actor> spawn_console(caf::actor_system& system, const std::filesystem::path& data_directory,
                                                 console_parts parts);

/// Asks the gateway that runs on this data directory; unavailable if none does.
[[nodiscard]] expected<std::string> ask_console(const std::filesystem::path& data_directory, std::string_view command);

/// The reports as one JSON object: `{"meter 1EMH…": {"telegrams": 17, …}, …}`.
[[nodiscard]] std::string to_json(const gateway_status& status);
[[nodiscard]] std::string to_json(const log_verdict& verdict);
[[nodiscard]] std::string to_json(const self_test_result& result);
/// `{"heard": [{"port": …, "meter": …, "profile": true, "telegrams": 17, …}]}`
[[nodiscard]] std::string to_json(const heard_list& heard);

}  // namespace smgw::platform
