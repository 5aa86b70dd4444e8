// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Where private keys live. One small interface; a TPM, a PKCS#11 token or a smart card fills it as the software does.
///
/// Thread and blocking: any thread may call, also several at once; every call may block as long as the device needs (a
/// smart card: seconds). No call may call back into the gateway.
/// Contract test: testkit::check_key_store.

#include <smgw/secret.hpp>

#include <chrono>
#include <memory>

namespace smgw::ports {

/// The five curves of TR-03116-3 table 4; nothing else is offered anywhere.
enum class curve : std::uint8_t { brainpool_p256r1, brainpool_p384r1, brainpool_p512r1, secp256r1, secp384r1 };
[[nodiscard]] SMGW_API std::string_view to_string(curve c) noexcept;  ///< `brainpoolP256r1`, `secp256r1`, …

/// What a key is for. A store refuses uses that do not fit (denied): `agree` is for `encryption` keys only.
/// Any static key may sign, because a certificate request is signed with the key it asks for.
enum class key_purpose : std::uint8_t { tls, signature, encryption, lmn, ephemeral };
[[nodiscard]] SMGW_API std::string_view to_string(key_purpose p) noexcept;

/// Labels are names, chosen by the caller: `gw_wan_tls.2026-05`. Printable ASCII without blanks.
inline constexpr std::size_t max_label_length = 64;
/// Keys one store holds: gateway keys of three interfaces in two generations, and one per meter.
inline constexpr std::size_t max_keys = 512;

struct key_info {
  std::string label;
  curve on = curve::brainpool_p256r1;
  key_purpose purpose = key_purpose::tls;
  bytes public_point;  ///< SEC1, uncompressed
  friend bool operator==(const key_info&, const key_info&) = default;
};

struct key_store_identity {
  std::string kind;    ///< `soft`, `tpm2`, `pkcs11`, `smartcard`
  std::string serial;  ///< as the device reports it
};
enum class key_store_state : std::uint8_t { ready, locked, absent, failed };
struct key_store_capabilities {
  std::vector<curve> curves;
  std::size_t ephemeral_slots = 0;                ///< at once; 0 = no limit
  std::chrono::microseconds typical_operation{};  ///< one signature, for sizing timeouts
};

/// A key pair for one agreement. It lives in the module; when this object goes, it is destroyed there.
class SMGW_API ephemeral_key {
 public:
  virtual ~ephemeral_key() = default;
  ephemeral_key(const ephemeral_key&) = delete;
  ephemeral_key& operator=(const ephemeral_key&) = delete;
  [[nodiscard]] virtual bytes_view public_point() const noexcept = 0;
  /// The shared x coordinate. Works once: the key is destroyed with it, whatever comes out (TR-03116-3 2.4).
  /// Refuses a peer point that is not on the curve (malformed), a second call (conflict).
  [[nodiscard]] virtual expected<secret> agree(bytes_view peer_point) = 0;

 protected:
  ephemeral_key() = default;
};

/// Holds key pairs by label, signs and agrees with them, and never gives a private key away.
/// Unless said otherwise errors are: denied (wrong purpose), conflict (label unknown or taken), malformed (bad
/// argument), unavailable (device absent or locked), exhausted (no slot), internal (device failed).
class SMGW_API key_store {
 public:
  virtual ~key_store() = default;

  [[nodiscard]] virtual key_store_identity identify() const = 0;
  [[nodiscard]] virtual key_store_state state() const = 0;
  [[nodiscard]] virtual key_store_capabilities capabilities() const = 0;

  /// Fills `out` from the device's generator.
  [[nodiscard]] virtual expected<void> random(std::span<std::uint8_t> out) = 0;

  [[nodiscard]] virtual expected<key_info> generate(std::string_view label, curve on, key_purpose purpose) = 0;
  [[nodiscard]] virtual expected<std::vector<key_info>> list() const = 0;
  [[nodiscard]] virtual expected<key_info> find(std::string_view label) const = 0;
  /// Gone for good when this returns.
  [[nodiscard]] virtual expected<void> destroy(std::string_view label) = 0;

  /// ECDSA over `digest`; raw r‖s of fixed length. A digest longer than the order is cut by the ECDSA rule.
  [[nodiscard]] virtual expected<bytes> sign_digest(std::string_view label, bytes_view digest) = 0;
  /// Static ECKA: the shared x coordinate. The peer point is checked against the curve first (malformed).
  [[nodiscard]] virtual expected<secret> agree(std::string_view label, bytes_view peer_point) = 0;
  /// The object may outlive the store's last handle; it may be used and dropped on any thread.
  [[nodiscard]] virtual expected<std::unique_ptr<ephemeral_key>> generate_ephemeral(curve on) = 0;

  /// Binds a secret (the storage master key) to this device and its state. At most `max_sealed` octets.
  [[nodiscard]] virtual expected<bytes> seal(bytes_view plaintext) = 0;
  /// untrusted: sealed by another device, or altered.
  [[nodiscard]] virtual expected<secret> unseal(bytes_view sealed) = 0;

  /// A number of the device that only ever grows, also across power cuts: kept beside data, it tells when the data is
  /// an older copy. unsupported: the device has none (the default). conflict: never advanced.
  [[nodiscard]] virtual expected<std::uint64_t> counter();
  /// The number after it has grown. Each call wears the device's memory: once a start, not once a reading.
  [[nodiscard]] virtual expected<std::uint64_t> advance_counter();

  static constexpr std::size_t max_sealed = 128;  ///< what a TPM's sealed data object holds
};

/// A label as this header wants it, or malformed: for implementations.
[[nodiscard]] SMGW_API expected<void> check_label(std::string_view label);

}  // namespace smgw::ports
