// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// Extensions of the hellos that TR-03116-3 and TLS over HDLC want otherwise than the library makes them (RFC 6066).
#include "base/octets.hpp"
#include "crypto/detail/tls_callbacks.hpp"

#include <botan/tls_exceptn.h>
#include <botan/tls_extensions.h>

#include <algorithm>
#include <vector>

namespace smgw::crypto::detail {
namespace {

using Botan::TLS::AlertType;
using Botan::TLS::Connection_Side;
using Botan::TLS::Extension_Code;
using Botan::TLS::Handshake_Type;

constexpr std::uint16_t ext_server_name = 0, ext_max_fragment_length = 1, ext_trusted_ca_keys = 3,
                        ext_pre_shared_key = 41, ext_authorities = 47;
constexpr std::uint8_t fragment_2048 = 3;  // 2^11, RFC 6066 4

/// An extension with a body made here.
class plain_extension final : public Botan::TLS::Extension {
 public:
  plain_extension(std::uint16_t code, bytes body) : code_(code), body_(std::move(body)) {}
  [[nodiscard]] Extension_Code type() const override { return static_cast<Extension_Code>(code_); }
  [[nodiscard]] std::vector<std::uint8_t> serialize(Connection_Side) const override { return body_; }
  [[nodiscard]] bool empty() const override { return false; }

 private:
  std::uint16_t code_;
  bytes body_;
};

/// A list with a 16-bit length in front, of items each behind `prefix` and their own 16-bit length.
bytes name_list(std::span<const certificate> anchors, bytes_view prefix) {
  bytes items;
  for (const auto& a : anchors) {
    put(items, prefix);
    put_be(items, static_cast<std::uint16_t>(a.subject.size()));
    put(items, a.subject);
  }
  bytes out;
  put_be(out, static_cast<std::uint16_t>(items.size()));
  put(out, items);
  return out;
}

/// In the place of one that is there: a second ClientHello, after a HelloRetryRequest, begins with those of the first.
void set(Botan::TLS::Extensions& all, std::uint16_t code, bytes body) {
  all.remove_extension(static_cast<Extension_Code>(code));
  all.add(std::make_unique<plain_extension>(code, std::move(body)));
}

/// The offer to resume is a ClientHello's last extension (RFC 8446 4.2.11), whatever was set behind it. A template,
/// because the library's versions have different names for it.
template <class Extensions>
void put_offer_last(Extensions& all) {
  constexpr auto offer = static_cast<Extension_Code>(ext_pre_shared_key);
  if (all.get(offer) == nullptr) return;
  [[maybe_unused]] const std::vector last{offer};
  if constexpr (requires { all.reorder(last); })
    all.reorder(last);
  else
    all.add(all.take(offer));
}

}  // namespace

void tls_callbacks::tls_modify_extensions(Botan::TLS::Extensions& extensions, Connection_Side side,
                                          Handshake_Type message) {
  if (side == Connection_Side::Client && message == Handshake_Type::ClientHello) {
    if (config_.server_name.empty()) extensions.remove_extension(static_cast<Extension_Code>(ext_server_name));
    if (config_.max_fragment_length) set(extensions, ext_max_fragment_length, {fragment_2048});
    if (config_.peer.anchors.size() > 1) {
      // REQ.TA.TLS.Handshake.140 (x509_name, RFC 6066 6) and .150.
      set(extensions, ext_trusted_ca_keys, name_list(config_.peer.anchors, bytes{2}));
      if (policy_->allow_tls13()) set(extensions, ext_authorities, name_list(config_.peer.anchors, {}));
    }
    put_offer_last(extensions);
  }
  // A session taken out of the cache is resumed: the length goes on, and its extension is not sent again (RFC 6066 4;
  // REQ.TA.TLS.Handshake.110 for the client).
  const bool resumes = manager != nullptr && manager->candidate() != nullptr;
  if (side == Connection_Side::Server && message == Handshake_Type::ServerHello && peer_wants_small_records_ &&
      !resumes)
    set(extensions, ext_max_fragment_length, {fragment_2048});
}

void tls_callbacks::tls_examine_extensions(const Botan::TLS::Extensions& extensions, Connection_Side side,
                                           Handshake_Type message) {
  const auto get = [&](std::uint16_t code) { return extensions.get(static_cast<Extension_Code>(code)); };
  if (side == Connection_Side::Client && message == Handshake_Type::ClientHello && config_.max_fragment_length) {
    const auto* wanted = get(ext_max_fragment_length);
    peer_wants_small_records_ = wanted != nullptr && version_ != tls_version::tls13 &&
                                std::ranges::equal(wanted->serialize(side), bytes{fragment_2048});
  }
  if (side != Connection_Side::Server || message != Handshake_Type::ServerHello) return;
  if (const auto* agreed = get(ext_max_fragment_length);
      agreed != nullptr && !std::ranges::equal(agreed->serialize(side), bytes{fragment_2048}))
    refuse(AlertType::IllegalParameter, {errc::malformed, "another fragment length than the one asked for"});
  // REQ.TA.TLS.Handshake.110: none of RFC 6066's extensions in a resumed handshake.
  if (resuming_12_)
    for (std::uint16_t code = 0; code <= 5; ++code)
      if (get(code) != nullptr)
        refuse(AlertType::UnsupportedExtension, {errc::malformed, "an RFC 6066 extension in a resumed handshake"});
}

}  // namespace smgw::crypto::detail
