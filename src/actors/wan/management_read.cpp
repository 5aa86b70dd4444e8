// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/platform/console.hpp"
#include "actors/wan/management_job.hpp"

namespace smgw {
namespace {

using cosem::node;

std::string_view log_of(const cosem::address& a) {
  if (a.kind != node::object && a.kind != node::attributes && a.kind != node::attribute) return {};
  if (a.object == cosem::object_id{management::class_profile_generic, management::system_log_name}) return "system";
  if (a.object == cosem::object_id{management::class_profile_generic, management::calibration_log_name})
    return "calibration";
  return {};
}

}  // namespace

using cosem::data;
using cosem::data_type;
using desk::status_budget;

void management_desk::get(const work& j) {
  if (snapshot_ && snapshot_->target == j->request.target && j->request.headers.find("Range") != nullptr &&
      !j->request.headers.get("Range").starts_with("bytes=0-")) {
    record_only(record_of(j, 206));
    return send_sealed(j, 200, snapshot_->message, snapshot_->type);
  }
  const auto& a = j->where.where;
  if (const auto log = log_of(a); !log.empty() && !(a.kind == node::attribute && a.index != 2))
    return get_log(j, std::string(log));
  if (a.object == cosem::object_id{management::class_data, management::name_of(management::object::status)})
    return get_status(j);
  gather(j, [this, j](const management::live_values& live) {
    auto text = management::show(management::tree(j->now->told, j->now->profiles, live), j->where.where);
    if (!text) return refuse(j, text.error());
    conclude(j, 200, std::move(*text));
  });
}

void management_desk::gather(const work& j, with_values then) {
  auto live = std::make_shared<management::live_values>();
  live->now = j->now->now();
  live->firmware = j->now->firmware_version;
  live->self_test = last_self_test_;
  live->own_certificates = j->now->own_certificates;
  live->life_cycle = lifecycle::to_string(j->now->life);
  const auto newest = [](const record_page& page) {
    return page.records.empty() ? 0U : static_cast<std::uint32_t>(page.records.back().number);
  };
  const auto failed = [this, j](const error& e) { refuse(j, e); };
  ask(
      self_, parts_.store, store_budget, read_last_record{"system"},
      [this, live, then = std::move(then), newest, failed](const record_page& system) {
        live->system_records = newest(system);
        ask(
            self_, parts_.store, store_budget, read_last_record{"calibration"},
            [this, live, then, newest](const record_page& calibration) {
              live->calibration_records = newest(calibration);
              gather_firmware(live, then);
            },
            failed);
      },
      failed);
}

void management_desk::gather_firmware(const std::shared_ptr<management::live_values>& live, const with_values& then) {
  const auto loader = parts_.find_firmware();
  if (!loader) return then(*live);
  ask(
      self_, loader, status_budget, query_firmware{},
      [live, then](const firmware_report& r) {
        live->image = r.text;
        then(*live);
      },
      [live, then](const error& e) {
        live->image = e.what;  // the slot is at work, or gone: the rest of the tree is there all the same
        then(*live);
      });
}

/// The buffer of a log: records from q.fromidx on, q.count of them; without either the newest.
void management_desk::get_log(const work& j, const std::string& log) {
  const auto failed = [this, j](const error& e) { refuse(j, e); };
  ask(
      self_, parts_.store, store_budget, read_last_record{log},
      [this, j, log, failed](const record_page& last) {
        const auto& q = j->where.where.query;
        const std::uint64_t newest = last.records.empty() ? 0 : last.records.back().number;
        const auto count = std::min<std::uint64_t>(q.count.value_or(max_log_page), max_log_page);
        const std::uint64_t from = q.from_index > 1 || q.count ? q.from_index : newest > count ? newest - count + 1 : 1;
        ask(
            self_, parts_.store, store_budget, read_records{log, from, static_cast<std::size_t>(count)},
            [this, j, newest](const record_page& page) {
              std::vector<data> entries;
              for (const auto& r : page.records) {
                const auto stored = ledger::decode_stored(r.content);
                if (!stored) return refuse(j, {errc::internal, "a record of the log cannot be read"});
                entries.push_back({data_type::structure,
                                   std::vector<data>{{data_type::double_long_unsigned, r.number},
                                                     {data_type::utf8_string, ledger::to_json_line(stored->value)}}});
              }
              cosem::object_value o{j->where.where.object, 0, {}};
              o.attributes.push_back({2, data{data_type::array, std::move(entries)}});
              o.attributes.push_back({7, data{data_type::double_long_unsigned, newest}});
              const std::vector<cosem::device_value> all{{j->where.where.device, {std::move(o)}}};
              cosem::address where = j->where.where;
              where.query = {};
              auto text = management::show(all, where);
              if (!text) return refuse(j, text.error());
              conclude(j, 200, std::move(*text));
            },
            failed);
      },
      failed);
}

void management_desk::get_status(const work& j) {
  const auto status = parts_.find_status();
  if (!status || j->where.where.device != management::device_of(j->now->profiles.self.id))
    return refuse(j, {errc::unsupported, "nothing is there"});
  ask(
      self_, status, status_budget, query_status{},
      [this, j](const gateway_status& s) {
        cosem::object_value o{j->where.where.object, 0, {}};
        o.attributes.push_back({2, data{data_type::utf8_string, platform::to_json(s)}});
        auto text = management::show({{j->where.where.device, {std::move(o)}}}, j->where.where);
        if (!text) return refuse(j, text.error());
        conclude(j, 200, std::move(*text));
      },
      [this, j](const error& e) { refuse(j, e); });
}

}  // namespace smgw
