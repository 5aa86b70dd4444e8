// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "emt.hpp"

#include "base/check.hpp"
#include "base/time_text.hpp"
#include "delivery_reader.hpp"
#include "https_server.hpp"

#include <format>

namespace smgw::sim {

struct emt::impl {
  emt_options options;
  mutable std::mutex guard;
  emt_counts counts;
  std::unique_ptr<https_server> server;

  void say(const std::string& line) const {
    if (options.say) options.say(line);
  }

  served serve(const http::request& request, const crypto::certificate& from) {
    const auto faults = faults_of_next();
    return {handle(request, from, faults), faults.delay, faults.close_in_answer};
  }

  /// How the request that came just now is treated.
  emt_faults faults_of_next() {
    const std::scoped_lock lock(guard);
    ++counts.requests;
    return options.faults.first == 0 || counts.requests <= options.faults.first ? options.faults : emt_faults{};
  }

  /// Asked after `connected`, by the same thread.
  line_fault fault_of_this() {
    const std::scoped_lock lock(guard);
    const auto& all = options.faults.lines;
    return counts.connections <= all.size() ? all[counts.connections - 1] : line_fault{};
  }

  http::response handle(const http::request& request, const crypto::certificate& from, const emt_faults& faults) {
    const std::scoped_lock lock(guard);
    if (faults.status != 200) {
      ++counts.refused;
      return {.status = faults.status, .reason = {}, .headers = {}, .body = {}};
    }
    auto read = read_delivery(request, options.self, options.gateway_signers);
    if (!read) {
      ++counts.refused;
      say("delivery refused: " + read.error().what);
      return {.status = 400, .reason = {}, .headers = {{"Content-Type", "text/plain"}}, .body = {}};
    }
    read->gateway = from.subject_cn;
    ++counts.deliveries;
    for (const auto& c : read->content.channels) {
      counts.values += c.entries.size();
      say(summary(c));
    }
    if (options.take) options.take(*read);
    return {.status = 200, .reason = {}, .headers = {{"Content-Type", "text/plain"}}, .body = {}};
  }

  static std::string summary(const cosem::channel& c) {
    if (c.entries.empty()) return c.logical_name() + ": no values";
    const auto& last = c.entries.back();
    return std::format("{}: {} values, newest {} {} at {} (status {})", c.logical_name(), c.entries.size(),
                       last.value.value.text(), symbol(last.value.measured), to_iso8601(last.value.captured),
                       last.value.status.hex());
  }
};

emt::emt(std::unique_ptr<impl> state) : impl_(std::move(state)) {}
emt::~emt() = default;

expected<std::unique_ptr<emt>> emt::start(emt_options options) {
  auto state = std::make_unique<impl>();
  state->options = std::move(options);
  auto* self = state.get();
  SMGW_TRY(state->server,
           https_server::start({.host = self->options.host,
                                .port = self->options.port,
                                .identity = self->options.self.identity(),
                                .peers = self->options.gateways,
                                .handle = [self](const http::request& r,
                                                 const crypto::certificate& from) { return self->serve(r, from); },
                                .say = self->options.say,
                                .connected =
                                    [self] {
                                      const std::scoped_lock lock(self->guard);
                                      ++self->counts.connections;
                                    },
                                .fault = [self] { return self->fault_of_this(); }}));
  return std::unique_ptr<emt>(new emt(std::move(state)));
}

std::uint16_t emt::port() const noexcept { return impl_->server->port(); }
emt_counts emt::counts() const {
  const std::scoped_lock lock(impl_->guard);
  return impl_->counts;
}

}  // namespace smgw::sim
