// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "story.hpp"

#include "actors/platform/storage_key.hpp"
#include "actors/wan/time_sync.hpp"
#include "crypto/mac.hpp"
#include "meter.hpp"
#include "protocols/http/server_exchange.hpp"
#include "protocols/ntp/server.hpp"

#include <unistd.h>

#include <stdexcept>

namespace smgw::test {
namespace {

using namespace std::chrono_literals;

constexpr auto gateway_id = "ESMG0000000001";

/// A story that cannot go on ends with an exception: whatever runs it, a test or the testkit's explorer, tells it.
void require(bool holds, const std::string& otherwise) {
  if (!holds) throw std::runtime_error(otherwise);
}

struct emt_wire_state {
  std::optional<crypto::tls_session> session;
  std::optional<http::server_exchange> exchange;
};
using emt_wire_pointer = wire_actor::stateful_pointer<emt_wire_state>;

http::response handle(story_emt& emt, const http::request& request) {
  ++emt.requests;
  if (emt.status != 200) return {.status = emt.status};
  auto read = sim::read_delivery(request, emt.self, emt.signers);
  if (!read) {
    emt.complaints.push_back(read.error().what);
    return {.status = 400};
  }
  emt.got.push_back(std::move(*read));
  return {.status = 200};
}

/// The far end of a channel: TLS server and HTTP server of the market participant.
wire_actor::behavior_type emt_wire(emt_wire_pointer self, story_emt* emt, wire_user user, clock_function now) {
  self->state.session = std::move(*crypto::tls_session::create({.role = crypto::tls_role::server,
                                                                .interface = crypto::tls_interface::wan,
                                                                .identity = emt->self.identity(),
                                                                .peer = emt->gateways}));
  require(self->state.session->start(now()).has_value(), "the participant's TLS does not start");
  self->state.exchange.emplace(self->clock().now(), http::limits{}, http::server_exchange::timing{});
  const auto say = [self, user, now](bytes data) {
    if (!data.empty()) self->send(user, wire_bytes{std::move(data), now()});
  };
  return {
      [self, emt, user, now, say](const wire_write& m) {
        auto& s = *self->state.session;
        if (s.over()) return;
        auto out = s.feed(m.data, now());
        if (!out) return self->send(user, wire_closed{out.error()});
        say(std::move(out->transmit));
        if (out->failure) {
          emt->complaints.push_back(out->failure->why.what);
          return self->send(user, wire_closed{{errc::unavailable, "closed by the participant"}});
        }
        if (out->plaintext.empty() || emt->requests >= emt->mute_after) return;
        auto step = self->state.exchange->feed(out->plaintext, self->clock().now());
        if (step.received)
          step = std::move(*self->state.exchange->respond(handle(*emt, *step.received), self->clock().now()));
        if (!step.transmit.empty()) say(std::move(*s.send(step.transmit)));
      },
      [](const wire_more&) {},
      [self](const wire_close&) { self->quit(); },
  };
}

/// A port's line: what the story pushes goes to whoever reads the port, and what its far end answers.
wire_actor::behavior_type line(wire_actor::pointer self, wire_user user, std::function<bytes(bytes_view)> far_end,
                               clock_function now) {
  return {[self, user, far_end, now](const wire_write& m) {
            if (!far_end) return;
            if (auto answer = far_end(m.data); !answer.empty()) self->send(user, wire_bytes{std::move(answer), now()});
          },
          [](const wire_more&) {}, [self](const wire_close&) { self->quit(); }};
}

channel_actor::behavior_type time_channel(channel_actor::pointer self, story_time_server* server, channel_user user,
                                          clock_function now) {
  if (server->down)
    self->send(user, channel_closed{{errc::unavailable, "time.test:123: Connection refused"}});
  else
    self->send(user, channel_opened{"time.test"});
  return {[](const wire_bytes&) {}, [](const wire_closed&) {},
          [self, server, user, now](const channel_write& m) {
            ++server->asked;
            const auto said = ntp::answer(m.data, now(), now(), {.synchronised = true, .last_synchronised = now()});
            require(said.has_value(), "the gateway asks for the time in a way that a server ignores");
            self->send(user, channel_received{bytes(said->begin(), said->end())});
          },
          [self](const channel_close&) { self->quit(); }, [](const wake&) {}};
}

sim::party make_party(const crypto::certificate_authority& ca, std::shared_ptr<crypto::key_store> keys,
                      std::string name, timestamp now, std::string dns) {
  const auto made = crypto::make_party(ca, *keys,
                                       {.key_prefix = "gw_wan_",
                                        .subject = {.common_name = std::move(name),
                                                    .organisation = "SM-Test-PKI-DE",
                                                    .country = "DE",
                                                    .serial_number = "1"},
                                        .not_before = now - 1h,
                                        .not_after = now + std::chrono::hours{24 * 700},
                                        .alternative_dns = std::move(dns)});
  require(made.has_value(), "a party gets no certificates");
  return {std::move(keys), {made->tls, ca.own()}, made->signature, made->encryption};
}

}  // namespace

std::multimap<timestamp, std::int64_t> story_emt::values(std::string_view source, unsigned taf) const {
  std::multimap<timestamp, std::int64_t> all;
  const auto wanted = "taf" + std::to_string(taf) + "-";
  for (const auto& d : got)
    for (const auto& c : d.content.channels)
      if (d.content.source.starts_with(wanted) && c.source.starts_with(source))
        for (const auto& e : c.entries) all.emplace(e.value.captured, e.value.value.value);
  return all;
}

story::story() {
  std::string pattern = (std::filesystem::temp_directory_path() / "smgw-story-XXXXXX").string();
  folder_ = ::mkdtemp(pattern.data());
  const std::shared_ptr<crypto::key_store> ca_keys = crypto::soft_key_store::in_memory();
  const auto root = crypto::certificate_authority::make_root(ca_keys, "root", crypto::curve::brainpool_p256r1,
                                                             {.subject = {.common_name = "SM-Test-Root.CA",
                                                                          .organisation = "SM-Test-PKI-DE",
                                                                          .country = "DE",
                                                                          .serial_number = "1"},
                                                              .not_before = now() - 1h,
                                                              .not_after = now() + std::chrono::hours{24 * 2000}});
  require(root.has_value(), "no root CA");
  const auto sub = root->make_sub_ca("sub", crypto::curve::brainpool_p256r1,
                                     {.subject = {.common_name = "Test-Sub.CA",
                                                  .organisation = "SM-Test-PKI-DE",
                                                  .country = "DE",
                                                  .serial_number = "1"},
                                      .not_before = now() - 1h,
                                      .not_after = now() + std::chrono::hours{24 * 1500}});
  require(sub.has_value(), "no sub-CA");
  keys_ = crypto::soft_key_store::in_memory();
  gateway_ = make_party(*sub, keys_, std::string(gateway_id) + ".SMGW", now(), "");
  emt.self = make_party(*sub, crypto::soft_key_store::in_memory(), "stadtwerk.EMT", now(), "stadtwerk.test");
  emt.gateways.pinned = {gateway_.tls_chain.front()};
  emt.signers = {gateway_.signature};
  profiles.self.id = *device_id::parse(gateway_id);
  profile::wan w;
  w.id = "stadtwerk";
  w.peer = {"stadtwerk.test", 443};
  w.retry = {std::chrono::seconds{5}, std::chrono::minutes{10}};
  profiles.wans.push_back(w);
}

story::~story() {
  if (root_) stop();
  lines_.clear();
  std::filesystem::remove_all(folder_);
}

void story::add_meter(const std::string& id, std::chrono::seconds period) {
  profile::meter m;
  m.name = id;
  m.id = *device_id::parse(id);
  m.port = "port-" + id;
  m.registers = {{import_register(), unit::watt_hour}};
  m.period = period;
  profiles.meters.push_back(m);
  profiles.self.lmn_ports.push_back({.id = m.port, .protocol = profile::lmn_protocol::sml, .serial = "/dev/none"});
}

void story::add_evaluation(unsigned taf, const std::string& meter) {
  profile::evaluation e;
  const auto* m = profiles.find_meter(*device_id::parse(meter));
  require(m != nullptr, "no such meter: " + meter);
  e.name = e.id = "taf" + std::to_string(taf) + "-" + m->id.lower();
  e.taf = taf;
  e.usage_point = "DE0001234567890000000000000012345";
  e.consumer = "consumer1";
  e.inputs = {{m->id, import_register()}};
  e.register_name = import_register();
  e.period = m->period;
  e.delivery = {.months = 0, .days = 0, .seconds = std::chrono::hours{1}};
  e.billing = {.months = 1};
  e.valid_from = now();
  e.recipients = {{.wan = "stadtwerk", .sending = {}}};
  profiles.evaluations.push_back(e);
}

tree_parts story::parts() {
  clock_function clock = [this] { return now(); };
  if (profiles.time) {
    if (!clock_)
      clock_ = std::make_shared<legal_clock>(
          [this, boot = now()] { return std::chrono::milliseconds{1h} + (now() - boot) + counter_error; }, "boot",
          now().time_since_epoch() - 1h);
    clock = [kept = clock_] { return kept->now(); };
  }
  return {
      .profiles = profiles,
      .keys = {keys_,
               {gateway_.signature, std::string(signature_label)},
               {{"stadtwerk", reader{emt.self.encryption}}},
               profiles.self.id},
      .open_store = [this]() -> expected<store::database> {
        auto master = platform::storage_key(folder_ / "storage.key", *keys_);
        if (!master) return std::unexpected(master.error());
        auto cells = platform::sealed_cells::create(*master);
        if (!cells) return std::unexpected(cells.error());
        return store::database::open(
            {.path = folder_ / "store", .cipher = *cells, .max_bytes = store_bytes, .reserve_bytes = store_bytes / 8});
      },
      .dial = [this](const profile::wan& w) { return w.id == time_peer ? dial_time() : dial(); },
      .open_port = [this](const profile::lmn_port& p) { return open_port(p.id); },
      .meter_tls = meter_tls,
      .now = clock,
      .announce = [this](
                      std::string_view who,
                      std::string_view what) { announcements_.push_back(std::string(who) + ": " + std::string(what)); },
      .pseudonyms = [](bytes_view d) { return crypto::hmac_sha256(bytes(32, 7), d); },
      .conditions = conditions,
      .seed = 1,
      .own_threads = false,
      .certificate_ends = certificate_ends,
      .kept_clock = clock_,
      .time_valid = [kept = clock_] { return !kept || kept->valid(); }};
}

dial_function story::dial_time() {
  return [this](caf::actor_system& sys, channel_user user) {
    return sys.spawn(time_channel, &time_server, std::move(user), clock_function([this] { return now(); }));
  };
}

dial_function story::dial() {
  return [this](caf::actor_system& sys, channel_user user) {
    channel_parts c{.tls = {.role = crypto::tls_role::client,
                            .interface = crypto::tls_interface::wan,
                            .identity = gateway_.identity(),
                            .peer = {.pinned = {emt.self.tls_chain.front()}}},
                    .open = [this](caf::actor_system& s, wire_user owner) -> expected<wire_actor> {
                      if (emt.down) return fail(errc::unavailable, "stadtwerk.test:443: Connection refused");
                      return s.spawn(emt_wire, &emt, std::move(owner), clock_function([this] { return now(); }));
                    },
                    .now = [this] { return now(); }};
    return sys.spawn(secure_channel, std::move(c), std::move(user));
  };
}

open_function story::open_port(const std::string& port) {
  return [this, port](caf::actor_system& sys, wire_user user) -> expected<wire_actor> {
    lines_[port] = user;
    const auto far_end = far_ends.find(port);
    return sys.spawn(line, std::move(user), far_end == far_ends.end() ? nullptr : far_end->second,
                     clock_function([this] { return now(); }));
  };
}

void story::start() {
  handles_ = std::make_shared<board>();
  root_ = spawn_root(system, handles_, parts());
  run();
  require(handles_->get<status_actor>("status") != nullptr, "the gateway does not come up");
}

void story::stop() {
  lines_.clear();
  self->send_exit(root_, caf::exit_reason::user_shutdown);
  run();
  advance(10s);
  handles_->clear();
  root_ = nullptr;
}

void story::crash() {
  lines_.clear();
  // The root first: nobody starts anyone again.
  self->send_exit(root_, caf::exit_reason::kill);
  run();
  for (const auto& one : handles_->reporters()) self->send_exit(one, caf::exit_reason::kill);
  run();
  handles_->clear();
  root_ = nullptr;
}

void story::push(const std::string& meter, bytes data) { push_to("port-" + meter, std::move(data)); }

void story::push_to(const std::string& port, bytes data) {
  const auto line_user = lines_.find(port);
  if (line_user != lines_.end()) self->send(line_user->second, wire_bytes{std::move(data), now()});
  run();
}

heard_list story::heard(std::chrono::seconds within) {
  heard_list all;
  auto answer = self->request(handles_->get<scan_actor>("scan"), within + 1min, query_heard{});
  run();
  // A step of a search is shorter than a second, and the next one begins where this one has ended.
  for (std::chrono::milliseconds left = within; left > 0ms; left -= 100ms) advance(100ms);
  answer.receive([&](const heard_list& l) { all = l; }, [](const caf::error& e) { require(false, from_caf(e).what); });
  return all;
}

void story::push_telegram(const std::string& meter) {
  push(meter, sim::meter_telegram(*device_id::parse(meter), home, now(), second_index_++));
}

void story::live(std::chrono::milliseconds span, std::chrono::milliseconds interval) {
  for (auto left = span; left > 0ms; left -= interval) {
    for (const auto& m : profiles.meters) push_telegram(std::string(m.id.text()));
    advance(std::min(left, interval));
  }
}

void story::kill(const std::string& role) {
  self->send_exit(handles_->get<caf::actor>(role), caf::exit_reason::kill);
  run();
  advance(100ms);
}

log_verdict story::verify() {
  log_verdict verdict{false, {}};
  auto answer = self->request(handles_->get<ledger_actor>("ledger"), 1min, verify_logs{});
  run();
  answer.receive([&](const log_verdict& v) { verdict = v; },
                 [&](const caf::error& e) { verdict.lines.push_back(from_caf(e).what); });
  return verdict;
}

expected<self_test_result> story::self_test() {
  expected<self_test_result> result = fail(errc::unavailable);
  auto answer = self->request(handles_->get<state_actor>("state"), 1min, run_self_test{"the story"});
  run();
  answer.receive([&](const self_test_result& r) { result = r; },
                 [&](const caf::error& e) { result = std::unexpected(from_caf(e)); });
  return result;
}

std::vector<ledger::record> story::records(const std::string& log, std::string_view part) {
  std::vector<ledger::record> found;
  auto answer = self->request(handles_->get<store_actor>("store"), 1min, read_records{log, 1, 100'000});
  run();
  answer.receive(
      [&](const record_page& p) {
        for (const auto& r : p.records)
          if (auto one = ledger::decode_stored(r.content); one && one->value.text.find(part) != part.npos)
            found.push_back(std::move(one->value));
      },
      [&](const caf::error& e) { require(false, from_caf(e).what); });
  return found;
}

status_report story::report(const std::string& role) {
  status_report report;
  auto answer = self->request(handles_->get<reporting_actor>(role), 1min, query_status{});
  run();
  answer.receive([&](const status_report& r) { report = r; },
                 [&](const caf::error& e) { require(false, from_caf(e).what); });
  return report;
}

std::int64_t story::counter(const std::string& role, const std::string& field) {
  for (const auto& [name, value] : report(role).fields)
    if (name == field) return std::get<std::int64_t>(value);
  throw std::runtime_error("no counter " + field + " in " + role);
}

std::vector<list_entry> story::stored(const std::string& meter) {
  const auto* m = profiles.find_meter(*device_id::parse(meter));
  std::vector<list_entry> entries;
  auto answer = self->request(handles_->get<store_actor>("store"), 1min,
                              read_list{m->id, import_register(), m->period, timestamp{}, timestamp::max(), 100'000});
  run();
  answer.receive([&](const list_page& p) { entries = p.entries; },
                 [&](const caf::error& e) { require(false, from_caf(e).what); });
  return entries;
}

std::vector<tariff::register_row> story::rows(const std::string& role, tariff::list_kind kind, timestamp from,
                                              timestamp to) {
  std::vector<tariff::register_row> found;
  auto answer = self->request(handles_->get<contract_actor>(role), 1min, read_rows{kind, from, to});
  run();
  answer.receive([&](const row_page& p) { found = p.rows; },
                 [&](const caf::error& e) { require(false, from_caf(e).what); });
  return found;
}

std::size_t story::announced(std::string_view text) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(announcements_, [&](const std::string& a) { return a.find(text) != a.npos; }));
}

}  // namespace smgw::test
