// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/han/access.hpp"

#include "base/check.hpp"
#include "base/hex.hpp"
#include "base/octets.hpp"
#include "crypto/hash.hpp"
#include "crypto/mac.hpp"
#include "protocols/http/md5.hpp"
#include "protocols/http/resource_tree.hpp"

#include <algorithm>

namespace smgw::han {
namespace {

using namespace std::chrono;
using verdict = http::digest_server::verdict;

constexpr std::size_t key_size = 32, nonce_random = 16, opaque_size = 16;
constexpr std::size_t max_recorded = 256;
constexpr hours record_pause{1};

http::digest_policy policy_of(const profile::profile_set& p) {
  http::digest_policy out{.realm = p.self.id.lower()};
  if (!p.self.home) return out;
  // Programs that know only MD5 read no second challenge: beside it SHA-256 is not offered.
  out.md5 = p.self.home->md5;
  out.sha256 = !p.self.home->md5 || p.self.home->dialects.empty();
  out.strict_count = !p.self.home->lenient_digest;
  out.accept_get_for_post = p.self.home->lenient_digest;
  return out;
}

http::digest_tools tools_of(bytes key) {
  return {.sha256 = [](bytes_view in) { return crypto::digest(crypto::hash::sha256, in); },
          .md5 = [](bytes_view in) { return http::md5(in); },
          .seal =
              [key = std::move(key)](bytes_view in) {
                const auto mac = crypto::hmac_sha256(key, in);
                return bytes(mac.begin(), mac.end());
              }};
}

}  // namespace

expected<http::digest_account> read_password_file(std::string_view text) {
  constexpr std::string_view form = "write sha256:<64 hexadecimal digits> and, where the profile allows it, md5:<32>";
  http::digest_account out;
  while (!text.empty()) {
    auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
    if (line.empty() || line.front() == '#') continue;
    const auto colon = line.find(':');
    const auto digits = colon == line.npos ? line : line.substr(colon + 1);
    const auto name = colon == line.npos ? std::string_view{} : line.substr(0, colon);
    auto hash = from_hex(digits);
    if (!hash) return fail(errc::malformed, std::string{form});
    const bool sha = hash->size() == 32 && (name.empty() || name == "sha256");
    const bool md5 = hash->size() == 16 && (name.empty() || name == "md5");
    if (!sha && !md5) return fail(errc::malformed, std::string{form});
    (sha ? out.sha256 : out.md5) = secret{bytes_view{*hash}};
    wipe(*hash);
  }
  if (out.sha256.empty() && out.md5.empty()) return fail(errc::malformed, std::string{form});
  return out;
}

access::access(access_parts parts)
    : parts_(std::move(parts)),
      digest_(policy_of(parts_.profiles), tools_of(parts_.random(key_size)), to_hex(parts_.random(opaque_size))) {}

bool access::worth_recording(const std::string& user, const std::string& source, time_point now) {
  std::erase_if(recorded_, [&](const auto& e) { return now - e.second >= record_pause; });
  if (recorded_.contains({user, source})) return false;
  if (recorded_.size() >= max_recorded)
    recorded_.erase(std::ranges::min_element(recorded_, {}, [](const auto& e) { return e.second; }));
  recorded_[{user, source}] = now;
  return true;
}

login access::challenge(time_point now, bool stale) {
  login out;
  out.refusal = digest_.unauthorized(parts_.random(nonce_random), now, stale);
  out.refusal.headers.add("Content-Type", "application/json");
  put(out.refusal.body, "{\"error\":\"a login is needed: a client certificate, or HTTP Digest\"}");
  return out;
}

login access::locked_out(const std::string& user, const std::string& source, seconds wait) {
  login out;
  out.refusal = http::refuse_with(
      429, "too many failed logins of " + user + " from " + source + ": wait " + std::to_string(wait.count()) + " s");
  out.refusal.headers.add("Retry-After", std::to_string(wait.count()));
  return out;
}

login access::decide(const home_request& r, time_point now) {
  if (r.certificate) {
    const auto known = parts_.certificates.find(*r.certificate);
    login out;
    if (known != parts_.certificates.end()) out.who = parts_.profiles.find_han(known->second);
    if (out.who == nullptr) {
      out.refusal = http::refuse_with(403, "no profile belongs to this certificate");
    } else if (worth_recording(out.who->id, r.source, now)) {
      out.record = out.who->id + " logged in by certificate from " + r.source;
    }
    return out;
  }
  std::string named;
  if (const auto* sent = r.asked.headers.find("Authorization"))
    if (const auto c = http::parse_digest(*sent)) named = c->user;
  // All names that do not exist share one entry, so that nobody fills the table.
  const auto user = parts_.users->contains(named) ? named : std::string{};
  if (!named.empty())
    if (const auto wait = guard_.locked(user, r.source, now)) return locked_out(named.substr(0, 64), r.source, *wait);
  const auto found = digest_.check(
      r.asked,
      [&](std::string_view name) {
        const auto at = parts_.users->find(std::string{name});
        return at == parts_.users->end() ? nullptr : &at->second.hashes;
      },
      now);
  if (found.what == verdict::granted) {
    guard_.succeeded(found.user, r.source, now);
    login out;
    out.who = parts_.profiles.find_han(parts_.users->at(found.user).profile);
    if (out.who == nullptr) return challenge(now, false);
    if (worth_recording(found.user, r.source, now)) out.record = found.user + " logged in from " + r.source;
    return out;
  }
  auto out = challenge(now, found.what == verdict::stale);
  if (found.what != verdict::failed) return out;
  const bool closed = guard_.failed(found.user, r.source, now);
  out.failure = true;
  const auto who = found.user.empty() ? std::string{"an unknown user"} : found.user;
  if (closed)
    out.record = "logins of " + who + " from " + r.source + " are locked for a while";
  else if (worth_recording("failed " + found.user, r.source, now))
    out.record = "login of " + who + " failed from " + r.source;
  return out;
}

}  // namespace smgw::han
