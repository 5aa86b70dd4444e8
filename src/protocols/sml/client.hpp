// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The gateway as SML client on the wired LMN (detail specification 9): request files, and what follows from answers.
/// A request file is PublicOpen.Req, the requests, PublicClose.Req; these octets go into the TLS channel of the meter.

#include "base/secret.hpp"
#include "protocols/sml/message.hpp"

namespace smgw::sml {

/// COSEM classes of DS 9.
inline constexpr std::uint16_t class_data = 1;
inline constexpr std::uint16_t class_register = 3;
inline constexpr std::uint16_t class_advanced_extended_register = 32770;

/// Objects of class 1 that the gateway writes (DS 9.3).
inline constexpr obis meter_certificate_and_key{{0x01, 0x00, 0x5E, 0x31, 0x00, 0x04}};
inline constexpr obis gateway_certificate{{0x01, 0x00, 0x5E, 0x31, 0x00, 0x08}};
inline constexpr obis magnetic_tamper_reset{{0x01, 0x00, 0x5E, 0x31, 0x01, 0x04}};
inline constexpr obis mechanical_tamper_reset{{0x01, 0x00, 0x5E, 0x31, 0x01, 0x09}};

/// Most registers of one request file: each takes an answer of its own.
inline constexpr std::size_t max_requested_registers = 64;
/// Longest certificate and key that are written together; DER of a TR-03109-3 certificate has less than 1,000 octets.
inline constexpr std::size_t max_written_octets = 8192;

/// What identifies one request file. The answers bear the transaction ids: `first_transaction` for PublicOpen, then
/// one more for each message, four octets each.
struct request_ids {
  octets client_id;        ///< the gateway's id
  octets request_file_id;  ///< comes back in PublicOpen.Res
  std::uint32_t first_transaction = 1;
};

/// 32770 for electrical energy (A = 1, D = 8: time integral), 3 for everything else (REQ.SML.CLI.RequestMeterData.30).
[[nodiscard]] std::uint16_t class_of(const obis& name) noexcept;

/// The transaction id of the n-th message, PublicOpen being 0.
[[nodiscard]] std::array<std::uint8_t, 4> transaction_id(const request_ids& ids, std::uint32_t n) noexcept;

/// One GetProcParameter.Req per register in one file (REQ.SML.CLI.RequestMeterData.10, .20, .30).
/// The tree path is the OBIS code and the class id (two octets): DIN VDE 0418-63-9, 5.2 decides how class and attribute
/// are placed, and is not part of our sources; path_of() is the only place that knows. The attribute stays empty and
/// stands for all of them. Refuses no register at all, or too many (exhausted).
[[nodiscard]] expected<bytes> request_meter_data(const request_ids& ids, std::span<const obis> registers);

/// SetProcParameter.Req with the meter's next certificate and its key, DER each (REQ.SML.CLI.UpdateMtrCertAndKey.10).
/// Only over TLS. Refuses what is empty or longer than `max_written_octets` (malformed, exhausted).
[[nodiscard]] expected<secret> update_meter_certificate_and_key(const request_ids& ids, bytes_view certificate,
                                                                const secret& private_key);
/// SetProcParameter.Req with the gateway's next LMN certificate, DER (REQ.SML.CLI.UpdateSmgwCert.10). Only over TLS.
[[nodiscard]] expected<bytes> update_gateway_certificate(const request_ids& ids, bytes_view certificate);

/// The attention that says "carried out": a SetProcParameter.Req has no answer of its own.
inline constexpr obis attention_positive{{0x81, 0x81, 0xC7, 0xC7, 0xFD, 0x00}};
[[nodiscard]] bool is_positive(const attention_response& a) noexcept;

/// One SetProcParameter.Req for each kind of tampering the meter's status word reports
/// (REQ.SML.CLI.ResetTamperState.10, .20); empty if it reports none.
[[nodiscard]] bytes reset_tamper_state(const request_ids& ids, std::uint32_t meter_word);

/// The measuring instant: reception − (refTime − valTime), both second indexes (REQ.TLSHDLC.SMGW.60).
/// Refuses a value that is newer than the message it came in (malformed).
[[nodiscard]] expected<timestamp> measured_at(timestamp received, second_index ref_time, second_index val_time);

/// Compares refTime of two consecutive messages of one meter (REQ.TLSHDLC.SMGW.70).
class second_index_watch {
 public:
  /// Whether this refTime lies before the last one: meterStatus is then `decrementedTimestamp`.
  [[nodiscard]] bool decremented(second_index ref_time) noexcept;

 private:
  std::optional<second_index> last_;
};

}  // namespace smgw::sml
