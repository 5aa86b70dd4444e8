// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/tls.hpp"

#include "base/check.hpp"
#include "crypto/detail/tls_config.hpp"
#include "crypto/detail/tls_credentials.hpp"
#include "crypto/detail/tls_session.hpp"
#include "crypto/soft_key_store.hpp"

#include <botan/tls_client.h>
#include <botan/tls_server.h>
#include <botan/tls_session_manager_noop.h>

#include <algorithm>

namespace smgw::crypto {
namespace {

/// Octets a peer may send before the handshake is done: two chains of 16 KiB and what goes with them.
constexpr std::size_t max_handshake_octets = std::size_t{64} * 1024;
constexpr std::size_t io_buffer = 2048;

}  // namespace

tls_session::impl::impl(tls_config c)
    : config(std::move(c)),
      fault(std::make_shared<detail::key_store_fault>()),
      policy(std::make_shared<detail::tr03116_policy>(detail::rules_of(config))),
      lineage(std::make_shared<detail::tls_lineage>()) {
  // A HAN client without certificate has no key store of its own; its ephemeral keys live in one of their own.
  keys = config.identity ? config.identity->keys : std::shared_ptr<key_store>{soft_key_store::in_memory()};
  rng = detail::make_store_rng(keys, fault);
  callbacks = std::make_shared<detail::tls_callbacks>(config, policy, keys, fault, now, lineage);
}

void tls_session::impl::open() {
  std::shared_ptr<Botan::TLS::Session_Manager> manager = std::make_shared<Botan::TLS::Session_Manager_Noop>();
  if (config.cache) {
    callbacks->manager = std::make_shared<detail::tls_session_manager>(
        rng, config.cache->state_, detail::partition_of(config), config.lifetime, now, lineage);
    manager = callbacks->manager;
  }
  const auto creds = detail::make_credentials(config, fault);
  if (config.role == tls_role::server) {
    channel = std::make_unique<Botan::TLS::Server>(callbacks, manager, creds, policy, rng, false, io_buffer);
    return;
  }
  const Botan::TLS::Server_Information peer{
      config.server_name.empty() ? std::string{detail::nameless_peer} : config.server_name, std::uint16_t{0}};
  channel = std::make_unique<Botan::TLS::Client>(callbacks, manager, creds, policy, rng, peer,
                                                 policy->latest_supported_version(false), config.alpn, io_buffer);
}

tls_session::tls_session(std::unique_ptr<impl> state) : impl_(std::move(state)) {}
tls_session::~tls_session() = default;
tls_session::tls_session(tls_session&&) noexcept = default;
tls_session& tls_session::operator=(tls_session&&) noexcept = default;

expected<tls_session> tls_session::create(tls_config config) {
  SMGW_CHECK(detail::check_config(config));
  const auto longest = max_session_lifetime(config.interface);
  if (config.lifetime <= std::chrono::seconds{0} || config.lifetime > longest) config.lifetime = longest;
  if (detail::rules_of(config).suites.empty()) return fail(errc::malformed, "TLS: no cipher suite is left");
  return tls_session{std::make_unique<impl>(std::move(config))};
}

expected<tls_output> tls_session::start(timestamp now) {
  auto& s = *impl_;
  if (s.started) return fail(errc::conflict, "TLS session started twice");
  s.started = true;
  s.now = s.lineage->origin = now;
  return s.run([&] { s.open(); });
}

expected<tls_output> tls_session::feed(bytes_view in, timestamp now) {
  auto& s = *impl_;
  if (!s.started || s.over) return fail(errc::conflict, "the TLS session is not open");
  s.now = now;
  if (s.done && now >= s.summary->expires) return s.expire();
  if (!s.done && (s.handshake_octets += in.size()) > max_handshake_octets) {
    auto out = s.run([&] { s.channel->send_fatal_alert(Botan::TLS::AlertType::HandshakeFailure); });
    s.end(out,
          tls_failure{.why = {errc::exhausted, "the handshake is larger than 64 KiB"}, .alert = "handshake_failure"});
    return out;
  }
  auto out = s.run([&] { s.channel->received_data(in.data(), in.size()); });
  s.finish(out);
  return out;
}

expected<tls_output> tls_session::tick(timestamp now) {
  auto& s = *impl_;
  if (s.over || !s.done || now < s.summary->expires) return tls_output{};
  s.now = now;
  return s.expire();
}

expected<bytes> tls_session::send(bytes_view plaintext) {
  auto& s = *impl_;
  if (!established()) return fail(errc::conflict, "the TLS session is not open");
  if (plaintext.size() > max_send) return fail(errc::exhausted, "too much for one call");
  if (!s.count(plaintext.size())) return fail(errc::exhausted, "the LMN session has carried its 5 MB");
  auto out = s.run([&] {
    const auto piece = s.config.max_fragment_length ? detail::max_small_fragment : max_send;
    for (auto rest = plaintext; !rest.empty();) {
      const auto now = rest.first(std::min(rest.size(), piece));
      rest = rest.subspan(now.size());
      s.channel->send(now);
    }
  });
  if (out.failure) return std::unexpected{out.failure->why};
  return std::move(out.transmit);
}

bytes tls_session::close() {
  auto& s = *impl_;
  if (s.over || !s.channel) {
    s.over = true;
    return {};
  }
  auto out = s.run([&] { s.channel->close(); });
  s.end(out, std::nullopt);
  return std::move(out.transmit);
}

bool tls_session::established() const noexcept { return impl_->done && !impl_->over; }
bool tls_session::over() const noexcept { return impl_->over; }
const std::optional<tls_summary>& tls_session::summary() const noexcept { return impl_->summary; }

}  // namespace smgw::crypto
