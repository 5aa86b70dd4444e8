// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// CONSOLE: a UNIX socket in the data directory, for `smgw status`, `smgw lmn scan` and `smgw log verify` on the same
/// machine.

#include "actors/interfaces/foundation.hpp"
#include "actors/interfaces/lmn.hpp"
#include "actors/interfaces/platform.hpp"

#include <filesystem>

namespace smgw::platform {

/// One line in: `status`, `lmn scan` or `log verify`. Out: one JSON document, then the connection closes.
inline constexpr std::size_t max_command = 64;
/// Verifying a full log takes its time.
inline constexpr std::chrono::minutes console_budget{2};

/// Starts the console on `<data directory>/console`; only the owner may connect (mode 0600).
[[nodiscard]] expected<caf::actor> spawn_console(caf::actor_system& system, const std::filesystem::path& data_directory,
                                                 status_actor status, ledger_actor ledger, scan_actor scan);

/// Asks the gateway that runs on this data directory; unavailable if none does.
[[nodiscard]] expected<std::string> ask_console(const std::filesystem::path& data_directory, std::string_view command);

/// The reports as one JSON object: `{"meter 1EMH…": {"telegrams": 17, …}, …}`.
[[nodiscard]] std::string to_json(const gateway_status& status);
[[nodiscard]] std::string to_json(const log_verdict& verdict);
/// `{"heard": [{"port": …, "meter": …, "profile": true, "telegrams": 17, …}]}`
[[nodiscard]] std::string to_json(const heard_list& heard);

}  // namespace smgw::platform
