// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The server's side of HTTP Digest: challenges, nonces and the decision about a request. No clock, no randomness.

#include "protocols/http/digest.hpp"

#include <chrono>
#include <map>
#include <optional>

namespace smgw::http {

/// Nonces whose count is remembered. Only logins that succeed take a place.
inline constexpr std::size_t max_counted_nonces = 256;

struct digest_policy {
  std::string realm;   ///< the canonical id of the gateway in lower case (detail specification 7.1)
  bool sha256 = true;  ///< REQ.BenutzerAuth.Allgemein.20
  bool md5 = false;    ///< only for clients without SHA-256 (REQ.BenutzerAuth.Allgemein.30)
  /// Clients keep a nonce over many requests; a shorter life costs each of them one more round trip.
  std::chrono::milliseconds nonce_life{std::chrono::minutes{5}};
  /// A count that was used before is answered with stale=true. Off: some clients in the field start again at 1.
  bool strict_count = true;
  /// One client computes with GET whatever it sends. Off unless it is needed.
  bool accept_get_for_post = false;
};

/// Functions from the layer that has cryptography.
struct digest_tools {
  hash_function sha256;
  hash_function md5;
  hash_function seal;  ///< a MAC under a key of this process; at least 16 octets
};

/// What is stored of a user. An empty hash: this algorithm is not for this user.
struct digest_account {
  secret sha256;
  secret md5;
};

class digest_server {
 public:
  enum class verdict : std::uint8_t {
    granted,
    absent,   ///< no Authorization: 401
    refused,  ///< malformed or for another realm, target or algorithm: 401, no failed login
    stale,    ///< the nonce is too old or its count was used: 401 with stale=true, no failed login
    failed,   ///< user or password is wrong: 401, and a failed login to count
  };
  struct decision {
    verdict what = verdict::absent;
    std::string user;  ///< whose login was granted or failed; empty where there is no such user
  };
  using find_account = std::function<const digest_account*(std::string_view user)>;

  /// `opaque` is any text of hex digits.
  digest_server(digest_policy policy, digest_tools tools, std::string opaque);

  /// The values of WWW-Authenticate, one field each, the preferred first. `random`: at least 16 fresh random octets.
  [[nodiscard]] std::vector<std::string> challenge(bytes_view random, time_point now, bool stale = false) const;
  /// 401 with the challenge.
  [[nodiscard]] response unauthorized(bytes_view random, time_point now, bool stale = false) const;
  /// Decides about one request. An unknown user takes the same computation as a known one.
  [[nodiscard]] decision check(const request& r, const find_account& accounts, time_point now);

 private:
  [[nodiscard]] std::string make_nonce(bytes_view random, time_point now) const;
  [[nodiscard]] std::optional<time_point> issued(std::string_view nonce) const;
  [[nodiscard]] bool proves(const digest_credentials& c, const digest_account* account, method verb) const;
  [[nodiscard]] bool count_is_new(const digest_credentials& c, time_point born, time_point now);

  struct counted {
    time_point born;
    std::uint64_t highest = 0;
  };
  digest_policy policy_;
  digest_tools tools_;
  std::string opaque_;
  digest_account nobody_;
  std::map<std::string, counted, std::less<>> counts_;
  std::optional<time_point> forgotten_;  ///< nonces born up to here have no count any more
};

}  // namespace smgw::http
