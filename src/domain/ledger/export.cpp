// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/ledger/export.hpp"

#include "base/check.hpp"
#include "base/hex.hpp"
#include "base/time_text.hpp"

#include <nlohmann/json.hpp>

namespace smgw::ledger {

using nlohmann::ordered_json;

expected<std::string> show(bytes_view stored, show_as how) {
  SMGW_TRY(const auto r, decode_stored(stored));
  if (how == show_as::text) return to_text(r.value);
  if (how == show_as::json) return to_json_line(r.value);
  // The record is JSON already; what is added has no character that needs escaping.
  return "{\"record\":" + to_json_line(r.value) + ",\"hash\":\"" + to_hex(r.hash) + "\",\"stored\":\"" +
         to_hex(stored) + "\"}";
}

std::string export_end(const head& begin, std::uint32_t last, const std::optional<checkpoint>& newest) {
  ordered_json end{{"first", begin.last + 1}, {"last", last}, {"hash_before_first", to_hex(begin.hash)}};
  if (newest)
    end["checkpoint"] = {{"last", newest->at.last},
                         {"hash", to_hex(newest->at.hash)},
                         {"signed_at", to_iso8601(newest->signed_at)},
                         {"signed", to_hex(to_be_signed(newest->at, newest->signed_at))},
                         {"signature", to_hex(newest->signature)}};
  return end.dump();
}

}  // namespace smgw::ledger
