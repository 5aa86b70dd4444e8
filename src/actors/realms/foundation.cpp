// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/interfaces/metering.hpp"
#include "actors/realms/realm.hpp"
#include "actors/wan/market.hpp"
#include "base/octets.hpp"
#include "protocols/cosem/tree.hpp"

namespace smgw::realms {
namespace {

/// Alarms go where the administrator's profile says at the moment, through the outbox: there they wait on disk.
std::function<bool(const ledger::record&)> alarm_function(const context& c) {
  return [current = c.current, h = c.handles](const ledger::record& r) {
    const auto p = current();
    const auto* gwa = p->profiles.administrator();
    if (gwa == nullptr || !gwa->service || gwa->encryption_certificate.empty()) return true;  // nobody to tell
    const auto outbox = h->get<outbox_actor>("outbox");
    if (!outbox) return false;
    const auto text = cosem::write_method_request(cosem::data{cosem::data_type::utf8_string, ledger::to_json_line(r)});
    if (!text) return true;
    const auto octets = as_bytes(*text);
    caf::anon_send(outbox, submit{{{.recipient = gwa->id,
                                    .description = "alarm: " + r.text.substr(0, 200),
                                    .not_before = p->now(),
                                    .content = bytes(octets.begin(), octets.end()),
                                    .target = service_path(*gwa, "alarms")}},
                                  nullptr});
    return true;
  };
}

}  // namespace

std::vector<child_spec> foundation(const context& c) {
  const auto p = c.parts;
  const auto h = c.handles;
  return {child(c, "key_token", [p](auto* self) { return spawn(self, p->own_threads, key_token, p->keys); }),
          child(c, "store",
                [p](auto* self) {
                  return spawn(self, p->own_threads, store_keeper, store_parts{p->open_store, p->announce});
                }),
          child(c, "ledger", [p, h, raise = alarm_function(c)](auto* self) {
            return self->spawn(ledger_keeper,
                               ledger_parts{h->get<store_actor>("store"), h->get<key_token_actor>("key_token"),
                                            p->profiles.log, p->now, p->announce, raise, p->conditions});
          })};
}

}  // namespace smgw::realms
