// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// What a session holds. Its callers see tls.cpp; what one call into the library did is told in tls_call.cpp.

#include "crypto/detail/tls_callbacks.hpp"
#include "crypto/tls.hpp"

#include <botan/tls_channel.h>

namespace smgw::crypto {

struct tls_session::impl {
  explicit impl(tls_config c);

  tls_config config;
  timestamp now{};
  std::shared_ptr<key_store> keys;
  std::shared_ptr<detail::key_store_fault> fault;
  std::shared_ptr<detail::tr03116_policy> policy;
  std::shared_ptr<detail::tls_lineage> lineage;
  std::shared_ptr<Botan::RandomNumberGenerator> rng;
  std::shared_ptr<detail::tls_callbacks> callbacks;
  std::unique_ptr<Botan::TLS::Channel> channel;
  std::optional<tls_summary> summary;
  std::size_t handshake_octets = 0;
  bool started = false, done = false, over = false;

  /// A client's first message comes out of it.
  void open();
  /// Runs one call into the library and gathers what it did, an exception included: the alert is in what it emitted.
  [[nodiscard]] tls_output run(const std::function<void()>& what);
  /// After octets of the peer: whether they completed the handshake, closed the session, or were too many.
  void finish(tls_output& out);
  void end(tls_output& out, std::optional<tls_failure> failure);
  /// Whether so many more octets of the application fit.
  [[nodiscard]] bool count(std::uint64_t octets);
  [[nodiscard]] tls_output expire();

 private:
  [[nodiscard]] tls_failure failure_of(Botan::TLS::AlertType alert, const std::string& text) const;
};

}  // namespace smgw::crypto
