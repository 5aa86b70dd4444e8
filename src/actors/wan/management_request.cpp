// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/wan/management_job.hpp"
#include "base/octets.hpp"
#include "protocols/http/media.hpp"

namespace smgw {
namespace {

/// Everything but the logs of consumers, which no administrator reads (FAU_SAR.1): those stand nowhere in the tree.
cosem::connection_view view_of(const device_id& gateway, const profile::wan& peer) {
  using enum cosem::verb;
  auto poc = peer.uri_prefix;
  if (poc.ends_with('/')) poc.pop_back();
  return {.host = management::device_of(gateway),
          .poc = std::move(poc),
          .management_device = management::device_of(gateway),
          .rules = {cosem::exposure_rule{{}, {}, {}, {}, static_cast<std::uint8_t>(get | put | post | del)}}};
}

/// The path of the contact; the gateway dials the addresses of its profiles and no others.
expected<std::string> path_of_contact(const std::string& uri, const profile::wan& peer) {
  if (uri.empty()) return peer.uri_prefix;
  if (uri.starts_with('/')) return uri;
  constexpr std::string_view scheme = "https://";
  const auto slash = uri.starts_with(scheme) ? uri.find('/', scheme.size()) : uri.npos;
  if (slash == uri.npos) return fail(errc::malformed, "x-ContactURI: https://host/path, or a path");
  const auto host = uri.substr(scheme.size(), slash - scheme.size());
  if (!peer.service || (host != peer.service->text() && host != peer.service->host))
    return fail(errc::denied, "x-ContactURI: not the service address of the profile");
  return uri.substr(slash);
}

}  // namespace

using desk::report_of;
using desk::status_of;

void management_desk::handle(const profile::wan& peer, const http::request& request, reply done) {
  auto j = std::make_shared<job>();
  j->peer = peer;
  j->request = request;
  j->now = parts_.current();
  j->done = std::move(done);
  // The end is final, and there is no key any more to answer with.
  if (j->now->life == lifecycle::phase::decommissioned) return conclude(j, 403, {});
  auto admitted = cosem::admit(request, view_of(j->now->profiles.self.id, peer));
  if (!admitted) return conclude(j, admitted.error(), {});
  j->where = std::move(*admitted);
  if (j->where.async) {
    auto contact = path_of_contact(j->where.async->contact, peer);
    if (!contact) return conclude(j, 400, report_of(contact.error()));
    j->contact = std::move(*contact);
  }
  if (request.body.empty()) return perform(j);
  open_body(j);
}

/// Whatever has a body is signed by the administrator and encrypted for the gateway; nothing else is looked at.
void management_desk::open_body(const work& j) {
  const auto kind = http::classify(j->request.headers.get("Content-Type"));
  if (!kind || *kind != http::body_kind::cms_xml || j->request.headers.find("Content-Encoding") != nullptr)
    return conclude(j, 415, {});
  ask(
      self_, parts_.key_token, protect_budget, open_content{j->peer.id, j->request.body},
      [this, j](const opened_content& c) {
        j->body = std::string(as_text(c.content));
        perform(j);
      },
      [this, j](const error& e) {
        auto record = ledger::make(ledger::event::cms_failure, ledger::outcome::failure, j->now->now(), e.what);
        record.subject = j->peer.id;
        record_only(std::move(record));
        const bool foreign = e.code == errc::untrusted || e.code == errc::denied;
        conclude(j, foreign ? 403 : status_of(e), {});
      });
}

void management_desk::perform(const work& j) {
  switch (j->request.verb) {
    case http::method::get: return get(j);
    case http::method::put: return put(j);
    case http::method::del: return erase(j);
    case http::method::post: return post(j);
    case http::method::head: return conclude(j, 501, {});
  }
}

}  // namespace smgw
