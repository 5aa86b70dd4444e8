// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "domain/profile/gateway.hpp"
#include "domain/schedule/dispatch.hpp"

#include <smgw/types.hpp>

#include <string>

namespace smgw::profile {

enum class wan_role : std::uint8_t { administrator, market_participant };
/// CMS suites by their names in the detail specification 5.
enum class cms_suite : std::uint8_t { eckaeg_aes_128_gcm, eckaeg_aes_128_cbccmac };
enum class body_format : std::uint8_t { cosem_xml, json };

/// The WAN communication profile: one peer that the gateway dials.
struct wan {
  std::string name;  ///< the file it came from
  std::string id;
  wan_role role = wan_role::market_participant;
  endpoint peer;
  std::string tls_sni;                 ///< empty: none is sent
  std::string tls_certificate;         ///< file of the pinned certificate of the peer, or of its CA
  std::string signer_certificate;      ///< file: verifies what the peer signs; empty where it signs nothing
  std::string encryption_certificate;  ///< file: encrypts what the peer shall read
  std::string uri_prefix = "/";        ///< point of contact (PoC)
  std::chrono::seconds http_timeout{20};
  schedule::backoff_policy retry;
  cms_suite suite = cms_suite::eckaeg_aes_128_gcm;
  bool compress = true;  ///< id-alg-zlibCompress before encryption
  body_format format = body_format::cosem_xml;
  bool through_administrator = false;  ///< market participant: the administrator forwards what is for it
  /// Administrator: where the gateway is HTTP client (ADMIN-SERVICE); on `peer` it is the server. None: not used.
  std::optional<endpoint> service;
  std::uint16_t wake_up_port = 0;           ///< administrator: UDP port of the wake-up service; 0: none
  bool wake_up_tcp = false;                 ///< administrator: the same port takes wake-ups over TCP too
  std::chrono::seconds wake_up_window{30};  ///< administrator: |own clock - timestamp| at most
  friend bool operator==(const wan&, const wan&) = default;
};

}  // namespace smgw::profile
