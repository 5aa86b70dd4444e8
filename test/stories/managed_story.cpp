// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "stories/managed_story.hpp"

#include "actors/platform/directory_slot.hpp"
#include "actors/platform/own_keys.hpp"
#include "actors/platform/renewal.hpp"
#include "actors/wan/firmware_loader.hpp"
#include "base/octets.hpp"
#include "base/time_text.hpp"
#include "crypto/hash.hpp"
#include "domain/firmware/manifest.hpp"
#include "party_cms.hpp"
#include "protocols/cms/signed_data.hpp"
#include "protocols/cosem/tree.hpp"
#include "protocols/http/parser.hpp"
#include "protocols/http/range.hpp"
#include "protocols/ntp/server.hpp"

#include <stdexcept>

namespace smgw::test {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view sealed_type = "application/vnd.de-dke-k461-cosem+xml;encap=cms-tr03109";
constexpr auto gateway_profile = R"({"profile":"gateway","version":1,"device_id":"ESMG0000000001",)"
                                 R"("data_directory":"/none","key_store":"soft:none","lmn_ports":[{"id":)"
                                 R"("port-1SMG0000000001","protocol":"sml","tcp":"127.0.0.1:1"}]})";
constexpr auto administrator_profile = R"({"profile":"wan","version":1,"id":"gwa","role":"administrator",)"
                                       R"("peer":"gwa.test:443","service":"gwa.test:444","uri_prefix":"/smgw/",)"
                                       R"("tls_certificate":"gwa-tls.pem","signer_certificate":"gwa-sig.pem",)"
                                       R"("encryption_certificate":"gwa-enc.pem"})";

template <class T>
T must(expected<T> value) {
  if (!value) throw std::runtime_error(value.error().what);
  return *std::move(value);
}
void must(const expected<void>& done) {
  if (!done) throw std::runtime_error(done.error().what);
}

bytes file_of(const crypto::certificate& c) {
  const auto pem = crypto::to_pem(c);
  const auto octets = as_bytes(pem);
  return {octets.begin(), octets.end()};
}

}  // namespace

managed_story::managed_story() {
  const auto pki = folder_ / "pki";
  must(sim::make_pki(pki,
                     {{.folder = "gateway", .common_name = "ESMG0000000001.SMGW", .gateway = true},
                      {.folder = "stadtwerk", .common_name = "stadtwerk.EMT"},
                      {.folder = "administrator", .common_name = "administrator.GWA"},
                      {.folder = "maker", .common_name = "maker.GWH"}},
                     crypto::curve::brainpool_p256r1, now()));
  gateway_ = must(sim::load_party(pki / "gateway"));
  keys_ = gateway_.keys;
  std::filesystem::create_directories(folder_ / "certificates");
  for (const auto file : platform::own_certificates::files)
    std::filesystem::copy_file(pki / "gateway" / file, folder_ / "certificates" / file);
  maker = must(sim::load_party(pki / "maker"));
  emt.self = must(sim::load_party(pki / "stadtwerk"));
  emt.signers = {gateway_.signature};
  market.self = emt.self;
  admin.self = moved_admin.self = service.self = time_side.self = must(sim::load_party(pki / "administrator"));
  for (auto* side : {&admin, &moved_admin, &service, &market, &time_side})
    side->peers = {.pinned = {gateway_.tls_chain.front()}, .anchors = {}};
  service.handle = [this](const http::request& r) { return serve(r); };
  market.handle = [this](const http::request& r) -> http::response {
    ++emt.requests;
    if (emt.status != 200) return {.status = emt.status};
    auto read = sim::read_delivery(r, emt.self, emt.signers);
    if (!read) emt.complaints.push_back(read.error().what);
    if (!read) return {.status = 400};
    emt.got.push_back(std::move(*read));
    return {.status = 200};
  };
  time_side.reply = [this](bytes_view question) -> bytes {
    const auto said = ntp::answer(question, now(), now(), {.synchronised = true, .last_synchronised = now()});
    return said ? bytes(said->begin(), said->end()) : bytes{};
  };
  told.profiles = {{"gateway.json", gateway_profile}, {"gwa.json", administrator_profile}};
  told.certificates = {{"gwa-tls.pem", file_of(admin.self.tls_chain.front())},
                       {"gwa-sig.pem", file_of(admin.self.signature)},
                       {"gwa-enc.pem", file_of(admin.self.encryption)},
                       {std::string(manufacturer_certificate), file_of(maker.signature)}};
}

managed_story::~managed_story() {
  if (handles_ && handles_->get<status_actor>("status")) stop();  // the far sides go before the gateway otherwise
}

std::string managed_story::meter_profile() {
  return R"({"profile":"meter","version":1,"device_id":"1SMG0000000001","port":"port-1SMG0000000001",)"
         R"("registers":[{"obis":"1-0:1.8.0","unit":"Wh"}],"registration_period_s":900})";
}

std::string managed_story::evaluation_profile() const {
  return R"({"profile":"evaluation","version":1,"id":"taf7-1smg0000000001","taf":7,"tariff":"TAF7",)"
         R"("usage_point":"DE000562668020O6G56M11SN51G21M01S","consumer":"consumer1",)"
         R"("inputs":[{"meter":"1SMG0000000001","obis":"1-0:1.8.0"}],"registration_period_s":900,"valid_from":")" +
         to_iso8601(now()) + R"(","delivery_period":{"seconds":21600},"recipients":[{"wan":"stadtwerk"}]})";
}

http::response managed_story::serve(const http::request& r) {
  if (r.verb == http::method::get) {
    const auto found = files.find(r.target);
    if (found == files.end()) return {.status = 404};
    return http::answer_file(r, {found->second, "application/octet-stream", "\"1\""}, "part");
  }
  const auto content = sim::open_sealed(r.body, service.self, emt.signers);
  if (!content) return {.status = 400};
  messages.emplace_back(r.target, std::string(as_text(*content)));
  return {.status = 200};
}

tree_parts managed_story::parts() { return *must(parts_of(told)); }

expected<std::shared_ptr<const tree_parts>> managed_story::parts_of(const smgw::configuration& c) {
  auto loaded = profile::load(c.profiles);
  if (!loaded.set) return fail(errc::malformed, profile::to_text(loaded.found.front()));
  profiles = *loaded.set;
  auto p = std::make_shared<tree_parts>(story::parts());
  const auto clock = [this] { return now(); };
  p->told = c;
  p->life = life;
  p->firmware_version = firmware_version;
  const platform::own_certificates own(folder_ / "certificates");
  const auto generation = own.current();
  p->keys.signature = {must(sim::load_certificates(own.folder(generation) / "sig.pem")).front(),
                       platform::own_certificates::label(signature_label, generation)};
  p->keys.encryption = {{gateway_.encryption, std::string(encryption_label)}};
  p->keys.signers["gwa"] = admin.self.signature;
  p->keys.readers["gwa"] = reader{admin.self.encryption};
  p->keys.readers["stadtwerk"] = reader{emt.self.encryption};
  platform::enable_renewal(p->keys, folder_, clock, std::make_shared<crypto::tls_session_cache>());
  p->dial = [this, own, generation](const profile::wan& w) { return dial_as(own, generation, w); };
  p->succession = {.waits = [own] { return own.next().has_value(); },
                   .dial = [this, own](const profile::wan& w) { return dial_as(own, own.next().value_or(0), w); }};
  p->open_slot = [this] { return platform::directory_slot::open(folder_ / "update"); };
  p->prepare = [this](const smgw::configuration& next) -> expected<std::shared_ptr<const tree_parts>> {
    auto made = parts_of(next);
    if (made) told = next;
    return made;
  };
  return p;
}

dial_function managed_story::dial_as(const platform::own_certificates& own, unsigned generation,
                                     const profile::wan& w) {
  auto& to = w.peer.host == "gwa2.test"   ? moved_admin
             : w.peer.host == "time.test" ? time_side
             : w.peer.host != "gwa.test"  ? market
             : w.peer.port == 443         ? admin
                                          : service;
  const auto clock = [this] { return now(); };
  return [clock, &to, identity = must(platform::own_identity(keys_, own, generation))](caf::actor_system& sys,
                                                                                       channel_user user) {
    return sys.spawn(secure_channel,
                     channel_parts{.tls = {.role = crypto::tls_role::client,
                                           .interface = crypto::tls_interface::wan,
                                           .identity = identity,
                                           .peer = {.pinned = {to.self.tls_chain.front()}}},
                                   .open = open_far_side(to, clock),
                                   .now = clock},
                     std::move(user));
  };
}

void managed_story::know_generation(unsigned generation) {
  const auto folder = platform::own_certificates(folder_ / "certificates").folder(generation);
  const auto tls = must(sim::load_certificates(folder / "tls.pem")).front();
  for (auto* side : {&admin, &moved_admin, &service, &market, &time_side}) side->peers.pinned.push_back(tls);
  emt.signers.push_back(must(sim::load_certificates(folder / "sig.pem")).front());
}

void managed_story::pass(std::chrono::milliseconds span) {
  for (; span > 0ms; span -= 5s) advance(std::min<std::chrono::milliseconds>(span, 5s));
}

void managed_story::call() {
  self->send(handles_->get<administrator_actor>("administrator"), open_management{});
  run();
}

bytes managed_story::say(bytes request) {
  admin.heard.clear();
  admin.to_say.push_back(std::move(request));
  self->send(admin.wire, wire_more{});
  run();
  for (int i = 0; i < 50 && admin.heard.empty(); ++i) advance(100ms);
  return admin.heard;
}

http::request managed_story::request(http::method verb, const std::string& path, std::string_view document) const {
  http::request r{.verb = verb, .target = "/smgw" + path, .headers = {{"Host", "esmg0000000001.sm"}}, .body = {}};
  if (document.empty()) return r;
  r.body = must(sim::seal_for(gateway_.encryption, admin.self, as_bytes(document)));
  r.headers.add("Content-Type", std::string(sealed_type));
  return r;
}

managed_answer managed_story::ask(http::method verb, const std::string& path, std::string_view document) {
  if (!admin.established) call();
  if (!admin.established) return {};
  http::response_parser parser;
  parser.expect(verb);
  const auto heard = say(must(http::encode(request(verb, path, document))));
  auto answer = parser.feed(heard);
  for (int i = 0; i < 200 && answer && !*answer; ++i) {
    const auto before = admin.heard.size();
    advance(100ms);
    answer = parser.feed(bytes_view{admin.heard}.subspan(before));
  }
  if (!answer || !*answer) return {};
  const auto& r = **answer;
  if (r.body.empty()) return {r.status, {}};
  const auto opened = sim::open_sealed(r.body, admin.self, emt.signers);
  return {r.status, std::string(opened ? as_text(*opened) : as_text(r.body))};
}

std::string managed_story::manifest(const std::string& version, const bytes& image, const std::string& path) const {
  const firmware::manifest m{"smgw", must(firmware::version::parse(version)), image.size(), crypto::sha256(image),
                             path};
  const auto text = firmware::write_manifest(m);
  const auto message =
      cms::sign(as_bytes(text), cms::content_type::data,
                {.group = static_cast<cms::curve>(maker.signature.on),
                 .hash = cms::digest::sha256,
                 .key_identifier = maker.signature.subject_key_id,
                 .sign = [keys = maker.keys](bytes_view d) { return keys->sign_digest(signature_label, d); },
                 .certificate = {}});
  return must(cosem::write_method_request(cosem::data{cosem::data_type::octet_string, must(message)}));
}

std::optional<bytes> managed_story::state(const std::string& name) {
  std::optional<bytes> found;
  auto answer = self->request(handles_->get<store_actor>("store"), 1min, read_state{name});
  run();
  answer.receive([&](const state_value& v) { found = v.value; },
                 [](const caf::error& e) { throw std::runtime_error(from_caf(e).what); });
  return found;
}

}  // namespace smgw::test
