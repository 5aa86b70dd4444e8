// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The parties of a test SM-PKI on disk, as `smgw-sim pki` makes them.

#include "crypto/pki.hpp"
#include "crypto/soft_key_store.hpp"
#include "crypto/tls.hpp"

#include <filesystem>
#include <memory>

namespace smgw::sim {

/// One party: keys and certificates in one folder.
///   keys.sealed, passphrase            the software key store
///   tls.pem, sig.pem, enc.pem          end entity first, then the sub-CA (tls.pem)
struct party {
  std::shared_ptr<crypto::key_store> keys;
  std::vector<crypto::certificate> tls_chain;
  crypto::certificate signature;
  crypto::certificate encryption;

  [[nodiscard]] crypto::tls_identity identity() const;
};

/// What a party is, for its certificates' names.
struct party_description {
  std::string folder;                         ///< name of the folder below the PKI's
  std::string common_name;                    ///< `EDEM0000000001.SMGW`, `stadtwerk.EMT`
  bool gateway = false;                       ///< gateways carry no SubjectAltName, and their keys the gateway's labels
  std::shared_ptr<crypto::key_store> keys{};  ///< where its keys are made; none: keys.sealed in its folder
};

/// Makes `folder` with root.pem, sub-ca.pem, the CA's keys in ca, and one folder per party. Refuses a folder that has a
/// PKI already.
[[nodiscard]] expected<void> make_pki(const std::filesystem::path& folder,
                                      const std::vector<party_description>& parties, crypto::curve curve,
                                      timestamp now);

/// Issues certificates for more parties, each in its folder below `folder`, by the sub-CA of `pki` and on its curve.
[[nodiscard]] expected<void> add_parties(const std::filesystem::path& pki, const std::filesystem::path& folder,
                                         const std::vector<party_description>& parties, timestamp now);

/// The n-th device behind this one.
[[nodiscard]] expected<device_id> counted(const device_id& first, std::size_t n);

/// The sub-CA answers a package of requests (protocols/cms/request_package.hpp): three certificates and its own, PEM.
/// untrusted: signed by nobody of this PKI, or a request whose signature is not that of its key.
[[nodiscard]] expected<std::string> issue_certificates(const std::filesystem::path& folder, bytes_view package,
                                                       timestamp now);

/// Reads a party back.
[[nodiscard]] expected<party> load_party(const std::filesystem::path& folder);

/// Certificates of a PEM file.
[[nodiscard]] expected<std::vector<crypto::certificate>> load_certificates(const std::filesystem::path& file);

/// Writes a file, its folder too.
[[nodiscard]] expected<void> write_file(const std::filesystem::path& file, std::string_view content,
                                        bool secret = false);

}  // namespace smgw::sim
