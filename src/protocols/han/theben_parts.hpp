// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The methods of the M2M dialect, one function each. Inner use of this folder.

#include "protocols/han/model.hpp"

#include <set>

namespace smgw::han::theben {

/// A request's members, checked.
struct request {
  std::string method;
  std::string usage_point;
  std::string database;
  bool last = false;
  std::optional<timestamp> from, to;
  std::optional<std::uint32_t> first, count;
  std::set<obis> channels;  ///< empty: all
};
/// malformed: a member breaks its form; the text names it. Clients write numbers and truth values as texts too.
[[nodiscard]] expected<request> read_request(bytes_view body);

/// The frame around every answer; `content` is a JSON text.
[[nodiscard]] http::response answer_of(std::string_view method, const findings& f, const std::string& content);

[[nodiscard]] decision refuse(int status, std::string_view why);
[[nodiscard]] decision smgw_info();
[[nodiscard]] decision user_info(const party& p);
[[nodiscard]] decision usage_point_info(const request& asked, const party& p);
[[nodiscard]] decision readings(const request& asked, const party& p, timestamp now);
[[nodiscard]] decision log(const request& asked, const party& p, timestamp now);
[[nodiscard]] decision self_test();

/// The contract whose usage point the request names; null if there is none of this party.
[[nodiscard]] const contract_view* contract_of(const request& asked, const party& p);

}  // namespace smgw::han::theben
