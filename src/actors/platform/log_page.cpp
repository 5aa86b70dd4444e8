// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/platform/log_page.hpp"

#include "base/check.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>

namespace smgw::platform {
namespace {

using nlohmann::ordered_json;

constexpr std::string_view forms[] = {"text", "json", "evidence"};

std::string_view next_word(std::string_view& in) {
  const auto end = std::min(in.find(' '), in.size());
  const auto word = in.substr(0, end);
  in.remove_prefix(std::min(end + 1, in.size()));
  return word;
}

template <class T>
bool number(std::string_view word, T& into) {
  const auto [end, failed] = std::from_chars(word.data(), word.data() + word.size(), into);
  return failed == std::errc{} && end == word.data() + word.size();
}

}  // namespace

expected<log_question> parse_log_question(std::string_view words) {
  log_question q;
  q.log = next_word(words);
  const bool numbers = number(next_word(words), q.from) && number(next_word(words), q.count);
  const auto form = std::ranges::find(forms, next_word(words));
  if (q.log.empty() || !numbers || form == std::end(forms) || !words.empty())
    return fail(errc::malformed, "write: log show LOG FROM COUNT text|json|evidence");
  q.how = static_cast<ledger::show_as>(form - std::begin(forms));
  q.count = std::min(q.count, max_log_page);
  return q;
}

std::string to_words(const log_question& q) {
  return q.log + " " + std::to_string(q.from) + " " + std::to_string(q.count) + " " +
         std::string(forms[static_cast<std::size_t>(q.how)]);
}

std::uint64_t first_of(const log_question& q, std::uint64_t first, std::uint64_t last) noexcept {
  if (q.from != 0) return std::max(q.from, first);
  return last >= first + q.count ? last - q.count + 1 : first;
}

expected<log_lines> make_page(const std::vector<store::log_record>& records, const log_question& q) {
  log_lines page;
  for (const auto& r : records) {
    SMGW_TRY(auto line, ledger::show(r.content, q.how));
    page.lines.push_back(std::move(line));
  }
  if (records.size() == q.count && !records.empty()) page.next = records.back().number + 1;
  return page;
}

std::string to_json(const log_lines& page) {
  return ordered_json{{"lines", page.lines}, {"next", page.next}, {"end", page.end}}.dump(
             -1, ' ', false, ordered_json::error_handler_t::replace) +
         "\n";
}

expected<log_lines> parse_log_lines(std::string_view json) {
  const auto doc = ordered_json::parse(json, nullptr, false);
  if (doc.is_object() && doc.contains("text") && doc["text"].is_string())
    return fail(errc::conflict, doc["text"].get<std::string>());
  if (!doc.is_object() || !doc.contains("lines") || !doc["lines"].is_array())
    return fail(errc::malformed, "the gateway's answer cannot be read");
  log_lines page;
  for (const auto& line : doc["lines"])
    if (line.is_string()) page.lines.push_back(line.get<std::string>());
  page.next = doc.value("next", std::uint64_t{0});
  page.end = doc.value("end", std::string{});
  return page;
}

}  // namespace smgw::platform
