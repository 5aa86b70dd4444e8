// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/hex.hpp"
#include "protocols/han/api_parts.hpp"
#include "protocols/han/text.hpp"

#include <array>
#include <charconv>

namespace smgw::han {
namespace {

constexpr std::array<std::string_view, 5> levels{"", "INFO", "WARNING", "ERROR", "FATAL"};

std::string_view level_of(const record_view& r) { return r.level < levels.size() ? levels[r.level] : "UNKNOWN"; }
std::string_view outcome_of(const record_view& r) { return r.success ? "SUCCESS" : "FAILURE"; }

void put_text(std::string& out, std::string_view name, std::string_view text) {
  if (text.empty()) return;
  out += ",\"";
  out += name;
  out += "\":";
  put_quoted(out, text);
}

void put_record(std::string& out, const record_view& r) {
  out += "{\"recordNumber\":" + std::to_string(r.number) + ",\"parentRecordNumber\":" + std::to_string(r.parent) +
         ",\"repetitionCounter\":" + std::to_string(r.repetitions) + ",\"timestamp\":\"" + instant(r.at) +
         "\",\"secondsIndex\":" + std::to_string(r.seconds_index) + ",\"eventId\":" + std::to_string(r.event) +
         ",\"eventSubId\":" + std::to_string(r.sub_event);
  put_text(out, "vendorId", r.vendor);
  put_text(out, "level", level_of(r));
  put_text(out, "outcome", outcome_of(r));
  put_text(out, "subjectIdentity", r.subject);
  put_text(out, "userIdentity", r.user);
  put_text(out, "destination", r.destination);
  put_text(out, "text", r.text);
  if (!r.extensions.empty()) {
    out += ",\"messageExtensions\":[";
    for (std::size_t i = 0; i < r.extensions.size(); ++i) {
      if (i != 0) out += ',';
      put_quoted(out, r.extensions[i]);
    }
    out += ']';
  }
  if (!r.evidence.empty()) out += ",\"evidence\":\"" + to_hex(r.evidence) + '"';
  out += '}';
}

void put_json(std::string& out, const std::vector<record_view>& all) {
  out += "{\"records\":[";
  bool first = true;
  for (const auto& r : all) {
    if (!std::exchange(first, false)) out += ',';
    put_record(out, r);
  }
  out += "]}";
}

void put_table(std::string& out, const std::vector<record_view>& all) {
  out += "number,time,level,outcome,event,subject,user,destination,text\r\n";
  for (const auto& r : all) {
    out += std::to_string(r.number) + "," + instant(r.at) + "," + std::string(level_of(r)) + "," +
           std::string(outcome_of(r)) + "," + std::to_string(r.event);
    for (const auto* text : {&r.subject, &r.user, &r.destination, &r.text}) {
      out += ',';
      put_csv(out, *text);
    }
    out += "\r\n";
  }
}

}  // namespace

decision plan_log(const http::resource_call& call, const party& p, timestamp now) {
  const auto& q = call.query;
  log_wish wish{.system = p.who == http::role::technician};
  if (q.type) {
    std::uint32_t event = 0;
    const auto [end, code] = std::from_chars(q.type->data(), q.type->data() + q.type->size(), event);
    if (code != std::errc{} || end != q.type->data() + q.type->size())
      return std::unexpected{http::refuse_with(400, "q.type: the number of an event")};
    wish.event = event;
  }
  const auto w = q.within(timestamp{}, now);
  wish.from = w.from;
  wish.to = q.to ? w.to : timestamp::max();  // without a bound also what is written meanwhile
  wish.level = q.level;
  wish.count = q.count;
  plan out;
  out.need.log = wish;
  out.sign = seal_of(call);
  out.render = [form = call.answer_as](const findings& f) {
    return in_form(form, [&](std::string& to) { put_json(to, f.log); }, [&](std::string& to) { put_table(to, f.log); });
  };
  return out;
}

}  // namespace smgw::han
