// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "house.hpp"

namespace smgw::test {

/// What a program of the home network got.
struct fetched {
  int status = 0;  ///< 0: no answer
  std::string body;
  std::string headers;
  [[nodiscard]] nlohmann::json json() const { return nlohmann::json::parse(body, nullptr, false); }
};

struct home_options {
  std::vector<std::string> dialects;
  bool md5 = false;
  bool lenient = false;
  unsigned connections = 32;
  bool proxy = false;
  bool time = false;  ///< the gateway is a time server there
  bool mdns = false;  ///< it tells its name on the loopback link, and asks there for others
};

/// The home network of a house: its profiles and passwords, and real programs that use it.
class home_network {
 public:
  /// Adds to the configuration; call before the gateway starts.
  explicit home_network(house& h, const home_options& o = {});

  /// A consumer's login by user and password.
  void add_consumer(const std::string& user, const std::string& consumer, const std::string& password);
  /// A party with a certificate made by openssl.
  void add_party(const std::string& id, const std::string& role, const std::string& consumer = {});

  /// curl with these arguments behind its usual ones; the last is the path.
  [[nodiscard]] fetched curl(std::vector<std::string> arguments, const std::string& path) const;
  /// As a consumer: digest with SHA-256, or MD5 where only that is offered.
  [[nodiscard]] fetched get(const std::string& user, const std::string& path, std::vector<std::string> more = {}) const;
  [[nodiscard]] fetched as_party(const std::string& id, const std::string& path,
                                 std::vector<std::string> more = {}) const;
  [[nodiscard]] std::filesystem::path file(const std::string& name) const { return house_->configuration() / name; }
  [[nodiscard]] std::uint16_t port() const noexcept { return port_.number(); }
  [[nodiscard]] std::uint16_t proxy_port() const noexcept { return proxy_port_.number(); }
  [[nodiscard]] std::uint16_t time_port() const noexcept { return time_port_.number(); }
  [[nodiscard]] std::string url(const std::string& path) const;

 private:
  void write_profile(const std::string& id, nlohmann::json content) const;
  house* house_;
  reserved_port port_;
  reserved_port proxy_port_;
  reserved_port time_port_;
  std::map<std::string, std::string> passwords_;
};

/// Runs a program, without a shell; its output, and its exit code.
struct ran {
  int code = -1;
  std::string output;
};
[[nodiscard]] ran run_program(const std::vector<std::string>& command);

}  // namespace smgw::test
