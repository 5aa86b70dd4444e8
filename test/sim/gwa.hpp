// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// A gateway administrator [GWA] of thousands of gateways: wakes them, asks over the connections that they open, and
/// offers them services.

#include "fleet.hpp"
#include "pki.hpp"
#include "protocols/cosem/tree.hpp"
#include "protocols/http/message.hpp"
#include "sockets.hpp"
#include "tls_hub.hpp"

#include <functional>
#include <future>
#include <map>

namespace smgw::sim {

/// What a gateway sent to the administrator's service address, opened.
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
  std::vector<known_gateway> gateways;
  std::string point_of_contact = "/smgw";
  std::function<void(const std::string&)> say;  ///< one line per event
  /// Files that gateways may fetch from the service address, by path.
  std::map<std::string, bytes> files;
  std::function<line_fault()> fault{};  ///< of the next management connection; empty: none
};

/// One answer of the gateway: the document is opened, if it was sealed.
struct gateway_answer {
  int status = 0;
  http::fields headers;
  std::string document;
};

struct gwa_core;

/// One gateway, as its administrator sees it. Thread-safe; valid while the administrator is.
class managed_gateway {
 public:
  managed_gateway(gwa_core& administrator, std::size_t place) : core_(&administrator), place_(place) {}
  [[nodiscard]] const device_id& id() const;

  /// A signed wake-up of this moment; `signer` in place of the administrator is for tests.
  [[nodiscard]] expected<bytes> wake_up_packet(timestamp at, const party* signer = nullptr) const;
  /// True once the gateway has opened a management connection.
  [[nodiscard]] bool await_gateway(std::chrono::milliseconds patience) const;
  [[nodiscard]] bool connected() const;
  [[nodiscard]] std::uint64_t connections() const;  ///< so far
  void hang_up() const;

  /// A request over the gateway's connection. The body is sealed for the gateway, the answer opened.
  [[nodiscard]] expected<gateway_answer> ask(http::method verb, const std::string& path, std::string_view document = {},
                                             http::fields more = {}) const;
  /// The parts of `ask`, for who asks many gateways at once.
  [[nodiscard]] expected<http::request> request(http::method verb, const std::string& path,
                                                std::string_view document = {}, const http::fields& more = {}) const;
  [[nodiscard]] std::future<expected<http::response>> begin(http::request request) const;
  [[nodiscard]] expected<gateway_answer> read(http::response answer) const;
  /// A request as it is: for tests of what the gateway refuses.
  [[nodiscard]] expected<http::response> ask_raw(const http::request& request) const;
  /// The body of a request, sealed by whoever.
  [[nodiscard]] expected<bytes> sealed(std::string_view document, const party* by = nullptr) const;
  [[nodiscard]] expected<std::string> opened(bytes_view message) const;
  [[nodiscard]] std::string host_name() const;
  /// `path` below the point of contact.
  [[nodiscard]] std::string target(const std::string& path) const;

  /// What it sent to the service address: the newest thousand.
  [[nodiscard]] std::vector<gateway_message> messages() const;
  /// From now on the service address answers it 503, or takes its messages again.
  void refuse_messages(bool refuse) const;

 private:
  gwa_core* core_;
  std::size_t place_;
};

class gwa {
 public:
  [[nodiscard]] static expected<std::unique_ptr<gwa>> start(gwa_options options);
  ~gwa();
  [[nodiscard]] std::uint16_t port() const noexcept;
  [[nodiscard]] std::uint16_t service_port() const noexcept;

  /// All it manages, in the order of the options.
  [[nodiscard]] std::vector<managed_gateway>& gateways() noexcept { return gateways_; }
  /// None: no such gateway.
  [[nodiscard]] managed_gateway* find(const device_id& id);
  /// How many are connected.
  [[nodiscard]] std::size_t connected() const;
  /// True once so many are.
  [[nodiscard]] bool await_gateways(std::size_t count, std::chrono::milliseconds patience) const;

  /// Sends a wake-up as a datagram, or over TCP.
  [[nodiscard]] static expected<void> send_packet(bytes_view packet, const std::string& host, std::uint16_t port,
                                                  bool tcp = false);

 private:
  explicit gwa(std::unique_ptr<gwa_core> core);
  std::unique_ptr<gwa_core> core_;
  std::vector<managed_gateway> gateways_;
};

}  // namespace smgw::sim
