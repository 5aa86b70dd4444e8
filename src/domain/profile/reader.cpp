// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/profile/reader.hpp"

#include "domain/profile/forms.hpp"
#include "domain/profile/profile_set.hpp"

namespace smgw::profile {
namespace {

std::string shown(std::string_view text) { return "'" + std::string(text.substr(0, 60)) + "'"; }

}  // namespace

std::string to_text(const problem& p) {
  return p.profile + (p.pointer.empty() ? "" : " " + p.pointer) + ": " + p.reason + ". " + p.fix + ".";
}

void report::add(std::string pointer, std::string reason, std::string fix) {
  if (out_.size() == max_problems)
    out_.push_back({.profile = name_, .pointer = {}, .reason = "more problems follow", .fix = "Repair these first"});
  if (out_.size() > max_problems) return;
  out_.push_back({.profile = name_, .pointer = std::move(pointer), .reason = std::move(reason), .fix = std::move(fix)});
}

object_reader::object_reader(const json::value& v, std::string pointer, report& to)
    : value_(v), pointer_(std::move(pointer)), to_(to) {
  if (v.kind != json::kind::object) to_.add(pointer_, "not an object", "Write it in braces: { … }");
}

bool object_reader::has(std::string_view name) {
  asked_.emplace(name);
  return value_.find(name) != nullptr;
}

const json::value* object_reader::member(std::string_view name, presence p, json::kind kind,
                                         std::string_view kind_name) {
  asked_.emplace(name);
  const auto* found = value_.find(name);
  if (found == nullptr) {
    if (p == presence::required && value_.kind == json::kind::object)
      to_.add(at(name), "the member is missing", "Add it; it is " + std::string(kind_name));
    return nullptr;
  }
  if (found->kind == kind) return found;
  to_.add(at(name), "not " + std::string(kind_name), "Write " + std::string(kind_name));
  return nullptr;
}

std::string object_reader::text(std::string_view name, presence p, std::size_t most) {
  const auto* v = member(name, p, json::kind::text, "a text in quotes");
  if (v == nullptr) return {};
  if (v->text.empty()) {
    to_.add(at(name), "an empty text", p == presence::required ? "Fill it in" : "Fill it in or leave it out");
    return {};
  }
  if (v->text.size() > most) {
    to_.add(at(name), "the text is too long", "Use at most " + std::to_string(most) + " octets");
    return {};
  }
  return v->text;
}

std::int64_t object_reader::integer(std::string_view name, std::optional<std::int64_t> otherwise, std::int64_t least,
                                    std::int64_t most) {
  const auto p = otherwise ? presence::optional : presence::required;
  const auto* v = member(name, p, json::kind::integer, "a whole number");
  if (v == nullptr) return otherwise.value_or(least);
  if (v->integer >= least && v->integer <= most) return v->integer;
  to_.add(at(name), "out of range: " + std::to_string(v->integer),
          "Use " + std::to_string(least) + " to " + std::to_string(most));
  return otherwise.value_or(least);
}

bool object_reader::flag(std::string_view name, bool otherwise) {
  const auto* v = member(name, presence::optional, json::kind::boolean, "true or false");
  return v == nullptr ? otherwise : v->boolean;
}

std::string object_reader::matching(std::string_view name, presence p, bool (*good)(std::string_view),
                                    std::string_view form) {
  auto word = text(name, p, 4096);
  if (word.empty() || good(word)) return word;
  wrong(name, word, form);
  return {};
}

void object_reader::each(std::string_view name, presence p, std::size_t most,
                         const std::function<void(const json::value&, const std::string&)>& f) {
  const auto* v = member(name, p, json::kind::array, "a list in brackets");
  if (v == nullptr) return;
  if (v->items.empty() && p == presence::required) to_.add(at(name), "an empty list", "Add at least one entry");
  if (v->items.size() > most)
    to_.add(at(name), "too many entries: " + std::to_string(v->items.size()), "Use at most " + std::to_string(most));
  for (std::size_t i = 0; i < v->items.size() && i < most; ++i) f(v->items[i], at(name) + "/" + std::to_string(i));
}

void object_reader::object(std::string_view name, presence p, const std::function<void(object_reader&)>& f) {
  const auto* v = member(name, p, json::kind::object, "an object in braces");
  if (v == nullptr) return;
  object_reader inner{*v, at(name), to_};
  f(inner);
  inner.finish();
}

void object_reader::wrong(std::string_view name, std::string_view given, std::string_view form) {
  to_.add(at(name), shown(given) + " has not the right form", "Write " + std::string(form));
}

void object_reader::add(std::string_view name, std::string reason, std::string fix) {
  to_.add(at(name), std::move(reason), std::move(fix));
}

void object_reader::unknown_word(std::string_view name, std::string_view given,
                                 const std::vector<std::string_view>& words) {
  std::string fix;
  if (const auto meant = forms::nearest(given, words); !meant.empty()) {
    fix = "Did you mean " + shown(meant);
  } else {
    fix = "Use one of";
    for (const auto w : words) fix += " " + std::string(w);
  }
  to_.add(at(name), shown(given) + " is not known here", std::move(fix));
}

void object_reader::finish() {
  const std::vector<std::string_view> known(asked_.begin(), asked_.end());
  for (const auto& [name, v] : value_.members) {
    if (asked_.contains(name) || name == "$comment" || name == "$schema") continue;
    const auto meant = forms::nearest(name, known);
    to_.add(at(name), "an unknown member",
            meant.empty() || value_.find(meant) != nullptr ? "Remove it" : "Did you mean '" + std::string(meant) + "'");
  }
}

}  // namespace smgw::profile
