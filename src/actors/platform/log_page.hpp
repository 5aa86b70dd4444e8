// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// A page of a log as lines, from a running gateway's store or from one that stands still.

#include "domain/ledger/export.hpp"
#include "store/database.hpp"

namespace smgw::platform {

inline constexpr std::size_t max_log_page = 500;  ///< records of one page

/// What is asked of a log.
struct log_question {
  std::string log = "system";
  std::uint64_t from = 0;  ///< number of the first record; 0: the newest ones
  std::size_t count = 50;
  ledger::show_as how = ledger::show_as::text;
};
/// `LOG FROM COUNT text|json|evidence`, the words of a console command. malformed otherwise.
[[nodiscard]] expected<log_question> parse_log_question(std::string_view words);
[[nodiscard]] std::string to_words(const log_question& q);

/// Lines, the number of the next record, and, on the last page, the end of an export.
struct log_lines {
  std::vector<std::string> lines;
  std::uint64_t next = 0;  ///< 0: there are no more
  std::string end;
};
[[nodiscard]] expected<log_lines> make_page(const std::vector<store::log_record>& records, const log_question& q);
[[nodiscard]] std::string to_json(const log_lines& page);
/// malformed, or the error that the gateway answered with.
[[nodiscard]] expected<log_lines> parse_log_lines(std::string_view json);

/// The first record that a question means, given the newest one.
[[nodiscard]] std::uint64_t first_of(const log_question& q, std::uint64_t first, std::uint64_t last) noexcept;

}  // namespace smgw::platform
