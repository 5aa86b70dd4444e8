// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/platform/console.hpp"
#include "actors/platform/updater.hpp"
#include "actors/wan/management_job.hpp"

namespace smgw {

using cosem::data;
using cosem::data_type;
using desk::record_budget;
using desk::test_budget;

void management_desk::post(const work& j) {
  const auto what = management::action_of(j->where.where, j->now->profiles.self.id);
  if (!what) return refuse(j, what.error());
  // A step of the gateway's life is answered on the spot: what it changes is committed with the record of the request.
  const bool step_of_life = *what == management::action::commission || *what == management::action::decommission;
  if (!j->where.async || !j->peer.service || step_of_life) return run(j, *what);
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
    case management::action::commission: return commission(j);
    case management::action::decommission: return decommission(j);
    case management::action::open_proxy: return connect_proxy(j);
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

/// For a market participant (HKS4): the administrator says when, the profile says whom (overview 3.2).
void management_desk::connect_proxy(const work& j) {
  const auto proxy = parts_.find_proxy();
  if (!proxy) return refuse(j, {errc::unsupported, "this gateway has no proxy for controllable systems"});
  const auto& device = j->where.where.device;
  ask(
      self_, proxy, record_budget, open_proxy{device.substr(0, device.rfind('.'))},
      [this, j](const proxy_opening&) { conclude(j, 204, {}); }, [this, j](const error& e) { refuse(j, e); });
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
  // A device writes and verifies a whole image when it is activated.
  const std::chrono::seconds budget = what == firmware::step::activate ? staging_budget : record_budget * 2;
  ask(
      self_, loader, budget, std::move(message),
      [this, j](const firmware_report& r) {
        auto text = cosem::write_method_response(0, data{data_type::utf8_string, r.text});
        conclude(j, 200, text.value_or(std::string()));
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

}  // namespace smgw
