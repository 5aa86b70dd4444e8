// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/foundation/key_token.hpp"

#include "base/check.hpp"
#include "crypto/hash.hpp"
#include "protocols/cms/inner_signature.hpp"
#include "protocols/cms/protect.hpp"
#include "protocols/cms/signed_data.hpp"

#include <algorithm>

namespace smgw {
namespace {

/// The protocols know no key store: the same five curves under two names.
cms::curve to_cms(crypto::curve c) {
  switch (c) {
    case crypto::curve::brainpool_p256r1: return cms::curve::brainpool_p256r1;
    case crypto::curve::brainpool_p384r1: return cms::curve::brainpool_p384r1;
    case crypto::curve::brainpool_p512r1: return cms::curve::brainpool_p512r1;
    case crypto::curve::secp256r1: return cms::curve::secp256r1;
    case crypto::curve::secp384r1: return cms::curve::secp384r1;
  }
  return cms::curve::brainpool_p256r1;
}
crypto::curve from_cms(cms::curve c) {
  for (const auto candidate : crypto::all_curves)
    if (to_cms(candidate) == c) return candidate;
  return crypto::curve::brainpool_p256r1;
}

cms::key_source key_source(const std::shared_ptr<crypto::key_store>& keys) {
  return {.make_ephemeral = [keys](cms::curve c) -> expected<cms::ephemeral> {
            SMGW_TRY(auto made, keys->generate_ephemeral(from_cms(c)));
            const std::shared_ptr<crypto::ephemeral_key> key = std::move(made);
            const auto point = key->public_point();
            return cms::ephemeral{bytes(point.begin(), point.end()),
                                  [key](bytes_view peer) { return key->agree(peer); }};
          },
          .random = [keys](std::span<std::uint8_t> out) { return keys->random(out); }};
}

cms::signer signer(const key_token_parts& parts) {
  return {.group = to_cms(parts.signature.certificate.on),
          .hash = cms::digest::sha256,
          .key_identifier = parts.signature.certificate.subject_key_id,
          .sign = [keys = parts.keys,
                   label = parts.signature.label](bytes_view digest) { return keys->sign_digest(label, digest); },
          .certificate = {}};
}

expected<protected_content> protect(const key_token_parts& parts, const protect_content& order) {
  const auto to = parts.readers.find(order.recipient);
  if (to == parts.readers.end()) return fail(errc::denied, "no encryption certificate for " + order.recipient);
  const auto& r = to->second;
  cms::protection how{.compress = r.compress, .fill_to = concealing_size(order.values, r.compress), .seal = {}};
  if (r.suite == profile::cms_suite::eckaeg_aes_128_cbccmac) how.seal.suite = cms::eckaeg_aes128_cbc_cmac;
  const cms::recipient recipient{{to_cms(r.encryption.on), r.encryption.public_point}, r.encryption.subject_key_id};
  auto content = order.content;
  // A document may end with white space; octets that are compressed are filled inside their stream.
  if (!r.compress) content.resize((content.size() + how.fill_to - 1) / how.fill_to * how.fill_to, std::uint8_t{' '});
  SMGW_TRY(auto message, cms::protect(content, recipient, signer(parts), how, key_source(parts.keys)));
  return protected_content{std::move(message)};
}

/// The answer to whatever does not fit is the same for everyone: which check failed is for the log, not for the sender.
expected<opened_content> open(const key_token_parts& parts, const open_content& order) {
  const cms::find_signer signers = [&](bytes_view id) -> expected<cms::known_signer> {
    const auto known = parts.signers.find(order.sender);
    if (known == parts.signers.end() || !std::ranges::equal(known->second.subject_key_id, id))
      return fail(errc::untrusted, "signed by another key than that of the profile " + order.sender);
    return cms::known_signer{{to_cms(known->second.on), known->second.public_point}, known->second.der};
  };
  const cms::find_own_key own = [&](bytes_view id) -> expected<cms::own_key> {
    const auto found = std::ranges::find_if(
        parts.encryption, [&](const own_key& k) { return std::ranges::equal(k.certificate.subject_key_id, id); });
    if (found == parts.encryption.end()) return fail(errc::denied, "encrypted for another key than the gateway's");
    return cms::own_key{to_cms(found->certificate.on), [keys = parts.keys, label = found->label](bytes_view peer) {
                          return keys->agree(label, peer);
                        }};
  };
  SMGW_TRY(auto message, cms::unprotect(order.message, signers, own));
  return opened_content{std::move(message.content)};
}

/// For people who verify with other programs: the certificate goes along.
expected<signed_content> sign_whole(const key_token_parts& parts, const sign_content& order) {
  auto by = signer(parts);
  by.certificate = parts.signature.certificate.der;
  SMGW_TRY(auto message, order.detached ? cms::sign_detached(order.content, by)
                                        : cms::sign(order.content, cms::content_type::data, by));
  return signed_content{std::move(message)};
}

expected<signed_entries> sign_all(const key_token_parts& parts, const sign_entries& order) {
  signed_entries done{order.entries};
  for (auto& entry : done.entries) {
    const auto digest = crypto::sha256(cms::inner_signature_input(logical_name(entry.value), entry.value));
    SMGW_TRY(entry.signature, parts.keys->sign_digest(parts.signature.label, digest));
  }
  return done;
}

}  // namespace

std::size_t concealing_size(std::uint32_t values, bool compressed) noexcept {
  // Measured: a value with inner signature takes 90 octets compressed at most, 500 in plain.
  const auto size = std::size_t{values} * (compressed ? 96 : 512) + (compressed ? 1024 : 2048);
  return (size + 1023) / 1024 * 1024;
}

expected<std::size_t> destroy_all_keys(crypto::key_store& keys) {
  SMGW_TRY(const auto all, keys.list());
  for (const auto& key : all) SMGW_CHECK(keys.destroy(key.label));
  return all.size();
}

std::string logical_name(const reading& r) { return r.register_name.hex() + "." + r.meter.lower() + ".sm"; }

key_token_actor::behavior_type key_token(key_token_actor::stateful_pointer<key_token_state> self,
                                         key_token_parts given) {
  guard(self);
  const auto parts = std::make_shared<key_token_parts>(std::move(given));
  const auto counted = [self](auto result, std::int64_t& counter, std::int64_t by) {
    if (result) {
      counter += by;
    } else {
      ++self->state.failures;
    }
    return answer(std::move(result));
  };
  return {
      [self, parts, counted](const protect_content& m) -> caf::result<protected_content> {
        return counted(protect(*parts, m), self->state.protected_messages, 1);
      },
      [self, parts, counted](const open_content& m) -> caf::result<opened_content> {
        return counted(open(*parts, m), self->state.opened_messages, 1);
      },
      [parts](const request_certificates&) -> caf::result<certificate_requests> {
        if (!parts->request) return to_caf({errc::unsupported, "certificates are not renewed from within"});
        return answer(parts->request());
      },
      [parts](const install_certificates& m) -> caf::result<certificates_installed> {
        if (!parts->install) return to_caf({errc::unsupported, "certificates are not renewed from within"});
        return answer(parts->install(m.certificates));
      },
      [parts](const settle_certificates& m) -> caf::result<certificates_settled> {
        if (!parts->settle) return to_caf({errc::unsupported, "certificates are not renewed from within"});
        auto text = parts->settle(m.worked);
        return answer(text ? expected<certificates_settled>(certificates_settled{std::move(*text)})
                           : std::unexpected(text.error()));
      },
      [parts](const destroy_keys&) -> caf::result<keys_destroyed> {
        const auto gone = destroy_all_keys(*parts->keys);
        if (!gone) return to_caf(gone.error());
        return keys_destroyed{*gone};
      },
      [self, parts, counted](const sign_entries& m) -> caf::result<signed_entries> {
        return counted(sign_all(*parts, m), self->state.signatures, static_cast<std::int64_t>(m.entries.size()));
      },
      [self, parts, counted](const sign_digest& m) -> caf::result<digest_signature> {
        auto made = parts->keys->sign_digest(parts->signature.label, m.digest);
        return counted(
            made ? expected<digest_signature>(digest_signature{std::move(*made)}) : std::unexpected(made.error()),
            self->state.signatures, 1);
      },
      [parts, counted, self](const sign_content& m) -> caf::result<signed_content> {
        return counted(sign_whole(*parts, m), self->state.signatures, 1);
      },
      [self, parts](const query_status&) {
        const auto who = parts->keys->identify();
        return status_report{
            "key token",
            {{"kind", who.kind},
             {"state", std::string(parts->keys->state() == crypto::key_store_state::ready ? "ready" : "not ready")},
             {"protected messages", self->state.protected_messages},
             {"opened messages", self->state.opened_messages},
             {"signatures", self->state.signatures},
             {"failures", self->state.failures}}};
      },
      [parts](const renew_credentials& m) {
        parts->readers = m.readers;
        parts->signers = m.signers;
        parts->signature = m.signature;
        parts->encryption = m.encryption;
      },
  };
}

}  // namespace smgw
