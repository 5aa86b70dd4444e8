// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "gwa.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"
#include "gwa_core.hpp"
#include "party_cms.hpp"
#include "protocols/http/range.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>

namespace smgw::sim {

served gwa_core::serve(const http::request& request, const crypto::certificate& from) {
  const auto place = gateways->find(from);
  if (!place) return {http::response{.status = 403}};
  if (request.verb == http::method::get) return {serve_file(request)};
  if (const std::scoped_lock lock(guard); boxes[*place].refuses) return {http::response{.status = 503}};
  gateway_message m{request.target, std::string(request.headers.get("x-CID")), {}, {}, {}};
  if (request.target.starts_with(options.point_of_contact + "/forward/")) {
    m.forwarded = request.body;
    keep(*place, std::move(m));
    return {http::response{.status = 202}};
  }
  auto content = open_sealed(request.body, options.self, {gateways->all()[*place].signature});
  if (content)
    m.content = as_text(*content);
  else
    m.refused = content.error().what;
  say("message to " + m.target + " from " + std::string(gateways->all()[*place].id.text()) +
      (m.refused.empty() ? "" : " refused: " + m.refused));
  const int status = m.refused.empty() ? 200 : 400;
  keep(*place, std::move(m));
  return {http::response{.status = status}};
}

http::response gwa_core::serve_file(const http::request& request) const {
  const auto found = options.files.find(request.target);
  say("file " + request.target + " " + std::string(request.headers.get("Range")));
  if (found == options.files.end()) return {.status = 404};
  return http::answer_file(request, {found->second, "application/octet-stream", "\"1\""}, "part");
}

void gwa_core::keep(std::size_t place, gateway_message m) {
  const std::scoped_lock lock(guard);
  auto& all = boxes[place].messages;
  all.push_back(std::move(m));
  if (all.size() > max_messages) all.pop_front();
}

gwa::gwa(std::unique_ptr<gwa_core> core) : core_(std::move(core)) {
  for (std::size_t i = 0; i < core_->gateways->all().size(); ++i) gateways_.emplace_back(*core_, i);
}
gwa::~gwa() = default;

expected<std::unique_ptr<gwa>> gwa::start(gwa_options options) {
  auto core = std::make_unique<gwa_core>();
  SMGW_TRY(core->gateways, fleet::of(std::exchange(options.gateways, {})));
  core->boxes = std::vector<gwa_core::mailbox>(core->gateways->all().size());
  core->options = std::move(options);
  auto* self = core.get();
  const auto& o = core->options;
  SMGW_TRY(core->lines, switchboard::start({.host = o.host,
                                            .port = o.port,
                                            .identity = o.self.identity(),
                                            .gateways = core->gateways,
                                            .say = o.say,
                                            .fault = o.fault}));
  SMGW_TRY(core->services,
           https_server::start({.host = o.host,
                                .port = o.service_port,
                                .identity = o.self.identity(),
                                .peers = rule_of(core->gateways),
                                .handle = [self](const http::request& r,
                                                 const crypto::certificate& from) { return self->serve(r, from); },
                                .say = o.say,
                                .connected = {}}));
  return std::unique_ptr<gwa>(new gwa(std::move(core)));
}

std::uint16_t gwa::port() const noexcept { return core_->lines->port(); }
std::uint16_t gwa::service_port() const noexcept { return core_->services->port(); }

managed_gateway* gwa::find(const device_id& id) {
  const auto place = core_->gateways->find(id);
  return place ? &gateways_[*place] : nullptr;
}

std::size_t gwa::connected() const { return core_->lines->connected(); }
bool gwa::await_gateways(std::size_t count, std::chrono::milliseconds patience) const {
  return core_->lines->await_count(count, patience);
}

expected<void> gwa::send_packet(bytes_view packet, const std::string& host, std::uint16_t port, bool tcp) {
  if (tcp) {
    SMGW_TRY(const auto fd, io::dial_tcp(host, port, std::chrono::seconds{5}));
    if (!send_all(fd.get(), packet)) return fail(errc::unavailable, "the wake-up was not taken");
    return {};
  }
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  if (::inet_pton(AF_INET, host.c_str(), &to.sin_addr) != 1)
    return fail(errc::malformed, host + ": not an IPv4 address");
  const io::descriptor fd{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  const auto n = ::sendto(fd.get(), packet.data(), packet.size(), 0, reinterpret_cast<const sockaddr*>(&to), sizeof to);
  if (n != static_cast<ssize_t>(packet.size())) return fail(errc::unavailable, "the wake-up was not sent");
  return {};
}

}  // namespace smgw::sim
