// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/wan/management_request.hpp"

#include "actors/ask.hpp"
#include "actors/metering/meter.hpp"
#include "actors/platform/console.hpp"
#include "actors/wan/market.hpp"
#include "base/octets.hpp"
#include "protocols/http/media.hpp"
#include "protocols/http/range.hpp"

#include <algorithm>

namespace smgw {
namespace {

using cosem::data;
using cosem::data_type;
using cosem::node;

constexpr std::chrono::seconds record_budget{30};
constexpr std::chrono::seconds status_budget{10};
constexpr std::chrono::minutes test_budget{10};
constexpr std::string_view xml_type = "application/xml",
                           cms_type = "application/vnd.de-dke-k461-cosem+xml;encap=cms-tr03109";

int status_of(const error& e) {
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

std::string report_of(const error& why) {
  return cosem::write_method_response(1, data{data_type::utf8_string, why.what}).value_or(std::string());
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

std::string_view log_of(const cosem::address& a) {
  if (a.kind != node::object && a.kind != node::attributes && a.kind != node::attribute) return {};
  if (a.object == cosem::object_id{management::class_profile_generic, management::system_log_name}) return "system";
  if (a.object == cosem::object_id{management::class_profile_generic, management::calibration_log_name})
    return "calibration";
  return {};
}

}  // namespace

struct management_desk::job {
  profile::wan peer;
  http::request request;
  cosem::admitted where;
  std::shared_ptr<const tree_parts> now;
  std::string body;
  reply done;
  std::string contact;    ///< path of the later answer
  bool answered = false;  ///< 202 has gone out
};

void management_desk::handle(const profile::wan& peer, const http::request& request, reply done) {
  auto j = std::make_shared<job>();
  j->peer = peer;
  j->request = request;
  j->now = parts_.current();
  j->done = std::move(done);
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

// --- reading

void management_desk::get(const work& j) {
  if (snapshot_ && snapshot_->target == j->request.target && j->request.headers.find("Range") != nullptr &&
      !j->request.headers.get("Range").starts_with("bytes=0-")) {
    record_only(record_of(j, 206));
    return send_sealed(j, 200, snapshot_->message, snapshot_->type);
  }
  const auto& a = j->where.where;
  if (const auto log = log_of(a); !log.empty() && !(a.kind == node::attribute && a.index != 2))
    return get_log(j, std::string(log));
  if (a.object == cosem::object_id{management::class_data, management::name_of(management::object::status)})
    return get_status(j);
  gather(j, [this, j](const management::live_values& live) {
    auto text = management::show(management::tree(j->now->told, j->now->profiles, live), j->where.where);
    if (!text) return refuse(j, text.error());
    conclude(j, 200, std::move(*text));
  });
}

void management_desk::gather(const work& j, with_values then) {
  auto live = std::make_shared<management::live_values>();
  live->now = j->now->now();
  live->firmware = j->now->firmware_version;
  live->self_test = last_self_test_;
  live->own_certificates = j->now->own_certificates;
  live->life_cycle = lifecycle::to_string(j->now->life);
  const auto newest = [](const record_page& page) {
    return page.records.empty() ? 0U : static_cast<std::uint32_t>(page.records.back().number);
  };
  const auto failed = [this, j](const error& e) { refuse(j, e); };
  ask(
      self_, parts_.store, store_budget, read_last_record{"system"},
      [this, live, then = std::move(then), newest, failed](const record_page& system) {
        live->system_records = newest(system);
        ask(
            self_, parts_.store, store_budget, read_last_record{"calibration"},
            [this, live, then, newest](const record_page& calibration) {
              live->calibration_records = newest(calibration);
              gather_firmware(live, then);
            },
            failed);
      },
      failed);
}

void management_desk::gather_firmware(const std::shared_ptr<management::live_values>& live, const with_values& then) {
  const auto loader = parts_.find_firmware();
  if (!loader) return then(*live);
  ask(
      self_, loader, status_budget, query_firmware{},
      [live, then](const firmware_report& r) {
        live->image = r.text;
        then(*live);
      },
      [live, then](const error& e) {
        live->image = e.what;  // the slot is at work, or gone: the rest of the tree is there all the same
        then(*live);
      });
}

/// The buffer of a log: records from q.fromidx on, q.count of them; without either the newest.
void management_desk::get_log(const work& j, const std::string& log) {
  const auto failed = [this, j](const error& e) { refuse(j, e); };
  ask(
      self_, parts_.store, store_budget, read_last_record{log},
      [this, j, log, failed](const record_page& last) {
        const auto& q = j->where.where.query;
        const std::uint64_t newest = last.records.empty() ? 0 : last.records.back().number;
        const auto count = std::min<std::uint64_t>(q.count.value_or(max_log_page), max_log_page);
        const std::uint64_t from = q.from_index > 1 || q.count ? q.from_index : newest > count ? newest - count + 1 : 1;
        ask(
            self_, parts_.store, store_budget, read_records{log, from, static_cast<std::size_t>(count)},
            [this, j, newest](const record_page& page) {
              std::vector<data> entries;
              for (const auto& r : page.records) {
                const auto stored = ledger::decode_stored(r.content);
                if (!stored) return refuse(j, {errc::internal, "a record of the log cannot be read"});
                entries.push_back({data_type::structure,
                                   std::vector<data>{{data_type::double_long_unsigned, r.number},
                                                     {data_type::utf8_string, ledger::to_json_line(stored->value)}}});
              }
              cosem::object_value o{j->where.where.object, 0, {}};
              o.attributes.push_back({2, data{data_type::array, std::move(entries)}});
              o.attributes.push_back({7, data{data_type::double_long_unsigned, newest}});
              const std::vector<cosem::device_value> all{{j->where.where.device, {std::move(o)}}};
              cosem::address where = j->where.where;
              where.query = {};
              auto text = management::show(all, where);
              if (!text) return refuse(j, text.error());
              conclude(j, 200, std::move(*text));
            },
            failed);
      },
      failed);
}

void management_desk::get_status(const work& j) {
  const auto status = parts_.find_status();
  if (!status || j->where.where.device != management::device_of(j->now->profiles.self.id))
    return refuse(j, {errc::unsupported, "nothing is there"});
  ask(
      self_, status, status_budget, query_status{},
      [this, j](const gateway_status& s) {
        cosem::object_value o{j->where.where.object, 0, {}};
        o.attributes.push_back({2, data{data_type::utf8_string, platform::to_json(s)}});
        auto text = management::show({{j->where.where.device, {std::move(o)}}}, j->where.where);
        if (!text) return refuse(j, text.error());
        conclude(j, 200, std::move(*text));
      },
      [this, j](const error& e) { refuse(j, e); });
}

// --- changing

void management_desk::put(const work& j) {
  auto values = management::values_of(j->where.where, j->body);
  if (!values) return conclude(j, 422, report_of(values.error()));
  auto next = management::change(j->now->told, j->now->profiles, *values);
  const auto count = [](const configuration& c) { return c.profiles.size() + c.certificates.size(); };
  const bool created = next && count(*next) > count(j->now->told);
  take_over(j, std::move(next), created ? 201 : 204);
}

void management_desk::erase(const work& j) {
  take_over(j, management::erase(j->now->told, j->now->profiles, j->where.where), 204);
}

/// All or nothing: the whole set is checked with the change in it, then change and record go to the disk in one commit.
void management_desk::take_over(const work& j, expected<configuration> next, int status) {
  if (!next) return refuse(j, next.error());
  if (!j->now->prepare) return refuse(j, {errc::denied, "the profiles of this gateway cannot be changed"});
  auto prepared = j->now->prepare(*next);
  if (!prepared) return conclude(j, 422, report_of(prepared.error()));
  if ((*prepared)->profiles.administrator() == nullptr)
    return refuse(j, {errc::conflict, "nobody could undo this: a profile of an administrator stays"});
  auto made = std::make_shared<tree_parts>(**prepared);
  made->life = j->now->life;
  const std::shared_ptr<const tree_parts> after = std::move(made);
  auto changes = std::make_shared<store::batch>();
  put_changes(*changes, j->now->told, *next);
  conclude(j, status, {}, std::move(changes), [this, j, after] {
    record_changes(j, j->now, after);
    parts_.apply(after);
  });
}

void management_desk::record_changes(const work& j, const std::shared_ptr<const tree_parts>& before,
                                     const std::shared_ptr<const tree_parts>& after) {
  constexpr std::string_view words[] = {"created", "updated", "deleted"};
  for (const auto& c : profile::diff(before->profiles, after->profiles)) {
    auto record = ledger::make(ledger::event::profile_changed, ledger::outcome::success, j->now->now(),
                               "profile " + std::string(profile::to_string(c.kind)) + " " + c.id + " " +
                                   std::string(words[static_cast<std::size_t>(c.what)]));
    record.subject = j->peer.id;
    record_only(std::move(record), c.consumers);
  }
  if (before->told.certificates == after->told.certificates) return;
  auto record = ledger::make(ledger::event::certificate_changed, ledger::outcome::success, j->now->now(),
                             "certificates of the profiles changed");
  record.subject = j->peer.id;
  record_only(std::move(record));
}

// --- actions

void management_desk::post(const work& j) {
  const auto what = management::action_of(j->where.where, j->now->profiles.self.id);
  if (!what) return refuse(j, what.error());
  if (!j->where.async || !j->peer.service) return run(j, *what);
  conclude(j, 202, {}, nullptr, [this, j, what] { run(j, *what); });
  j->answered = true;
}

void management_desk::run(const work& j, management::action what) {
  switch (what) {
    case management::action::self_test: return self_test(j);
    case management::action::request_certificates: return request_certificates_now(j);
    case management::action::install_certificates: return install_certificates_now(j);
    case management::action::deliver_log: return deliver_log(j);
    case management::action::transfer_firmware: return order(j, firmware::step::order);
    case management::action::activate_firmware: return order(j, firmware::step::activate);
    case management::action::confirm_firmware: return order(j, firmware::step::confirm);
    case management::action::roll_back_firmware: return order(j, firmware::step::give_up);
    case management::action::abandon_firmware: return order(j, firmware::step::abandon);
    case management::action::commission: return live(j, lifecycle::step::commission);
    case management::action::decommission: return live(j, lifecycle::step::decommission);
  }
}

void management_desk::request_certificates_now(const work& j) {
  ask(
      self_, parts_.key_token, test_budget, request_certificates{},
      [this, j](const certificate_requests& r) {
        auto record =
            ledger::make(ledger::event::key_generated, ledger::outcome::success, j->now->now(),
                         "keys of generation " + std::to_string(r.generation) + " made, certificates requested");
        record.subject = j->peer.id;
        record_only(std::move(record));
        auto text = cosem::write_method_response(0, data{data_type::octet_string, r.package});
        if (!text) return refuse(j, text.error());
        conclude(j, 200, std::move(*text));
      },
      [this, j](const error& e) { refuse(j, e); });
}

void management_desk::install_certificates_now(const work& j) {
  auto input = cosem::read_method_request(j->body);
  auto* octets = input && *input ? std::get_if<bytes>(&(*input)->value) : nullptr;
  if (octets == nullptr) return refuse(j, {errc::malformed, "the parameter holds the certificates as an octet-string"});
  ask(
      self_, parts_.key_token, test_budget, install_certificates{std::move(*octets)},
      [this, j](const certificates_installed& r) {
        auto record = ledger::make(ledger::event::certificate_changed, ledger::outcome::success, j->now->now(),
                                   "certificates installed, " + r.text);
        record.subject = j->peer.id;
        record_only(std::move(record));
        auto text = cosem::write_method_response(0, data{data_type::utf8_string, r.text});
        conclude(j, 200, text.value_or(std::string()));
      },
      [this, j](const error& e) { refuse(j, e); });
}

void management_desk::order(const work& j, firmware::step what) {
  const auto loader = parts_.find_firmware();
  if (!loader) return refuse(j, {errc::unsupported, "this gateway is not updated from within"});
  order_firmware message{what, {}};
  if (what == firmware::step::order) {
    auto input = cosem::read_method_request(j->body);
    auto* octets = input && *input ? std::get_if<bytes>(&(*input)->value) : nullptr;
    if (octets == nullptr) return refuse(j, {errc::malformed, "the parameter is the manifest as an octet-string"});
    message.manifest = std::move(*octets);
  }
  ask(
      self_, loader, record_budget * 2, std::move(message),
      [this, j](const firmware_report& r) {
        auto text = cosem::write_method_response(0, data{data_type::utf8_string, r.text});
        conclude(j, 200, text.value_or(std::string()));
      },
      [this, j](const error& e) { refuse(j, e); });
}

/// The phase counts from the next start of the realms on: what it does not allow is not started.
void management_desk::live(const work& j, lifecycle::step by) {
  const auto to = lifecycle::next(j->now->life, by);
  if (!to) return refuse(j, to.error());
  auto with = std::make_shared<store::batch>();
  with->put_state(std::string(life_state), lifecycle::encode(*to));
  auto after = std::make_shared<tree_parts>(*j->now);
  after->life = *to;
  conclude(j, 204, {}, std::move(with),
           [this, after = std::shared_ptr<const tree_parts>(std::move(after))] { parts_.apply(after); });
}

/// Log delivery (overview 3.1, WKS2): pages of the whole log, each a delivery of its own that waits on disk.
void management_desk::deliver_log(const work& j) {
  if (!j->peer.service) return refuse(j, {errc::denied, "the administrator's profile names no 'service' address"});
  const std::string log = j->where.where.object.name == management::system_log_name ? "system" : "calibration";
  ask(
      self_, parts_.store, store_budget, read_last_record{log},
      [this, j, log](const record_page& last) {
        deliver_page(j, log, 1, last.records.empty() ? 0 : last.records.back().number);
      },
      [this, j](const error& e) { refuse(j, e); });
}

void management_desk::deliver_page(const work& j, const std::string& log, std::uint64_t from, std::uint64_t newest) {
  if (from > newest)
    return conclude(j, 200,
                    cosem::write_method_response(0, data{data_type::double_long_unsigned, newest}).value_or(""));
  ask(
      self_, parts_.store, store_budget, read_records{log, from, max_log_page},
      [this, j, log, newest](const record_page& page) {
        // Older ones may have been overwritten; from there on the numbers have no gap.
        const auto next = page.records.empty() ? newest + 1 : page.records.back().number + 1;
        std::vector<data> entries;
        for (const auto& r : page.records)
          if (const auto stored = ledger::decode_stored(r.content))
            entries.push_back({data_type::utf8_string, ledger::to_json_line(stored->value)});
        const auto text = cosem::write_attribute({2, data{data_type::array, std::move(entries)}});
        const auto outbox = parts_.find_outbox();
        if (!text || !outbox) return refuse(j, {errc::unavailable, "the outbox is not there; ask again"});
        const auto octets = as_bytes(*text);
        submit::delivery d{.recipient = j->peer.id,
                           .description = "log " + log,
                           .not_before = j->now->now(),
                           .content = bytes(octets.begin(), octets.end()),
                           .target = service_path(j->peer, "logs/" + log),
                           .correlation = j->where.async ? j->where.async->id : std::string()};
        ask(
            self_, outbox, record_budget, submit{{std::move(d)}, nullptr},
            [this, j, log, next, newest](const submitted&) { deliver_page(j, log, next, newest); },
            [this, j](const error& e) { refuse(j, e); });
      },
      [this, j](const error& e) { refuse(j, e); });
}

/// What runs by itself too (FPT_TST.1): chains of the logs, the keys, and the disk.
void management_desk::self_test(const work& j) {
  const bytes digest(32, 0x5A);
  ask(
      self_, parts_.key_token, test_budget, sign_digest{digest},
      [this, j](const digest_signature&) {
        ask(
            self_, parts_.ledger, test_budget, verify_logs{},
            [this, j](const log_verdict& v) { finish_self_test(j, platform::to_json(v), v.whole); },
            [this, j](const error& e) { finish_self_test(j, "logs: " + e.what, false); });
      },
      [this, j](const error& e) { finish_self_test(j, "keys: " + e.what, false); });
}

void management_desk::finish_self_test(const work& j, const std::string& result, bool good) {
  last_self_test_ = result;
  auto record = ledger::make(ledger::event::self_test, good ? ledger::outcome::success : ledger::outcome::failure,
                             parts_.current()->now(), good ? "self test passed" : "self test failed: " + result);
  record.subject = j->peer.id;
  record_only(std::move(record));
  auto text = cosem::write_method_response(good ? 0 : 1, data{data_type::utf8_string, result});
  if (!text) return refuse(j, text.error());
  conclude(j, good ? 200 : 500, std::move(*text));
}

// --- answering

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
