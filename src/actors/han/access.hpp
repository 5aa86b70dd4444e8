// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Who asks: by the certificate of the connection, else by HTTP Digest (detail specification 7).

#include "actors/messages/han.hpp"
#include "domain/profile/profile_set.hpp"
#include "protocols/http/digest_server.hpp"
#include "protocols/http/login_guard.hpp"

#include <functional>
#include <map>

namespace smgw::han {

/// A user of a HAN profile, with the hashes of its password file.
struct account {
  std::string profile;  ///< id of the HAN profile
  http::digest_account hashes;
};
/// Reads a password file: lines `sha256:<64 hex digits>` and `md5:<32 hex digits>`, each H(user:realm:password) with
/// the realm of the gateway; a line of digits alone is told by its length. malformed.
[[nodiscard]] expected<http::digest_account> read_password_file(std::string_view text);

/// What the logins need.
struct access_parts {
  profile::profile_set profiles;
  std::map<certificate_print, std::string> certificates;        ///< to ids of HAN profiles
  std::shared_ptr<const std::map<std::string, account>> users;  ///< by user name
  std::function<bytes(std::size_t)> random;
};

/// What came of a login.
struct login {
  const profile::han* who = nullptr;  ///< null: `refusal` is the answer
  http::response refusal;
  std::optional<std::string> record;  ///< a line for the logs: who, from where, and what came of it
  bool failure = false;
};

/// Decides about each request. No actor: HOME owns it.
class access {
 public:
  explicit access(access_parts parts);
  [[nodiscard]] login decide(const home_request& r, time_point now);

 private:
  [[nodiscard]] login locked_out(const std::string& user, const std::string& source, std::chrono::seconds wait);
  [[nodiscard]] login challenge(time_point now, bool stale);
  /// A login is recorded once an hour for each user and source: some programs log in every ten seconds.
  [[nodiscard]] bool worth_recording(const std::string& user, const std::string& source, time_point now);

  access_parts parts_;
  http::digest_server digest_;
  http::login_guard guard_;
  std::map<std::pair<std::string, std::string>, time_point> recorded_;
};

}  // namespace smgw::han
