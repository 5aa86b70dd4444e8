// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/platform/renewal.hpp"

#include "actors/platform/credentials.hpp"
#include "actors/platform/dialling.hpp"
#include "actors/platform/own_keys.hpp"
#include "base/check.hpp"

namespace smgw::platform {
namespace {

/// Those before the last ones are no way back any more (FCS_CKM.4). Their certificates stay: what was signed with them
/// can still be checked.
void destroy_older(crypto::key_store& keys, const own_certificates& own) {
  for (unsigned generation = 0; generation + 1 < own.current(); ++generation)
    for (const auto base : {tls_label, signature_label, encryption_label})
      (void)keys.destroy(own_certificates::label(base, generation));  // gone since the renewal before, for most
}

}  // namespace

void enable_renewal(key_token_parts& parts, const std::filesystem::path& data, const clock_function& now,
                    std::shared_ptr<crypto::tls_session_cache> sessions) {
  const own_certificates own(data / "certificates");
  parts.request = [keys = parts.keys, own, id = parts.gateway,
                   on = parts.signature.certificate.on]() -> expected<certificate_requests> {
    const crypto::distinguished_name subject{.common_name = std::string(id.text()) + ".SMGW",
                                             .organisation = "SM-PKI-DE",
                                             .organisational_unit = {},
                                             .country = "DE",
                                             .serial_number = "1"};
    SMGW_TRY(auto made, begin_renewal(*keys, own, {.subject = subject, .on = on}));
    return certificate_requests{made.generation, std::move(made.package)};
  };
  parts.install = [keys = parts.keys, own, now](bytes_view given) -> expected<certificates_installed> {
    SMGW_TRY(const auto found, crypto::parse_certificates(given));
    SMGW_TRY(const auto report, import_certificates(*keys, own, found, now()));
    std::string text = "generation " + std::to_string(report.generation) + ":";
    for (const auto& t : report.taken) text += " " + t;
    for (const auto& m : report.missing) text += " (missing: " + m + ")";
    return certificates_installed{std::move(text)};
  };
  parts.settle = [keys = parts.keys, own, sessions = std::move(sessions)](bool worked) -> expected<std::string> {
    const auto waiting = own.next();
    if (!waiting) return fail(errc::conflict, "no certificates wait to be used");
    const auto text = "certificates of generation " + std::to_string(*waiting);
    if (!worked) {
      SMGW_CHECK(own.withdraw());
      return text + " did not work and are given up; generation " + std::to_string(own.current()) + " stays in force";
    }
    SMGW_CHECK(own.promote());
    sessions->clear();
    destroy_older(*keys, own);
    return text + " are in force";
  };
}

dial_function succession_dialler(const profile::wan& w, credentials c, const own_certificates& own,
                                 const std::shared_ptr<crypto::key_store>& keys, clock_function now,
                                 std::function<bool()> time_valid, std::stop_token leave) {
  // Where they cannot be read any more, those in force serve.
  if (const auto waiting = own.next())
    if (auto next = own_identity(keys, own, *waiting)) c.identity = std::move(*next);
  // Resuming a session would prove nothing.
  return dialler(w, c, std::move(now), std::move(time_valid), nullptr, std::move(leave));
}

}  // namespace smgw::platform
