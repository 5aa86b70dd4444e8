// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// A market participant [EMT] that receives deliveries: the other side of INFO-REPORT.

#include "pki.hpp"
#include "protocols/cosem/delivery.hpp"
#include "tls_hub.hpp"

#include <atomic>
#include <functional>
#include <mutex>
#include <set>
#include <stop_token>

namespace smgw::sim {

/// How a market participant may misbehave, for tests.
struct emt_faults {
  std::chrono::milliseconds delay{0};  ///< before the answer
  int status = 200;                    ///< of the answer
  bool close_in_answer = false;        ///< closes in the middle of the answer
  std::vector<line_fault> lines{};     ///< of the first, second, … connection
  unsigned first = 0;                  ///< only so many of the first requests are treated so; 0: all
};

/// One delivery, verified and decrypted.
struct received_delivery {
  cosem::delivery content;
  std::string document;
  std::size_t message_octets = 0;
  bytes message;        ///< CMS, as it came
  std::string gateway;  ///< whose certificate the connection had: `ESMG0000000001.SMGW`
};

struct emt_options {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;  ///< 0: any free one
  party self;
  crypto::tls_peer_rule gateways;                    ///< who may connect
  std::vector<crypto::certificate> gateway_signers;  ///< whose signatures count
  emt_faults faults;
  std::function<void(const std::string&)> say;  ///< one line per event
  std::function<void(const received_delivery&)> take;
};

/// Counts since the start.
struct emt_counts {
  std::uint64_t connections = 0, requests = 0, deliveries = 0, values = 0, refused = 0;
};

/// One thread for all gateways that are connected.
class emt {
 public:
  [[nodiscard]] static expected<std::unique_ptr<emt>> start(emt_options options);
  ~emt();
  [[nodiscard]] std::uint16_t port() const noexcept;
  [[nodiscard]] emt_counts counts() const;

 private:
  struct impl;
  explicit emt(std::unique_ptr<impl> state);
  std::unique_ptr<impl> impl_;
};

}  // namespace smgw::sim
