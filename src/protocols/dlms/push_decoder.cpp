// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/dlms/push_decoder.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"
#include "protocols/dlms/axdr.hpp"

namespace smgw::dlms {

bytes_view push::body() const noexcept {
  if (const auto* n = std::get_if<notification>(&content)) return n->body;
  if (const auto* e = std::get_if<event_notification>(&content)) return e->body;
  return {};
}

namespace {

expected<void> read_content(bytes_view octets, push& out) {
  out.octets = octets;
  if (!octets.empty() && octets[0] == '/') {
    out.content = as_text(octets);
    return {};
  }
  SMGW_TRY(const auto content, read_apdu(octets));
  if (const auto* n = std::get_if<notification>(&content)) {
    out.content = *n;
  } else if (const auto* e = std::get_if<event_notification>(&content)) {
    out.content = *e;
  } else {
    return fail(errc::unsupported, "protected content is no notification");
  }
  return axdr::check(out.body());
}

}  // namespace

expected<std::optional<push>> push_decoder::decode(bytes_view apdu_octets, cipher* keys, counter_state* counters,
                                                   protection_fault* why) {
  if (why != nullptr) *why = protection_fault::none;
  SMGW_TRY(auto first, read_apdu(apdu_octets));
  if (const auto* b = std::get_if<block>(&first)) {
    SMGW_TRY(const auto whole, blocks_.add(*b));
    if (!whole) return std::nullopt;
    apdu_octets = *whole;
    SMGW_TRY(first, read_apdu(apdu_octets));
    if (std::holds_alternative<block>(first)) return fail(errc::malformed, "blocks within blocks");
  } else {
    blocks_.reset();
  }
  push out;
  const auto* c = std::get_if<ciphered>(&first);
  if (c == nullptr) {
    SMGW_CHECK(read_content(apdu_octets, out));
    return out;
  }
  SMGW_TRY(const auto plain, open(*c, keys, counters, why));
  out.protection = *c;
  out.authenticated = plain.authenticated;
  auto read = read_content(plain.plaintext, out);
  if (read) return out;
  if (!plain.authenticated) {  // decrypted with a wrong key, the first octet fits once in forty times
    if (why != nullptr) *why = protection_fault::plaintext_implausible;
    return fail(errc::malformed, "plaintext is implausible (wrong key?)");
  }
  return std::unexpected{std::move(read).error()};
}

}  // namespace smgw::dlms
