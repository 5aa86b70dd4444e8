// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/http/digest_server.hpp"

#include "base/check.hpp"
#include "base/hex.hpp"
#include "base/octets.hpp"

#include <algorithm>

namespace smgw::http {
namespace {

// A nonce is time (8) | random (16) | seal (16), in hex: it needs no memory until a login succeeds with it.
constexpr std::size_t time_size = 8, random_size = 16, seal_size = 16;

std::uint64_t ticks(time_point t) noexcept {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(t.time_since_epoch()).count());
}

}  // namespace

digest_server::digest_server(digest_policy policy, digest_tools tools, std::string opaque)
    : policy_(std::move(policy)), tools_(std::move(tools)), opaque_(std::move(opaque)) {
  SMGW_ASSERT(tools_.sha256 && tools_.md5 && tools_.seal);
  nobody_ = {secret{32}, secret{16}};
}

std::string digest_server::make_nonce(bytes_view random, time_point now) const {
  SMGW_ASSERT(random.size() >= random_size);
  bytes nonce;
  put_be(nonce, ticks(now));
  put(nonce, random.first(random_size));
  const auto seal = tools_.seal(nonce);
  SMGW_ASSERT(seal.size() >= seal_size);
  put(nonce, bytes_view{seal}.first(seal_size));
  return to_hex(nonce);
}

/// When a nonce of ours was made; nothing if it is not ours.
std::optional<time_point> digest_server::issued(std::string_view nonce) const {
  const auto octets = from_hex(nonce);
  if (!octets || octets->size() != time_size + random_size + seal_size || to_hex(*octets) != nonce) return std::nullopt;
  const bytes_view all{*octets};
  const auto seal = tools_.seal(all.first(time_size + random_size));
  if (!equal_constant_time(bytes_view{seal}.first(seal_size), all.last(seal_size))) return std::nullopt;
  return time_point{std::chrono::milliseconds{load_be<std::uint64_t>(all.data())}};
}

std::vector<std::string> digest_server::challenge(bytes_view random, time_point now, bool stale) const {
  const auto nonce = make_nonce(random, now);
  std::vector<std::string> out;
  // All values quoted, one qop: several clients read it with a pattern that knows nothing else.
  const auto add = [&](digest_algorithm a) {
    out.push_back("Digest realm=\"" + policy_.realm + "\",nonce=\"" + nonce + "\",qop=\"auth\",opaque=\"" + opaque_ +
                  "\",algorithm=\"" + std::string{to_string(a)} + "\"" + (stale ? ",stale=\"true\"" : ""));
  };
  if (policy_.sha256) add(digest_algorithm::sha256);
  if (policy_.md5) add(digest_algorithm::md5);
  return out;
}

response digest_server::unauthorized(bytes_view random, time_point now, bool stale) const {
  response out;
  out.status = 401;
  for (auto& value : challenge(random, now, stale)) out.headers.add("WWW-Authenticate", std::move(value));
  return out;
}

bool digest_server::proves(const digest_credentials& c, const digest_account* account, method verb) const {
  const bool sha = c.algorithm == digest_algorithm::sha256;
  const auto& hash = sha ? tools_.sha256 : tools_.md5;
  const auto& stored =
      account == nullptr ? (sha ? nobody_.sha256 : nobody_.md5) : (sha ? account->sha256 : account->md5);
  const bool known = account != nullptr && !stored.empty();
  bool equal = equal_constant_time(digest_response(hash, stored, c, to_string(verb)), c.response);
  if (policy_.accept_get_for_post && verb == method::post)
    equal |= equal_constant_time(digest_response(hash, stored, c, to_string(method::get)), c.response);
  return known && equal;
}

bool digest_server::count_is_new(const digest_credentials& c, time_point born, time_point now) {
  if (!policy_.strict_count) return true;
  std::erase_if(counts_, [&](const auto& e) { return now - e.second.born >= policy_.nonce_life; });
  if (const auto known = counts_.find(c.nonce); known != counts_.end()) {
    if (c.count <= known->second.highest) return false;
    known->second.highest = c.count;
    return true;
  }
  if (forgotten_ && born <= *forgotten_) return false;
  if (counts_.size() == max_counted_nonces) {
    const auto oldest = std::ranges::min_element(counts_, {}, [](const auto& e) { return e.second.born; });
    forgotten_ = oldest->second.born;
    counts_.erase(oldest);
    if (born <= *forgotten_) return false;
  }
  counts_[c.nonce] = {born, c.count};
  return true;
}

digest_server::decision digest_server::check(const request& r, const find_account& accounts, time_point now) {
  const auto sent = r.headers.count("Authorization");
  if (sent == 0) return {verdict::absent, {}};
  const auto c = parse_digest(r.headers.get("Authorization"));
  if (sent > 1 || !c) return {verdict::refused, {}};
  const bool offered = c->algorithm == digest_algorithm::sha256 ? policy_.sha256 : policy_.md5;
  // The digest is over its own uri: it counts only for the target it was made for (RFC 7616, 3.4.6).
  if (!offered || c->realm != policy_.realm || c->uri != r.target) return {verdict::refused, {}};
  const auto born = issued(c->nonce);
  // Before the digest is looked at: else guessing over an old nonce would tell, uncounted, if a password is right.
  // Also for a nonce made before the last restart, under another key: the client then asks its user for nothing.
  if (!born || *born > now || now - *born >= policy_.nonce_life) return {verdict::stale, {}};
  const auto* account = accounts(c->user);
  if (!proves(*c, account, r.verb)) return {verdict::failed, account == nullptr ? std::string{} : c->user};
  return {count_is_new(*c, *born, now) ? verdict::granted : verdict::stale, c->user};
}

}  // namespace smgw::http
