// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/wan/management_job.hpp"
#include "base/octets.hpp"

namespace smgw {

using cosem::data;
using cosem::data_type;
using desk::record_budget;

/// Log delivery (overview 3.1, WKS2): pages of the whole log, each a delivery of its own that waits on disk.
void management_desk::deliver_log(const work& j) {
  if (!j->peer.service) return refuse(j, {errc::denied, "the administrator's profile names no 'service' address"});
  export_log(j, j->where.where.object.name == management::system_log_name ? "system" : "calibration",
             [this, j](std::uint64_t newest) {
               const auto text = cosem::write_method_response(0, data{data_type::double_long_unsigned, newest});
               conclude(j, 200, text.value_or(std::string()));
             });
}

void management_desk::export_log(const work& j, const std::string& log, after_export then) {
  ask(
      self_, parts_.store, store_budget, read_last_record{log},
      [this, j, log, then = std::move(then)](const record_page& last) {
        export_page(j, log, 1, last.records.empty() ? 0 : last.records.back().number, then);
      },
      [this, j](const error& e) { refuse(j, e); });
}

void management_desk::export_page(const work& j, const std::string& log, std::uint64_t from, std::uint64_t newest,
                                  after_export then) {
  if (from > newest) return then(newest);
  ask(
      self_, parts_.store, store_budget, read_records{log, from, max_log_page},
      [this, j, log, newest, then = std::move(then)](const record_page& page) {
        // Older ones may have been overwritten; from there on the numbers have no gap.
        const auto next = page.records.empty() ? newest + 1 : page.records.back().number + 1;
        std::vector<data> entries;
        for (const auto& r : page.records)
          if (const auto stored = ledger::decode_stored(r.content))
            entries.push_back({data_type::utf8_string, ledger::to_json_line(stored->value)});
        const auto text = cosem::write_attribute({2, data{data_type::array, std::move(entries)}});
        const auto outbox = parts_.find_outbox();
        if (!text || !outbox) return refuse(j, {errc::unavailable, "the outbox is not there; ask again"});
        const auto octets = as_bytes(*text);
        submit::delivery d{.recipient = j->peer.id,
                           .description = "log " + log,
                           .not_before = j->now->now(),
                           .content = bytes(octets.begin(), octets.end()),
                           .target = service_path(j->peer, "logs/" + log),
                           .correlation = j->where.async ? j->where.async->id : std::string()};
        ask(
            self_, outbox, record_budget, submit{{std::move(d)}, nullptr},
            [this, j, log, next, newest, then](const submitted&) { export_page(j, log, next, newest, then); },
            [this, j](const error& e) { refuse(j, e); });
      },
      [this, j](const error& e) { refuse(j, e); });
}

}  // namespace smgw
