// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/foundation/key_token.hpp"
#include "base/check.hpp"
#include "base/octets.hpp"
#include "crypto/hash.hpp"
#include "gwa_core.hpp"
#include "party_cms.hpp"
#include "protocols/wakeup/packet.hpp"

namespace smgw::sim {
namespace {

constexpr std::string_view sealed_type = "application/vnd.de-dke-k461-cosem+xml;encap=cms-tr03109";

}  // namespace

const device_id& managed_gateway::id() const { return core_->gateways->all()[place_].id; }

expected<bytes> managed_gateway::wake_up_packet(timestamp at, const party* signer) const {
  const auto& by = signer != nullptr ? *signer : core_->options.self;
  const auto covered = wakeup::covered_octets(id(), at);
  const auto hash = crypto::hash_for(by.signature.on);
  SMGW_TRY(const auto signature, by.keys->sign_digest(signature_label, crypto::digest(hash, covered)));
  const auto scheme = hash == crypto::hash::sha256   ? wakeup::scheme::ecdsa_plain_sha256
                      : hash == crypto::hash::sha384 ? wakeup::scheme::ecdsa_plain_sha384
                                                     : wakeup::scheme::ecdsa_plain_sha512;
  return wakeup::encode(covered, scheme, signature);
}

bool managed_gateway::await_gateway(std::chrono::milliseconds patience) const {
  return core_->lines->await(place_, patience);
}
bool managed_gateway::connected() const { return core_->lines->connected(place_); }
std::uint64_t managed_gateway::connections() const { return core_->lines->connections(place_); }
void managed_gateway::hang_up() const { core_->lines->hang_up(place_); }

expected<gateway_answer> managed_gateway::ask(http::method verb, const std::string& path, std::string_view document,
                                              http::fields more) const {
  SMGW_TRY(const auto asked, request(verb, path, document, more));
  SMGW_TRY(auto answer, ask_raw(asked));
  return read(std::move(answer));
}

expected<http::request> managed_gateway::request(http::method verb, const std::string& path, std::string_view document,
                                                 const http::fields& more) const {
  http::request r{.verb = verb, .target = target(path), .headers = {{"Host", host_name()}}, .body = {}};
  for (const auto& f : more.all()) r.headers.add(f.name, f.value);
  if (document.empty()) return r;
  SMGW_TRY(r.body, sealed(document));
  r.headers.add("Content-Type", std::string(sealed_type));
  return r;
}

std::future<expected<http::response>> managed_gateway::begin(http::request request) const {
  return core_->lines->ask(place_, std::move(request));
}

expected<http::response> managed_gateway::ask_raw(const http::request& request) const { return begin(request).get(); }

expected<gateway_answer> managed_gateway::read(http::response r) const {
  gateway_answer a{r.status, r.headers, {}};
  if (r.body.empty()) return a;
  if (r.headers.get("Content-Type") == sealed_type && r.status != 206) {
    SMGW_TRY(a.document, opened(r.body));
  } else {
    a.document = as_text(r.body);
  }
  return a;
}

expected<bytes> managed_gateway::sealed(std::string_view document, const party* by) const {
  const auto& own = core_->options.self;
  return seal_for(core_->gateways->all()[place_].encryption, by != nullptr ? *by : own, as_bytes(document));
}

expected<std::string> managed_gateway::opened(bytes_view message) const {
  const auto& signer = core_->gateways->all()[place_].signature;
  SMGW_TRY(const auto content, open_sealed(message, core_->options.self, {signer}));
  return std::string(as_text(content));
}

std::string managed_gateway::host_name() const { return id().lower() + ".sm"; }
std::string managed_gateway::target(const std::string& path) const { return core_->options.point_of_contact + path; }

std::vector<gateway_message> managed_gateway::messages() const {
  const std::scoped_lock lock(core_->guard);
  const auto& all = core_->boxes[place_].messages;
  return {all.begin(), all.end()};
}

void managed_gateway::refuse_messages(bool refuse) const {
  const std::scoped_lock lock(core_->guard);
  core_->boxes[place_].refuses = refuse;
}

}  // namespace smgw::sim
