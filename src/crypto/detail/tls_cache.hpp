// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Resumable sessions. The library's own managers know neither the origin of a chain of resumptions nor whose
/// sessions may be mixed, so this one does.

#include "crypto/tls.hpp"

#include <botan/tls_session.h>
#include <botan/tls_session_manager.h>

#include <atomic>
#include <list>
#include <mutex>

namespace smgw::crypto::detail {

/// What a full handshake began and its resumptions go on: one limit of time, one of octets.
struct tls_lineage {
  timestamp origin{};
  std::atomic<std::uint64_t> octets{0};
};

struct tls_cache_state {
  struct entry {
    std::array<std::uint8_t, 32> partition{};
    bytes handle;
    Botan::TLS::Session session;
    std::shared_ptr<tls_lineage> lineage;
  };
  explicit tls_cache_state(std::size_t max) : max_entries(max) {}
  const std::size_t max_entries;
  mutable std::mutex lock;
  std::list<entry> entries;  // newest first
};

/// The view one session has of the cache: only entries of its own partition.
class tls_session_manager final : public Botan::TLS::Session_Manager {
 public:
  /// `lineage` is where new entries belong; the session replaces it when its handshake resumed an older one.
  tls_session_manager(std::shared_ptr<Botan::RandomNumberGenerator> rng, std::shared_ptr<tls_cache_state> cache,
                      std::array<std::uint8_t, 32> partition, std::chrono::seconds lifetime, const timestamp& now,
                      const std::shared_ptr<tls_lineage>& lineage)
      : Session_Manager(rng),
        cache_(std::move(cache)),
        partition_(partition),
        lifetime_(lifetime),
        now_(now),
        lineage_(lineage) {}

  void store(const Botan::TLS::Session& session, const Botan::TLS::Session_Handle& handle) override;
  std::size_t remove(const Botan::TLS::Session_Handle& handle) override;
  std::size_t remove_all() override;
  /// Of the entry handed out last, the only one a handshake can have resumed.
  [[nodiscard]] const std::shared_ptr<tls_lineage>& candidate() const { return candidate_; }

 protected:
  std::optional<Botan::TLS::Session> retrieve_one(const Botan::TLS::Session_Handle& handle) override;
  std::vector<Botan::TLS::Session_with_Handle> find_some(const Botan::TLS::Server_Information& info,
                                                         std::size_t max_sessions_hint) override;

 private:
  [[nodiscard]] bool over(const tls_lineage& l) const { return now_ >= l.origin + lifetime_; }
  std::shared_ptr<tls_cache_state> cache_;
  std::array<std::uint8_t, 32> partition_;
  std::chrono::seconds lifetime_;
  const timestamp& now_;                         // the session's clock
  const std::shared_ptr<tls_lineage>& lineage_;  // the session's
  std::shared_ptr<tls_lineage> candidate_;
};

}  // namespace smgw::crypto::detail
