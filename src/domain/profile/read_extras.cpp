// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/profile/forms.hpp"
#include "domain/profile/parts.hpp"

#include <algorithm>
#include <array>

namespace smgw::profile {
namespace {

using std::chrono::seconds;

/// Which members belong to which use cases (a bit per use case).
constexpr unsigned tafs(std::initializer_list<unsigned> list) {
  unsigned bits = 0;
  for (const auto n : list) bits |= 1U << n;
  return bits;
}
constexpr std::array<std::pair<std::string_view, unsigned>, 14> owners{{{"stages", tafs({2, 3, 4, 5})},
                                                                        {"initial_stage", tafs({2, 3, 5})},
                                                                        {"switching", tafs({2})},
                                                                        {"load_steps", tafs({3})},
                                                                        {"quotas", tafs({4})},
                                                                        {"events", tafs({5})},
                                                                        {"event_at_once", tafs({5})},
                                                                        {"extremes", tafs({8})},
                                                                        {"triggers", tafs({9, 10})},
                                                                        {"prepaid", tafs({12})},
                                                                        {"source", tafs({13})},
                                                                        {"day_start", tafs({6})},
                                                                        {"billing_period", tafs({1, 2, 3, 4, 5, 8})},
                                                                        {"delivery_period", tafs({7, 9, 10, 14})}}};

bool belongs(std::string_view name, unsigned taf) {
  const auto row = std::ranges::find(owners, name, &std::pair<std::string_view, unsigned>::first);
  return row != owners.end() && ((row->second >> taf) & 1U) != 0;
}

presence need(std::string_view name, unsigned taf) {
  return belongs(name, taf) ? presence::required : presence::optional;
}

constexpr std::string_view decimal_form = "a decimal number in quotes like \"1500.5\"";

/// The number of a stage that the profile has.
unsigned read_stage(object_reader& in, std::string_view name, const evaluation& e) {
  const auto n = static_cast<unsigned>(in.integer(name, std::nullopt, 1, error_stage - 1));
  if (!e.stages.empty() && std::ranges::find(e.stages, n, &tariff_stage::number) == e.stages.end())
    in.add(name, "the profile has no stage " + std::to_string(n), "Use a number of 'stages'");
  return n;
}

void read_stages(object_reader& in, evaluation& e) {
  in.each("stages", need("stages", e.taf), max_stages, [&](const json::value& v, const std::string& at) {
    object_reader r{v, at, in.to()};
    tariff_stage s;
    s.number = static_cast<unsigned>(r.integer("number", std::nullopt, 1, error_stage - 1));
    s.description = r.text("description", presence::optional);
    if (std::ranges::find(e.stages, s.number, &tariff_stage::number) != e.stages.end())
      r.add("number", "this stage stands here twice", "Number the stages differently");
    e.stages.push_back(std::move(s));
    r.finish();
  });
  if (belongs("initial_stage", e.taf)) e.initial_stage = read_stage(in, "initial_stage", e);
}

day_profile read_day(object_reader& in, const evaluation& e) {
  day_profile d;
  d.id = in.matching("id", presence::required, forms::is_identifier, "letters, digits, '.', '_', '-'");
  in.each("switches", presence::required, 96, [&](const json::value& v, const std::string& at) {
    object_reader r{v, at, in.to()};
    stage_switch s;
    const auto time = r.parsed<seconds>("at", presence::required, forms::read_time_of_day, "a time of day like 06:00");
    s.at = time.value_or(seconds{0});
    s.stage = read_stage(r, "stage", e);
    if (s.at % e.period != seconds{0})
      r.add("at", "not at the end of a registration period", "Use a multiple of the registration period");
    if (d.switches.empty() ? s.at != seconds{0} : s.at <= d.switches.back().at)
      r.add("at", d.switches.empty() ? "the day begins at 00:00" : "not later than the switch before",
            "Begin with 00:00, then ascending");
    d.switches.push_back(s);
    r.finish();
  });
  in.finish();
  return d;
}

template <class T>
bool known(const std::vector<T>& list, std::string_view id) {
  return std::ranges::any_of(list, [&](const T& x) { return x.id == id; });
}

void read_week(object_reader& in, switching_calendar& c) {
  static constexpr std::array<std::string_view, 7> names{"monday", "tuesday",  "wednesday", "thursday",
                                                         "friday", "saturday", "sunday"};
  week_profile w;
  w.id = in.matching("id", presence::required, forms::is_identifier, "letters, digits, '.', '_', '-'");
  for (std::size_t i = 0; i < names.size(); ++i) {
    w.days[i] = in.text(names[i], presence::required, 63);
    if (!w.days[i].empty() && !known(c.days, w.days[i]))
      in.add(names[i], "no day profile '" + w.days[i] + "'", "Use an id of 'days'");
  }
  if (known(c.weeks, w.id)) in.add("id", "this week profile stands here twice", "Name them differently");
  c.weeks.push_back(std::move(w));
  in.finish();
}

void read_season(object_reader& in, switching_calendar& c) {
  season s;
  const auto from = in.parsed<std::chrono::month_day>("from", presence::required, forms::read_month_day, "mm-dd");
  s.start = from.value_or(std::chrono::January / 1);
  s.week = in.text("week", presence::required, 63);
  if (!s.week.empty() && !known(c.weeks, s.week))
    in.add("week", "no week profile '" + s.week + "'", "Use an id of 'weeks'");
  if (s.start == std::chrono::February / 29) in.add("from", "this day is not in every year", "Use 03-01 or 02-28");
  if (std::ranges::find(c.seasons, s.start, &season::start) != c.seasons.end())
    in.add("from", "two seasons start on this day", "Remove one of them");
  c.seasons.push_back(std::move(s));
  in.finish();
}

void read_special_day(object_reader& in, switching_calendar& c) {
  special_day s{.year = {}, .day = std::chrono::January / 1, .day_profile = {}};
  const auto text = in.text("date", presence::required, 10);
  if (const auto date = forms::read_date(text)) {
    s.year = date->year();
    s.day = date->month() / date->day();
  } else if (const auto every_year = forms::read_month_day(text)) {
    s.day = *every_year;
  } else if (!text.empty()) {
    in.wrong("date", text, "yyyy-mm-dd, or mm-dd for every year");
  }
  s.day_profile = in.text("day", presence::required, 63);
  if (!s.day_profile.empty() && !known(c.days, s.day_profile))
    in.add("day", "no day profile '" + s.day_profile + "'", "Use an id of 'days'");
  if (std::ranges::any_of(c.special_days, [&](const auto& o) { return o.day == s.day && o.year == s.year; }))
    in.add("date", "this day stands here twice", "Remove one of them");
  c.special_days.push_back(std::move(s));
  in.finish();
}

void read_switching(object_reader& in, evaluation& e) {
  in.object("switching", need("switching", e.taf), [&](object_reader& r) {
    switching_calendar c;
    const auto list = [&](std::string_view name, presence p, auto read) {
      r.each(name, p, max_rules, [&](const json::value& v, const std::string& at) {
        object_reader item{v, at, r.to()};
        read(item);
      });
    };
    list("days", presence::required, [&](object_reader& i) {
      auto d = read_day(i, e);
      if (known(c.days, d.id)) i.add("id", "this day profile stands here twice", "Name them differently");
      c.days.push_back(std::move(d));
    });
    list("weeks", presence::required, [&](object_reader& i) { read_week(i, c); });
    list("seasons", presence::required, [&](object_reader& i) { read_season(i, c); });
    list("special_days", presence::optional, [&](object_reader& i) { read_special_day(i, c); });
    std::ranges::sort(c.seasons, {}, &season::start);
    e.switching = std::move(c);
  });
}

void read_loads_and_quotas(object_reader& in, evaluation& e) {
  in.each("load_steps", need("load_steps", e.taf), max_stages, [&](const json::value& v, const std::string& at) {
    object_reader r{v, at, in.to()};
    load_step s;
    s.above = r.parsed<decimal>("above", presence::required, forms::read_decimal, decimal_form).value_or(decimal{});
    s.stage = read_stage(r, "stage", e);
    e.load_steps.push_back(s);
    r.finish();
  });
  in.each("quotas", need("quotas", e.taf), max_stages, [&](const json::value& v, const std::string& at) {
    object_reader r{v, at, in.to()};
    stage_quota q;
    q.stage = read_stage(r, "stage", e);
    q.amount = r.parsed<decimal>("amount", presence::optional, forms::read_decimal, decimal_form);
    if (q.amount && q.amount->value <= 0) r.add("amount", "a quota is more than nothing", "Use a positive amount");
    e.quotas.push_back(q);
    r.finish();
  });
  for (std::size_t i = 0; i < e.quotas.size(); ++i)
    if (e.quotas[i].amount.has_value() == (i + 1 == e.quotas.size()))
      in.to().add(in.at("quotas") + "/" + std::to_string(i) + "/amount", "every quota but the last has an amount",
                  e.quotas[i].amount ? "Remove it, or add a last stage" : "Add it");
}

void read_events(object_reader& in, evaluation& e) {
  in.each("events", need("events", e.taf), max_rules, [&](const json::value& v, const std::string& at) {
    object_reader r{v, at, in.to()};
    stage_event s;
    s.event = r.matching("event", presence::required, forms::is_identifier, "letters, digits, '.', '_', '-'");
    s.stage = read_stage(r, "stage", e);
    if (std::ranges::find(e.events, s.event, &stage_event::event) != e.events.end())
      r.add("event", "this event stands here twice", "Remove one of them");
    e.events.push_back(std::move(s));
    r.finish();
  });
  e.event_at_once = in.flag("event_at_once", false);
}

void read_triggers(object_reader& in, evaluation& e) {
  in.each("triggers", presence::optional, max_inputs, [&](const json::value& v, const std::string& at) {
    object_reader r{v, at, in.to()};
    threshold_trigger t;
    const auto name = r.parsed<obis>(
        "obis", presence::required,
        [](std::string_view text) {
          const auto o = obis::parse(text);
          return o ? std::optional{*o} : std::nullopt;
        },
        "an OBIS code like 1-0:32.7.0");
    t.above = r.parsed<decimal>("above", presence::optional, forms::read_decimal, decimal_form);
    t.below = r.parsed<decimal>("below", presence::optional, forms::read_decimal, decimal_form);
    if (!r.has("above") && !r.has("below"))
      r.to().add(r.pointer(), "a trigger without limit", "Add 'above' or 'below'");
    if (name) {
      t.register_name = *name;
      if (std::ranges::find(e.inputs, *name, &evaluation_input::register_name) == e.inputs.end())
        r.add("obis", "not an input of this evaluation", "Use a register of 'inputs'");
    }
    e.triggers.push_back(t);
    r.finish();
  });
}

void read_prepaid(object_reader& in, evaluation& e) {
  in.object("prepaid", need("prepaid", e.taf), [&](object_reader& r) {
    prepayment p;
    const auto amount = [&](std::string_view name) {
      const auto d = r.parsed<decimal>(name, presence::required, forms::read_decimal, decimal_form);
      if (d && d->value < 0) r.add(name, "less than nothing", "Use zero or more");
      return d.value_or(decimal{});
    };
    p.available = amount("available");
    p.warn_below = amount("warn_below");
    p.tolerance = amount("tolerance");
    p.breaker = r.matching("breaker", presence::required, forms::is_identifier, "the id of a controllable system");
    e.prepaid = std::move(p);
  });
}

}  // namespace

void read_extras(object_reader& in, evaluation& e) {
  read_stages(in, e);
  read_switching(in, e);
  read_loads_and_quotas(in, e);
  read_events(in, e);
  in.object("extremes", need("extremes", e.taf), [&](object_reader& r) {
    e.extreme.minima = static_cast<unsigned>(r.integer("minima", 0, 0, 100));
    e.extreme.maxima = static_cast<unsigned>(r.integer("maxima", 0, 0, 100));
    if (e.extreme == extremes{}) r.to().add(r.pointer(), "neither minima nor maxima are kept", "Ask for at least one");
  });
  read_triggers(in, e);
  read_prepaid(in, e);
  e.source = in.matching("source", need("source", e.taf), forms::is_identifier, "the id of another evaluation");
  if (const auto start =
          in.parsed<seconds>("day_start", presence::optional, forms::read_time_of_day, "a time like 06:00"))
    e.day_start = *start;
  if (e.day_start % e.period != seconds{0})
    in.add("day_start", "not at the end of a registration period", "Use a multiple of the registration period");
  for (const auto& [name, use_cases] : owners)
    if (in.has(name) && !belongs(name, e.taf))
      in.add(name, "TAF " + std::to_string(e.taf) + " does not use this", "Remove it");
}

}  // namespace smgw::profile
