// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// A gateway administrator [GWA]: wakes gateways, asks over the connections that they open, and offers them services.

#include "https_server.hpp"
#include "pki.hpp"
#include "protocols/cosem/tree.hpp"

#include <map>

namespace smgw::sim {

/// What the gateway sent to the administrator's service address, opened.
struct gateway_message {
  std::string target;
  std::string correlation;  ///< x-CID
  std::string content;      ///< empty where it could not be opened: `refused` says why
  std::string refused;
  bytes forwarded;  ///< as it came: what is for a market participant the administrator cannot read
};

struct gwa_options {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;          ///< gateways dial it after a wake-up; 0: any free one
  std::uint16_t service_port = 0;  ///< gateways are HTTP clients there
  party self;
  device_id gateway;
  std::string point_of_contact = "/smgw";
  crypto::certificate gateway_tls, gateway_signature, gateway_encryption;
  std::function<void(const std::string&)> say;  ///< one line per event
  /// Files that gateways may fetch from the service address, by path.
  std::map<std::string, bytes> files;
};

/// One answer of the gateway: the document is opened, if it was sealed.
struct gateway_answer {
  int status = 0;
  http::fields headers;
  std::string document;
};

class gwa {
 public:
  [[nodiscard]] static expected<std::unique_ptr<gwa>> start(gwa_options options);
  ~gwa();
  [[nodiscard]] std::uint16_t port() const noexcept;
  [[nodiscard]] std::uint16_t service_port() const noexcept;

  /// A signed wake-up of this moment; `signer` in place of the administrator is for tests.
  [[nodiscard]] expected<bytes> wake_up_packet(timestamp at, const party* signer = nullptr) const;
  /// Sends it as a datagram, or over TCP.
  [[nodiscard]] static expected<void> send_packet(bytes_view packet, const std::string& host, std::uint16_t port,
                                                  bool tcp = false);
  /// True once the gateway has opened a management connection.
  [[nodiscard]] bool await_gateway(std::chrono::milliseconds patience);
  [[nodiscard]] bool connected() const;
  void hang_up();

  /// A request over the gateway's connection. The body is sealed for the gateway, the answer opened.
  [[nodiscard]] expected<gateway_answer> ask(http::method verb, const std::string& path, std::string_view document = {},
                                             http::fields more = {});
  /// A request as it is: for tests of what the gateway refuses.
  [[nodiscard]] expected<http::response> ask_raw(const http::request& request);
  /// The body of a request, sealed by whoever.
  [[nodiscard]] expected<bytes> sealed(std::string_view document, const party* by = nullptr) const;
  [[nodiscard]] expected<std::string> opened(bytes_view message) const;
  [[nodiscard]] std::string host_name() const;
  /// `path` below the point of contact.
  [[nodiscard]] std::string target(const std::string& path) const;

  /// What came to the service address.
  [[nodiscard]] std::vector<gateway_message> messages() const;
  [[nodiscard]] std::uint64_t connections() const;
  /// From now on the service address answers 503, or takes messages again.
  void refuse_messages(bool refuse);

 private:
  struct impl;
  explicit gwa(std::unique_ptr<impl> state);
  std::unique_ptr<impl> impl_;
};

/// curl and browsers in front of a gateway: plain HTTP on loopback, each request goes over the gateway's connection,
/// sealed and opened on the way.
class relay {
 public:
  [[nodiscard]] static expected<std::unique_ptr<relay>> start(gwa& through, std::uint16_t port);
  ~relay();
  [[nodiscard]] std::uint16_t port() const noexcept;

 private:
  struct impl;
  explicit relay(std::unique_ptr<impl> state);
  std::unique_ptr<impl> impl_;
};

}  // namespace smgw::sim
