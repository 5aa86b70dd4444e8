// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "time_server.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"

#include <atomic>
#include <unordered_map>

namespace smgw::sim {

struct time_server::impl final : hub_user {
  time_server_options options;
  std::atomic<std::uint64_t> answered = 0;
  std::unordered_map<line_id, bytes> asked;
  std::unique_ptr<tls_hub> hub;  // goes first: its thread uses the rest

  void opened(line_id line, const crypto::tls_summary&) override { asked.emplace(line, bytes{}); }
  void tick(line_id) override {}
  void closed(line_id line, const std::string&) override { asked.erase(line); }

  void heard(line_id line, bytes plaintext) override {
    auto& question = asked.at(line);
    put(question, plaintext);
    if (question.size() < ntp::packet_octets) return;
    const auto now = wall_clock() + options.wrong_by();
    const auto reply = ntp::answer(question, now, now, options.state());
    question.clear();
    if (!reply) return hub->close(line);
    hub->send(line, *reply);
    ++answered;
  }
};

time_server::time_server(std::unique_ptr<impl> state) : impl_(std::move(state)) {}
time_server::~time_server() = default;

expected<std::unique_ptr<time_server>> time_server::start(time_server_options options) {
  auto state = std::make_unique<impl>();
  SMGW_TRY(state->hub, tls_hub::open({.port = options.port,
                                      .tls = {.role = crypto::tls_role::server,
                                              .interface = crypto::tls_interface::wan,
                                              .identity = options.identity,
                                              .peer = options.peers},
                                      .fault = options.fault}));
  state->options = std::move(options);
  state->hub->run(*state);
  return std::unique_ptr<time_server>(new time_server(std::move(state)));
}

std::uint16_t time_server::port() const noexcept { return impl_->hub->port(); }
std::uint64_t time_server::answers() const noexcept { return impl_->answered.load(); }

}  // namespace smgw::sim
