// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// TLS by TR-03116-3 as a session without sockets: octets and time in, octets out. Suites, groups and signature
/// schemes are those of the interface and cannot be configured otherwise.

#include "crypto/certificate.hpp"
#include "crypto/key_store.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <set>

namespace smgw::crypto {

namespace detail {
struct tls_cache_state;
}

enum class tls_role : std::uint8_t { client, server };
enum class tls_interface : std::uint8_t { wan, han, lmn };
enum class tls_version : std::uint8_t { tls12, tls13 };
[[nodiscard]] std::string_view to_string(tls_version v) noexcept;  ///< `TLS 1.2`

/// Longest life of a session including its resumptions (TR-03116-3 4.1.1, 5.1, 6.1).
[[nodiscard]] constexpr std::chrono::seconds max_session_lifetime(tls_interface i) noexcept {
  return i == tls_interface::lmn ? std::chrono::hours{31 * 24} : std::chrono::hours{48};
}
/// Application octets of one LMN session, both ways together.
inline constexpr std::uint64_t max_lmn_session_octets = 5'000'000;
/// After close_notify, sent or received, the transport ends within this time (REQ.TA.TLS.Close.80, .90).
inline constexpr std::chrono::seconds close_grace{20};
/// One call of `send` takes at most this much.
inline constexpr std::size_t max_send = std::size_t{1} << 20;

/// Whether this build of the TLS library can use TLS 1.3 with an identity on `on` (Brainpool: Botan 3.13 and later).
[[nodiscard]] bool tls13_possible(curve on) noexcept;

/// A key in a store and the certificates that speak for it, end entity first.
struct tls_identity {
  std::shared_ptr<key_store> keys;
  std::string label;
  std::vector<certificate> chain;
};

/// Whom to believe. A peer is accepted if its certificate equals a pinned one, or if there is no pinned one and its
/// chain ends at an anchor; a SM-PKI peer may have both: then both must hold (REQ.TA.TLS.Handshake.160, .170).
struct tls_peer_rule {
  std::vector<certificate> pinned;
  std::vector<certificate> anchors;
  bool check_time = true;  ///< false only for time synchronisation while there is no trusted time
  bool mandatory = true;   ///< false: a HAN server lets clients without certificate in (login by digest)
  /// In the place of a list of pinned ones where that would be long: whether this certificate is one of them. Asked
  /// from the session's thread; sessions with other answers have another cache.
  std::function<bool(const certificate&)> knows{};
};

/// Sessions that may be resumed, shared by the sessions of one listener or connector. Thread-safe, bounded, in memory
/// only (TR-03116-3 2.4). Entries are bound to the interface, the own identity and the peer rule they were made under.
class tls_session_cache {
 public:
  explicit tls_session_cache(std::size_t max_entries = 64);
  ~tls_session_cache();
  tls_session_cache(const tls_session_cache&) = delete;
  tls_session_cache& operator=(const tls_session_cache&) = delete;
  void clear();
  [[nodiscard]] std::size_t size() const;

 private:
  friend class tls_session;
  std::shared_ptr<detail::tls_cache_state> state_;
};

struct tls_config {
  tls_role role = tls_role::client;
  tls_interface interface = tls_interface::wan;
  std::optional<tls_identity> identity;  ///< mandatory but for a HAN client that logs in by digest
  tls_peer_rule peer;
  std::string server_name;                   ///< client: server_name (RFC 1035 2.3.1 syntax); empty: not sent
  std::vector<std::string> alpn;             ///< client: offered; server: accepted, in order of preference
  bool allow_tls13 = true;                   ///< used only where tls13_possible(identity)
  std::shared_ptr<tls_session_cache> cache;  ///< none: no resumption
  std::chrono::seconds lifetime{0};          ///< 0, or anything longer: max_session_lifetime(interface)
  bool max_fragment_length = false;          ///< agree on 2048 and keep records at 2034 (TLS over HDLC, DS 8.4)
  std::set<std::uint16_t> only_suites;       ///< narrows the suites of the interface; empty: all of them
  std::vector<curve> only_groups;            ///< narrows the groups, in this order; empty: all, larger first
  std::optional<tls_version> only_version;
};

/// What was agreed on.
struct tls_summary {
  tls_version version = tls_version::tls12;
  std::uint16_t suite = 0;
  std::string suite_name;
  std::string group;  ///< as the library names it; empty for a resumed TLS 1.2 session
  std::optional<certificate> peer;
  bool resumed = false;
  std::string alpn;     ///< empty: none
  timestamp started{};  ///< of the full handshake at the origin of this session
  timestamp expires{};  ///< then `tick` closes it
};

/// Why a session ended badly.
struct tls_failure {
  error why;
  std::string alert;  ///< `bad_certificate`; empty where no alert was involved
  bool alert_from_peer = false;
};

struct tls_output {
  bytes transmit;                      ///< to the peer, also (above all) when there is a failure: it holds the alert
  bytes plaintext;                     ///< from the peer
  bool handshake_done = false;         ///< became true with this call
  bool peer_closed = false;            ///< close_notify came with this call
  std::optional<tls_failure> failure;  ///< the session is over; drop the transport once `transmit` is out
};

/// One TLS connection. Not thread-safe. Calls block while the key store works, so give it a thread of its own.
class tls_session {
 public:
  /// malformed: the configuration contradicts itself (no identity where it is mandatory, no peer rule, bad name);
  /// conflict: certificate and key do not belong together.
  [[nodiscard]] static expected<tls_session> create(tls_config config);
  ~tls_session();
  tls_session(tls_session&&) noexcept;
  tls_session& operator=(tls_session&&) noexcept;

  /// Once, before anything else: a client's first message comes out. A server's is empty.
  [[nodiscard]] expected<tls_output> start(timestamp now);
  /// Octets from the peer, cut anywhere. conflict: not started, or the session is over.
  [[nodiscard]] expected<tls_output> feed(bytes_view in, timestamp now);
  /// Ends the session (close_notify, failure `expired`) once its lifetime is over; else nothing.
  [[nodiscard]] expected<tls_output> tick(timestamp now);
  /// Application data as records to transmit. conflict: no handshake yet, or closed; exhausted: more than max_send,
  /// or past the octets of an LMN session.
  [[nodiscard]] expected<bytes> send(bytes_view plaintext);
  /// close_notify; empty if the session was over already. Nothing can be sent after it.
  [[nodiscard]] bytes close();

  [[nodiscard]] bool established() const noexcept;  ///< handshake done and not closed by either side
  [[nodiscard]] bool over() const noexcept;
  /// After handshake_done.
  [[nodiscard]] const std::optional<tls_summary>& summary() const noexcept;

 private:
  struct impl;
  explicit tls_session(std::unique_ptr<impl> state);
  std::unique_ptr<impl> impl_;
};

}  // namespace smgw::crypto
