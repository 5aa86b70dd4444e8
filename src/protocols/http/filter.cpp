// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/http/filter.hpp"

#include "base/check.hpp"
#include "base/time_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace smgw::http {
namespace {

struct named {
  std::string_view name;
  filter_key key;
};
constexpr std::array names{
    named{"q.fromtime", filter_key::fromtime}, named{"q.totime", filter_key::totime},
    named{"q.type", filter_key::type},         named{"q.count", filter_key::count},
    named{"q.obis", filter_key::obis},         named{"q.level", filter_key::level},
    named{"q.signed", filter_key::signature},
};

expected<timestamp> read_time(std::string_view text) {
  constexpr std::size_t date_length = 10;
  return parse_iso8601(text.size() == date_length ? std::string{text} + "T00:00:00Z" : std::string{text});
}

expected<std::size_t> read_count(std::string_view text) {
  std::uint32_t count = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (text.empty() || code != std::errc{} || end != text.data() + text.size())
    return fail(errc::malformed, "not a number");
  return count;
}

expected<obis> read_obis(std::string_view text) {
  // Only the form A-B:C.D.E[*F]; the hex form belongs to other interfaces.
  if (!text.contains(':')) return fail(errc::malformed, "not A-B:C.D.E");
  return obis::parse(text);
}

expected<void> read_one(filter& f, filter_key key, const std::string& value) {
  switch (key) {
    case filter_key::fromtime: {
      SMGW_TRY(f.from, read_time(value));
      return {};
    }
    case filter_key::totime: {
      SMGW_TRY(f.to, read_time(value));
      return {};
    }
    case filter_key::type:
      if (value.empty()) return fail(errc::malformed, "empty");
      f.type = value;
      return {};
    case filter_key::count: {
      SMGW_TRY(f.count, read_count(value));
      return {};
    }
    case filter_key::obis: {
      SMGW_TRY(f.register_name, read_obis(value));
      return {};
    }
    case filter_key::level:
      if (value.size() != 1 || !std::string_view{"IWEF"}.contains(value[0]))
        return fail(errc::malformed, "one of I, W, E, F");
      f.level = value[0];
      return {};
    case filter_key::signature:
      if (value != detached_suite) return fail(errc::malformed, "only " + std::string{detached_suite});
      f.sign = true;
      return {};
  }
  return fail(errc::internal, "query parameter");
}

}  // namespace

filter::window filter::within(timestamp commissioned, timestamp now) const noexcept {
  return {std::max(from.value_or(commissioned), commissioned), std::min(to.value_or(now), now)};
}

expected<filter> parse_filter(const target& t, std::uint8_t taken) {
  filter f;
  for (std::size_t i = 0; i < t.query.size(); ++i) {
    const auto& p = t.query[i];
    const auto known = std::ranges::find(names, std::string_view{p.name}, &named::name);
    if (known == names.end() || (taken & static_cast<std::uint8_t>(known->key)) == 0)
      return fail(errc::malformed, "query parameter not known here: " + p.name);
    if (t.find(p.name) != &p.value) continue;  // only the first of a name counts
    if (auto read = read_one(f, known->key, p.value); !read)
      return fail(errc::malformed, p.name + ": " + read.error().what);
  }
  return f;
}

}  // namespace smgw::http
