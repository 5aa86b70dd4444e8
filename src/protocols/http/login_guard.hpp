// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// When a login may be tried (FIA_AFL.1): back-off for each user and source, so that nobody locks out another.

#include <smgw/types.hpp>

#include <chrono>
#include <map>
#include <optional>
#include <string>

namespace smgw::http {

struct lock_policy {
  unsigned tries = 5;                                         ///< failures of one user from one source
  unsigned account_tries = 50;                                ///< failures of one user from all sources together
  std::chrono::milliseconds window{std::chrono::minutes{5}};  ///< failures older than this do not count
  std::chrono::milliseconds lock{std::chrono::minutes{5}};    ///< how long a lock lasts
  std::chrono::milliseconds trust{std::chrono::hours{48}};    ///< how long a source is known after a good login
  std::size_t entries = 256;                                  ///< users and sources remembered
};

/// Two locks: that of a user at one source, and, against guessing from many sources, that of a user at all sources that
/// have not logged in lately. A known source is never locked by what others do.
class login_guard {
 public:
  explicit login_guard(lock_policy policy = {}) : policy_(policy) {}

  /// How long to wait before the next try; nothing: try now. Ask before the password is looked at.
  [[nodiscard]] std::optional<std::chrono::seconds> locked(std::string_view user, std::string_view source,
                                                           time_point now) const;
  /// The login failed; an empty user stands for all that do not exist. Returns true if it closed a lock: a line for the
  /// log.
  bool failed(std::string_view user, std::string_view source, time_point now);
  void succeeded(std::string_view user, std::string_view source, time_point now);
  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }

 private:
  struct entry {
    unsigned failures = 0;
    time_point first;                   ///< of the failures that count
    time_point last;                    ///< when it was touched
    std::optional<time_point> until;    ///< locked
    std::optional<time_point> trusted;  ///< last good login
  };
  using key = std::pair<std::string, std::string>;
  [[nodiscard]] const entry* find(std::string_view user, std::string_view source) const;
  entry& touch(std::string_view user, std::string_view source, time_point now);
  bool count(entry& e, unsigned limit, time_point now) const;
  [[nodiscard]] bool knows(std::string_view user, std::string_view source, time_point now) const;
  lock_policy policy_;
  std::map<key, entry> entries_;  ///< an empty source: the user at all sources
};

}  // namespace smgw::http
