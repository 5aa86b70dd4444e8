// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "domain/profile/json.hpp"
#include "domain/profile/problem.hpp"

#include <functional>
#include <limits>
#include <optional>
#include <set>

namespace smgw::profile {

/// Where problems of one document go.
class report {
 public:
  report(std::string name, problems& out) : name_(std::move(name)), out_(out) {}
  void add(std::string pointer, std::string reason, std::string fix);
  [[nodiscard]] const std::string& name() const noexcept { return name_; }

 private:
  std::string name_;
  problems& out_;
};

enum class presence : bool { optional, required };

/// Reads the members of one JSON object by name and type. Every fault becomes a problem and the read yields a default,
/// so that one pass finds them all. `finish` tells members that nobody asked for.
class object_reader {
 public:
  object_reader(const json::value& v, std::string pointer, report& to);

  [[nodiscard]] bool has(std::string_view name);
  [[nodiscard]] std::string text(std::string_view name, presence p, std::size_t most = 255);
  [[nodiscard]] std::int64_t integer(std::string_view name, std::optional<std::int64_t> otherwise, std::int64_t least,
                                     std::int64_t most);
  [[nodiscard]] bool flag(std::string_view name, bool otherwise);
  /// A text that `read` turns into a T; `form` says how it is written.
  template <class T, class Read>
  [[nodiscard]] std::optional<T> parsed(std::string_view name, presence p, const Read& read, std::string_view form) {
    const auto word = text(name, p, 4096);
    if (word.empty()) return std::nullopt;
    std::optional<T> v = read(word);
    if (!v) wrong(name, word, form);
    return v;
  }
  /// A text of which `good` approves; empty when absent or refused.
  [[nodiscard]] std::string matching(std::string_view name, presence p, bool (*good)(std::string_view),
                                     std::string_view form);
  /// One of the words of a table.
  template <class T, std::size_t N>
  [[nodiscard]] T word(std::string_view name, std::optional<T> otherwise,
                       const std::pair<std::string_view, T> (&table)[N]) {
    const auto given = text(name, otherwise ? presence::optional : presence::required, 4096);
    if (given.empty()) return otherwise.value_or(table[0].second);
    std::vector<std::string_view> words;
    for (const auto& [spelling, meaning] : table) {
      if (spelling == given) return meaning;
      words.push_back(spelling);
    }
    unknown_word(name, given, words);
    return otherwise.value_or(table[0].second);
  }
  /// Each item of an array with its pointer.
  void each(std::string_view name, presence p, std::size_t most,
            const std::function<void(const json::value&, const std::string&)>& f);
  void object(std::string_view name, presence p, const std::function<void(object_reader&)>& f);

  [[nodiscard]] std::string at(std::string_view name) const { return pointer_ + json::step(name); }
  [[nodiscard]] const std::string& pointer() const noexcept { return pointer_; }
  void wrong(std::string_view name, std::string_view given, std::string_view form);
  void add(std::string_view name, std::string reason, std::string fix);
  [[nodiscard]] report& to() noexcept { return to_; }
  /// Members that were asked for nowhere are problems.
  void finish();

 private:
  const json::value* member(std::string_view name, presence p, json::kind kind, std::string_view kind_name);
  void unknown_word(std::string_view name, std::string_view given, const std::vector<std::string_view>& words);
  const json::value& value_;
  std::string pointer_;
  report& to_;
  std::set<std::string, std::less<>> asked_;
};

}  // namespace smgw::profile
