// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/detail/tls_config.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"
#include "crypto/detail/certificate_writer.hpp"

#include <algorithm>

namespace smgw::crypto::detail {
namespace {

expected<void> check_identity(const tls_identity& id) {
  if (!id.keys || id.chain.empty()) return fail(errc::malformed, "TLS identity without key store or certificate");
  if (id.chain.size() > max_chain_length)
    return fail(errc::malformed, "TLS identity: chain longer than 4 certificates");
  SMGW_TRY(const auto key, id.keys->find(id.label));
  if (key.on != id.chain.front().on || key.public_point != id.chain.front().public_point)
    return fail(errc::conflict, "the key " + id.label + " and its certificate do not belong together");
  return {};
}

/// RFC 1035 2.3.1 (REQ.TA.TLS.OpenWanSessionAsClient.30): labels of letters, digits and hyphens.
bool is_server_name(std::string_view name) { return name.empty() || is_dns_name(name); }

}  // namespace

expected<void> check_config(const tls_config& c) {
  if (c.identity) SMGW_CHECK(check_identity(*c.identity));
  // Mutual authentication on WAN and LMN; in the HAN a client may log in by digest, a server may not go without.
  const bool needs_identity = c.interface != tls_interface::han || c.role == tls_role::server;
  if (!c.identity && needs_identity) return fail(errc::malformed, "TLS: this role needs a certificate");
  if (!c.peer.mandatory && (c.interface != tls_interface::han || c.role != tls_role::server))
    return fail(errc::malformed, "TLS: only a HAN server may let peers without certificate in");
  if (c.peer.pinned.empty() && c.peer.anchors.empty() && !c.peer.knows)
    return fail(errc::malformed, "TLS: whom to believe?");
  if (c.interface == tls_interface::lmn && c.peer.pinned.empty())
    return fail(errc::malformed, "TLS: LMN certificates are self-signed, so the peer's has to be configured");
  if (!is_server_name(c.server_name)) return fail(errc::malformed, "TLS: server_name is not a name of RFC 1035");
  for (const auto& p : c.alpn)
    if (p.empty() || p.size() > 255) return fail(errc::malformed, "TLS: application protocol name");
  if (c.only_version == tls_version::tls13 && c.identity && !tls13_possible(c.identity->chain.front().on))
    return fail(errc::unsupported, "TLS 1.3 with this curve needs a newer TLS library");
  return {};
}

sha256_digest partition_of(const tls_config& c) {
  hasher h{hash::sha256};
  h.update(bytes{static_cast<std::uint8_t>(c.role), static_cast<std::uint8_t>(c.interface),
                 static_cast<std::uint8_t>(c.peer.mandatory)});
  h.update(as_bytes(c.server_name));
  const auto add = [&](std::span<const certificate> list) {
    h.update(bytes{0xff, static_cast<std::uint8_t>(list.size())});
    for (const auto& one : list) h.update(one.fingerprint);
  };
  if (c.identity) add(c.identity->chain);
  add(c.peer.pinned);
  add(c.peer.anchors);
  sha256_digest out{};
  std::ranges::copy(h.finish(), out.begin());
  return out;
}

}  // namespace smgw::crypto::detail
