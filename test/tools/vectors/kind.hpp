// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// A kind of telegram for `smgw-vectors`: how a row is recognised and how it is checked. A kind is one file,
/// kind_x.cpp, with one `registration` at namespace scope; nothing else has to know it.

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace smgw::vectors {

enum class outcome : unsigned char {
  accepted,     ///< the row expects values, and every one of them came out
  refused,      ///< the row expects a refusal, and it was refused
  missed,       ///< anything else; the reason says what differs
  unsupported,  ///< no decoder here for what the row shows (not a miss, but counted and shown)
};

struct check_result {
  outcome result = outcome::missed;
  std::string reason;  ///< for a miss: what was expected and what came; for people
};
[[nodiscard]] inline check_result accepted() { return {outcome::accepted, {}}; }
[[nodiscard]] inline check_result refused() { return {outcome::refused, {}}; }
[[nodiscard]] inline check_result missed(std::string why) { return {outcome::missed, std::move(why)}; }
[[nodiscard]] inline check_result unsupported(std::string why) { return {outcome::unsupported, std::move(why)}; }

struct kind {
  std::string_view name;  ///< as shown in the table: `sml`, `wmbus`, `dlms`, …
  /// Whether a row is of this kind: by its shape, else by the name of its file (`wmbus_public.jsonl`, no folder).
  bool (*recognises)(const nlohmann::json& row, std::string_view file_name);
  /// Decodes the row and compares it with its `expected`. An exception of the JSON library (a field that is not
  /// there) counts as a miss.
  check_result (*check)(const nlohmann::json& row);
};

/// `const registration sml{{"sml", recognises, check}};` in kind_sml.cpp adds the kind.
struct registration {
  explicit registration(const kind& k);
};
[[nodiscard]] const std::vector<kind>& kinds();

}  // namespace smgw::vectors
