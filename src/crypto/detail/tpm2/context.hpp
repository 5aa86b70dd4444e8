// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// A connection with a TPM 2.0, and the few commands that a key store needs. Parameters that matter (shared secrets,
/// sealed data, random octets) travel encrypted, in a session that is salted with the TPM's storage root key.

#include "base/secret.hpp"
#include "crypto/curve.hpp"

#include <tss2/tss2_esys.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace smgw::crypto::tpm2 {

/// Both halves of an object as the TPM gave them: the private half is encrypted for this TPM alone.
struct blob {
  bytes public_area;
  bytes private_area;
};
[[nodiscard]] bytes encode(const blob& b);
[[nodiscard]] expected<blob> decode_blob(bytes_view in);

struct key_use {
  bool signs = false;
  bool agrees = false;
};
struct transient {
  ESYS_TR handle = ESYS_TR_NONE;
  bytes public_point;
};
/// PCRs of the SHA-256 bank, 0 to 23, to whose values something is bound.
using pcr_list = std::vector<std::uint8_t>;

/// What an answer means: no connection is unavailable, no slot exhausted, another curve unsupported, a broken or
/// foreign blob untrusted, a policy that is not met denied, the rest internal. The text is the TPM's own.
[[nodiscard]] error fault(TSS2_RC answer, std::string_view command);

/// Not thread-safe.
class context {
 public:
  /// `tcti`: `device:/dev/tpmrm0`, `swtpm:path=…`. unavailable: nobody answers.
  [[nodiscard]] static expected<std::unique_ptr<context>> open(const std::string& tcti);
  ~context();
  context(const context&) = delete;
  context& operator=(const context&) = delete;

  /// The storage root key's name, shortened: another TPM, or one that was cleared, has another.
  [[nodiscard]] const std::string& serial() const noexcept { return serial_; }
  [[nodiscard]] expected<std::vector<curve>> curves();
  [[nodiscard]] expected<void> random(std::span<std::uint8_t> out);

  [[nodiscard]] expected<blob> create_key(curve on, key_use use);
  [[nodiscard]] expected<transient> create_ephemeral(curve on);
  [[nodiscard]] expected<ESYS_TR> load(const blob& b);
  void flush(ESYS_TR what) noexcept;
  [[nodiscard]] expected<bytes> sign(ESYS_TR key, curve on, bytes_view digest);
  /// The shared x coordinate.
  [[nodiscard]] expected<secret> agree(ESYS_TR key, curve on, bytes_view peer_point);
  [[nodiscard]] expected<blob> seal(bytes_view data, const pcr_list& pcrs);
  [[nodiscard]] expected<secret> unseal(const blob& b, const pcr_list& pcrs);
  /// conflict: never advanced; untrusted: somebody has put another index in its place.
  [[nodiscard]] expected<std::uint64_t> counter();
  [[nodiscard]] expected<std::uint64_t> advance_counter();
  /// Objects in the TPM's slots.
  [[nodiscard]] expected<std::size_t> transient_objects();

 private:
  context() = default;
  /// The counter's index; conflict: there is none.
  [[nodiscard]] expected<ESYS_TR> find_counter();
  [[nodiscard]] expected<ESYS_TR> make_counter();
  [[nodiscard]] expected<std::uint64_t> read_counter(ESYS_TR index);
  [[nodiscard]] expected<void> connect(const std::string& tcti);
  [[nodiscard]] expected<void> find_root();
  [[nodiscard]] expected<ESYS_TR> create_root();
  /// The answer of a command in the session; its attributes are set anew, because a command that fails leaves them
  /// changed.
  [[nodiscard]] expected<void> done(TSS2_RC answer, std::string_view command);
  [[nodiscard]] expected<TPM2B_DIGEST> policy(const pcr_list& pcrs, TPM2_SE kind, ESYS_TR* keep);

  std::vector<std::max_align_t> transport_memory_;
  TSS2_TCTI_CONTEXT* transport_ = nullptr;  ///< in that memory, once it is connected
  ESYS_CONTEXT* esys_ = nullptr;
  ESYS_TR root_ = ESYS_TR_NONE;
  ESYS_TR session_ = ESYS_TR_NONE;
  std::string serial_;
};

/// The point in a public area, checked to be on the curve.
[[nodiscard]] expected<bytes> point_of(const blob& b, curve on);

}  // namespace smgw::crypto::tpm2
