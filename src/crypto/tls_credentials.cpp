// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/detail/tls_credentials.hpp"

#include "crypto/detail/kept.hpp"

#include <botan/certstor.h>
#include <botan/x509cert.h>

#include <algorithm>

namespace smgw::crypto::detail {
namespace {

/// The identity, as the library asks for it. The private key works in its key store.
class credentials final : public Botan::Credentials_Manager {
 public:
  credentials(const tls_config& config, std::shared_ptr<key_store_fault> fault) {
    auto& known = known_certificates();
    for (const auto& a : config.peer.anchors) anchors_.add_certificate(known.get(a));
    if (!config.identity) return;
    const auto& id = *config.identity;
    for (const auto& c : id.chain) chain_.push_back(known.get(c));
    const auto& leaf = id.chain.front();
    const key_info key{
        .label = id.label, .on = leaf.on, .purpose = key_purpose::tls, .public_point = leaf.public_point};
    key_ = make_store_key(id.keys, key, std::move(fault));
  }
  // A server names these in its CertificateRequest (REQ.TA.TLS.Handshake.145, .155).
  std::vector<Botan::Certificate_Store*> trusted_certificate_authorities(const std::string&,
                                                                         const std::string&) override {
    return {&anchors_};
  }
  std::vector<Botan::X509_Certificate> find_cert_chain(const std::vector<std::string>& key_types,
                                                       const std::vector<Botan::AlgorithmIdentifier>&,
                                                       const std::vector<Botan::X509_DN>&, const std::string&,
                                                       const std::string&) override {
    return std::ranges::find(key_types, "ECDSA") == key_types.end() ? std::vector<Botan::X509_Certificate>{} : chain_;
  }
  std::shared_ptr<Botan::Private_Key> private_key_for(const Botan::X509_Certificate&, const std::string&,
                                                      const std::string&) override {
    return key_;
  }

 private:
  Botan::Certificate_Store_In_Memory anchors_;
  std::vector<Botan::X509_Certificate> chain_;
  std::shared_ptr<Botan::Private_Key> key_;
};

}  // namespace

std::shared_ptr<Botan::Credentials_Manager> make_credentials(const tls_config& config,
                                                             std::shared_ptr<key_store_fault> fault) {
  return std::make_shared<credentials>(config, std::move(fault));
}

}  // namespace smgw::crypto::detail
