// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/time_text.hpp"
#include "domain/profile/forms.hpp"
#include "domain/profile/parts.hpp"
#include "domain/value_list/original_list.hpp"

namespace smgw::profile {
namespace {

std::optional<device_id> read_id(std::string_view t) {
  const auto id = device_id::parse(t);
  return id ? std::optional{*id} : std::nullopt;
}
std::optional<obis> read_obis(std::string_view t) {
  const auto name = obis::parse(t);
  return name ? std::optional{*name} : std::nullopt;
}
std::optional<timestamp> read_time(std::string_view t) {
  const auto at = parse_iso8601(t);
  return at ? std::optional{*at} : std::nullopt;
}

void read_input(object_reader& in, evaluation& e) {
  evaluation_input i;
  const auto id = in.parsed<device_id>("meter", presence::required, read_id, "a device id like 1EMH0010482201");
  const auto name = in.parsed<obis>("obis", presence::required, read_obis, "an OBIS code like 1-0:1.8.0");
  i.sign = static_cast<int>(in.integer("sign", 1, -1, 1));
  if (i.sign == 0) in.add("sign", "an input that counts nothing", "Use 1 or -1");
  if (id && name) {
    i.meter = *id;
    i.register_name = *name;
    for (const auto& other : e.inputs)
      if (other.meter == i.meter && other.register_name == i.register_name)
        in.to().add(in.pointer(), "this register is an input twice", "Remove one of them");
    e.inputs.push_back(i);
  }
  in.finish();
}

calendar::span read_span(object_reader& in, std::string_view name, calendar::span otherwise) {
  if (!in.has(name)) return otherwise;
  calendar::span s;
  in.object(name, presence::required, [&](object_reader& r) {
    s.months = static_cast<unsigned>(r.integer("months", 0, 0, 36));
    s.days = static_cast<unsigned>(r.integer("days", 0, 0, 366));
    s.seconds = std::chrono::seconds{r.integer("seconds", 0, 0, 86'400)};
  });
  if (s.valid()) return s;
  in.add(name, "a period has exactly one length",
         R"(Write {"months": 1}, {"days": 1} or, for demonstrations, {"seconds": 60})");
  return otherwise;
}

void read_recipient(object_reader& in, evaluation& e) {
  recipient r;
  r.wan = in.matching("wan", presence::required, forms::is_identifier, "the id of a WAN profile");
  in.each("times", presence::optional, 96, [&](const json::value& v, const std::string& at) {
    const auto time = v.kind == json::kind::text ? forms::read_time_of_day(v.text) : std::nullopt;
    if (time)
      r.sending.times.push_back(*time);
    else
      in.to().add(at, "not a time of day", "Write it as \"06:00\"");
  });
  r.sending.every = std::chrono::seconds{in.integer("every_s", 0, 0, 86'400)};
  r.sending.jitter = std::chrono::seconds{in.integer("jitter_s", 0, 0, 43'200)};
  if (!r.sending.times.empty() && r.sending.every.count() != 0)
    in.add("every_s", "sending follows either times or a grid", "Remove 'times' or 'every_s'");
  r.suite = read_suite(in);
  r.pseudonym = in.flag("pseudonym", false);
  for (const auto& other : e.recipients)
    if (!r.wan.empty() && other.wan == r.wan) in.add("wan", "this recipient stands here twice", "Remove one of them");
  e.recipients.push_back(std::move(r));
  in.finish();
}

void read_validity(object_reader& in, evaluation& e) {
  constexpr std::string_view form = "a time with zone like 2026-01-01T00:00:00+01:00";
  if (const auto from = in.parsed<timestamp>("valid_from", presence::required, read_time, form)) e.valid_from = *from;
  e.valid_until = in.parsed<timestamp>("valid_until", presence::optional, read_time, form);
  if (e.valid_until && *e.valid_until <= e.valid_from)
    in.add("valid_until", "validity ends before it begins", "Use a later time");
}

}  // namespace

evaluation read_evaluation(object_reader& in) {
  evaluation e;
  e.id = in.matching("id", presence::required, forms::is_identifier, "letters, digits, '.', '_', '-'");
  e.taf = static_cast<unsigned>(in.integer("taf", std::nullopt, 1, 14));
  e.tariff = in.text("tariff", presence::optional);
  e.usage_point = in.matching("usage_point", presence::required, forms::is_usage_point,
                              "33 characters: the country code, then capitals and digits");
  e.consumer = in.matching("consumer", presence::required, forms::is_identifier, "letters, digits, '.', '_', '-'");
  e.invoicing_party = in.text("invoicing_party", presence::optional);
  if (e.invoicing_party.size() > 64)
    in.add("invoicing_party", "longer than 64 characters", "Write the supplier's BDEW code");
  // TAF 13 shows the results of another evaluation and has no inputs of its own.
  const auto own = e.taf == 13 ? presence::optional : presence::required;
  in.each("inputs", own, max_inputs, [&](const json::value& v, const std::string& at) {
    object_reader i{v, at, in.to()};
    read_input(i, e);
  });
  if (e.taf == 13 && in.has("inputs")) in.add("inputs", "TAF 13 takes the inputs of its source", "Remove it");
  const auto name = in.parsed<obis>("register", presence::optional, read_obis, "an OBIS code like 1-0:1.8.0");
  e.register_name = name ? *name : !e.inputs.empty() ? e.inputs.front().register_name : obis{};
  e.period = std::chrono::seconds{in.integer("registration_period_s", 900, 1, 3600)};
  if (!value_list::valid_period(e.period))
    in.add("registration_period_s", "the period does not divide the hour", "Use 900, or another divisor of 3600");
  e.billing = read_span(in, "billing_period", e.billing);
  e.delivery = read_span(in, "delivery_period", e.delivery);
  read_validity(in, e);
  e.inner_signature = in.flag("inner_signature", false);
  in.each("recipients", presence::required, max_recipients, [&](const json::value& v, const std::string& at) {
    object_reader r{v, at, in.to()};
    read_recipient(r, e);
  });
  read_extras(in, e);
  in.finish();
  return e;
}

}  // namespace smgw::profile
