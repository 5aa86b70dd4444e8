// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// What one call into the library did to a session: octets, an end, a failure. The library tells it by callbacks and by
// exceptions of several kinds; from here on it is one value.
#include "base/check.hpp"
#include "base/octets.hpp"
#include "crypto/detail/tls_session.hpp"

#include <botan/tls_exceptn.h>

namespace smgw::crypto {
namespace {

using Botan::TLS::AlertType;

errc code_for(AlertType alert) {
  switch (alert) {
    case AlertType::BadCertificate:
    case AlertType::UnsupportedCertificate:
    case AlertType::CertificateUnknown:
    case AlertType::UnknownCA:
    case AlertType::CertificateRequired:
    case AlertType::BadRecordMac:
    case AlertType::DecryptError: return errc::untrusted;
    case AlertType::CertificateExpired: return errc::expired;
    case AlertType::ProtocolVersion:
    case AlertType::HandshakeFailure:
    case AlertType::InsufficientSecurity:
    case AlertType::NoApplicationProtocol:
    case AlertType::UnrecognizedName: return errc::unsupported;
    case AlertType::NoRenegotiation:
    case AlertType::AccessDenied: return errc::denied;
    case AlertType::InternalError: return errc::internal;
    default: return errc::malformed;
  }
}

}  // namespace

tls_failure tls_session::impl::failure_of(AlertType alert, const std::string& text) const {
  auto why = callbacks->events.refused.value_or(error{code_for(alert), text});
  if (fault->first) why = *fault->first;
  return {.why = std::move(why), .alert = Botan::TLS::Alert{alert}.type_string(), .alert_from_peer = false};
}

void tls_session::impl::end(tls_output& out, std::optional<tls_failure> failure) {
  over = true;
  callbacks->drop_ephemerals();
  out.failure = std::move(failure);
}

tls_output tls_session::impl::run(const std::function<void()>& what) {
  std::optional<tls_failure> failure;
  auto& events = callbacks->events;
  events = {};
  try {
    what();
  } catch (const Botan::TLS::TLS_Exception& e) {
    failure = failure_of(e.type(), e.what());
  } catch (const Botan::Invalid_Authentication_Tag& e) {
    failure = failure_of(AlertType::BadRecordMac, e.what());
  } catch (const Botan::Decoding_Error& e) {
    failure = failure_of(AlertType::DecodeError, e.what());
  } catch (const std::exception& e) {
    failure = failure_of(AlertType::InternalError, e.what());
  }
  tls_output out;
  out.transmit = std::move(events.transmit);
  out.plaintext = std::move(events.plaintext);
  out.peer_closed = events.peer_closed;
  if (events.fatal_alert && !failure) {
    failure = tls_failure{.why = {errc::denied, "the peer ended the session: " + *events.fatal_alert},
                          .alert = *events.fatal_alert,
                          .alert_from_peer = true};
  }
  if (failure) {
    // Nothing that came along with a broken record or after a fatal alert is passed on (REQ.TA.TLS.Close.10).
    out.plaintext.clear();
    end(out, std::move(failure));
  }
  return out;
}

void tls_session::impl::finish(tls_output& out) {
  if (out.failure) return;
  // Not is_active(): a TLS 1.3 server is active before it has seen the client's certificate.
  if (!done && callbacks->events.activated && channel->is_handshake_complete()) {
    done = out.handshake_done = true;
    summary = callbacks->summary;
    SMGW_ASSERT(summary.has_value());
    summary->alpn = channel->application_protocol();
    callbacks->drop_ephemerals();  // shares a TLS 1.3 server did not choose
  }
  if (out.peer_closed) {
    if (!done) {
      end(out, tls_failure{.why = {errc::denied, "the peer closed during the handshake"},
                           .alert = "close_notify",
                           .alert_from_peer = true});
    } else {
      end(out, std::nullopt);
    }
  }
  if (!count(out.plaintext.size())) {
    out.plaintext.clear();
    out.transmit.clear();
    auto closing = run([&] { channel->close(); });
    put(out.transmit, closing.transmit);
    end(out, tls_failure{.why = {errc::exhausted, "the LMN session has carried its 5 MB"}, .alert = {}});
  }
}

bool tls_session::impl::count(std::uint64_t octets) {
  if (config.interface != tls_interface::lmn) return true;
  return (lineage->octets += octets) <= max_lmn_session_octets;
}

tls_output tls_session::impl::expire() {
  auto out = run([&] { channel->close(); });
  if (!out.failure) end(out, tls_failure{.why = {errc::expired, "the session's lifetime is over"}, .alert = {}});
  return out;
}

}  // namespace smgw::crypto
