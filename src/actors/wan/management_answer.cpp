// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/wan/management_job.hpp"
#include "base/octets.hpp"
#include "protocols/http/range.hpp"

namespace smgw {
namespace {

constexpr std::string_view xml_type = "application/xml",
                           cms_type = "application/vnd.de-dke-k461-cosem+xml;encap=cms-tr03109";

}  // namespace

using desk::record_budget;
using desk::report_of;
using desk::status_of;

int desk::status_of(const error& e) {
  switch (e.code) {
    case errc::malformed: return 422;
    case errc::unsupported: return 404;
    case errc::denied: return 405;
    case errc::conflict: return 409;
    case errc::exhausted: return 413;
    case errc::unavailable:
    case errc::expired: return 503;
    case errc::untrusted: return 403;
    default: return 500;
  }
}

std::string desk::report_of(const error& why) {
  return cosem::write_method_response(1, cosem::data{cosem::data_type::utf8_string, why.what}).value_or(std::string());
}

void management_desk::refuse(const work& j, const error& why) { conclude(j, status_of(why), report_of(why)); }

/// The record of the request, together with what it changed, is on disk before the answer leaves.
void management_desk::conclude(const work& j, int status, std::string body, std::shared_ptr<store::batch> with,
                               std::function<void()> then) {
  if (j->answered) return send_later(j, status, std::move(body));
  ask(
      self_, parts_.ledger, record_budget, record_event{record_of(j, status), {}, std::move(with)},
      [this, j, status, body = std::move(body), then = std::move(then)](const event_recorded&) {
        if (then) then();
        send(j, status, body);
      },
      [this, j](const error& e) {
        j->now->announce("administrator", "not carried out, since it cannot be recorded: " + e.what);
        send(j, 503, {});
      });
}

ledger::record management_desk::record_of(const work& j, int status) {
  auto record = ledger::make(ledger::event::command, status < 400 ? ledger::outcome::success : ledger::outcome::failure,
                             j->now->now(),
                             std::string(http::to_string(j->request.verb)) + " " + j->request.target.substr(0, 1024) +
                                 ": " + std::to_string(status));
  record.subject = j->peer.id;
  return record;
}

void management_desk::record_only(ledger::record record, std::vector<std::string> consumers) {
  ask(
      self_, parts_.ledger, record_budget, record_event{std::move(record), std::move(consumers), nullptr},
      [](const event_recorded&) {},
      [now = parts_.current()](const error& e) { now->announce("administrator", "not recorded: " + e.what); });
}

void management_desk::send(const work& j, int status, const std::string& body) {
  if (body.empty()) return j->done({.status = status});
  const auto octets = as_bytes(body);
  if (j->peer.encryption_certificate.empty())
    return send_sealed(j, status, bytes(octets.begin(), octets.end()), xml_type);
  ask(
      self_, parts_.key_token, protect_budget, protect_content{j->peer.id, bytes(octets.begin(), octets.end())},
      [this, j, status](const protected_content& c) { send_sealed(j, status, c.message, cms_type); },
      [j](const error&) { j->done({.status = 500}); });
}

void management_desk::send_sealed(const work& j, int status, bytes message, std::string_view type) {
  if (status != 200 || j->request.verb != http::method::get)
    return j->done({.status = status, .headers = {{"Content-Type", std::string(type)}}, .body = std::move(message)});
  const std::string kept_type{type};
  auto r = http::answer_file(j->request, {message, kept_type, {}}, "part");
  if (r.body.size() > max_management_answer) {
    // The part that is asked for may come again smaller: it is the same message then.
    r = {.status = 413};
    r.headers.add("Content-Range", "bytes */" + std::to_string(message.size()));
  }
  snapshot_ = snapshot{j->request.target, std::move(message), kept_type};
  j->done(std::move(r));
}

/// The answer to a request that got 202: over the other connection, with its correlation.
void management_desk::send_later(const work& j, int status, std::string body) {
  const auto to = parts_.find_outbox();
  if (!to) return j->now->announce("administrator", "a later answer is lost: the outbox is not there");
  if (body.empty()) body = cosem::write_method_response(status < 400 ? 0 : 1, std::nullopt).value_or(std::string());
  const auto octets = as_bytes(body);
  submit::delivery d{.recipient = j->peer.id,
                     .consumer = {},
                     .description = "answer to " + j->where.async->id,
                     .values = 0,
                     .not_before = j->now->now(),
                     .content = bytes(octets.begin(), octets.end()),
                     .target = j->contact,
                     .correlation = j->where.async->id};
  ask(
      self_, to, record_budget, submit{{std::move(d)}, nullptr}, [](const submitted&) {},
      [j](const error& e) { j->now->announce("administrator", "a later answer is lost: " + e.what); });
}

}  // namespace smgw
