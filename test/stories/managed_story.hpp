// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// A gateway in virtual time with an administrator: told by profiles as texts, changed over the management channel.

#include "actors/platform/own_certificates.hpp"
#include "stories/far_side.hpp"
#include "story.hpp"

namespace smgw::test {

/// The administrator's answer, opened.
struct managed_answer {
  int status = 0;  ///< 0: none came
  std::string document;
};

class managed_story : public story {
 public:
  managed_story();
  ~managed_story() override;

  smgw::configuration told;
  lifecycle::phase life = lifecycle::phase::in_operation;
  sim::party maker;                                           ///< of firmware
  std::map<std::string, bytes> files;                         ///< that the service address offers, by path
  std::vector<std::pair<std::string, std::string>> messages;  ///< to the service address: path and content
  far_side admin, moved_admin, service, market;  ///< gwa.test:443, gwa2.test:443, gwa.test:444, stadtwerk.test
  far_side time_side;                            ///< time.test, where a time profile is told
  std::string firmware_version = "1.0.0";

  /// Time passes in small steps: what a timer sets off may set another.
  void pass(std::chrono::milliseconds span);
  /// The gateway is asked to call its administrator.
  void call();
  /// Octets go out over the open connection, and what comes back within a while is the answer.
  [[nodiscard]] bytes say(bytes request);
  /// A request, sealed for the gateway; the answer opened. Calls first, where no connection stands.
  managed_answer ask(http::method verb, const std::string& path, std::string_view document = {});
  [[nodiscard]] http::request request(http::method verb, const std::string& path, std::string_view document = {}) const;
  [[nodiscard]] std::string manifest(const std::string& version, const bytes& image, const std::string& path) const;
  /// From now on everyone knows the gateway by these certificates, too.
  void know_generation(unsigned generation);
  /// A profile of a household's meter, and of its evaluation with a delivery each day.
  [[nodiscard]] static std::string meter_profile();
  [[nodiscard]] std::string evaluation_profile() const;
  [[nodiscard]] std::optional<bytes> state(const std::string& name);
  [[nodiscard]] std::size_t keys_left() const { return keys_->list().value().size(); }

 protected:
  [[nodiscard]] tree_parts parts() override;

 private:
  [[nodiscard]] expected<std::shared_ptr<const tree_parts>> parts_of(const smgw::configuration& c);
  [[nodiscard]] dial_function dial_as(const platform::own_certificates& own, unsigned generation,
                                      const profile::wan& w);
  [[nodiscard]] http::response serve(const http::request& r);
};

}  // namespace smgw::test
