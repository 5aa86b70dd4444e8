// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/io/channel.hpp"

#include "actors/virtual_time.hpp"
#include "crypto/pki.hpp"
#include "crypto/soft_key_store.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace std::chrono_literals;

namespace {

struct party {
  std::shared_ptr<crypto::soft_key_store> keys = crypto::soft_key_store::in_memory();
  crypto::certificate own;

  explicit party(timestamp now) {
    REQUIRE(keys->generate("tls", crypto::curve::brainpool_p256r1, crypto::key_purpose::lmn));
    crypto::self_signed_order order{};
    order.subject.common_name = "1emh0010482201.sm";
    order.not_before = now - 1h;
    order.not_after = now + std::chrono::hours{24 * 100};
    auto made = crypto::make_self_signed(*keys, "tls", order);
    REQUIRE(made);
    own = std::move(*made);
  }
  [[nodiscard]] crypto::tls_identity identity() const { return {keys, "tls", {own}}; }
};

/// What the test sees of both sides.
struct seen {
  std::vector<std::string> user;
  std::optional<caf::actor_clock::time_point> transport_closed;
};

struct far_state {
  std::optional<crypto::tls_session> session;
};

/// The far end: a TLS server instead of a socket.
wire_actor::behavior_type far_end(wire_actor::stateful_pointer<far_state> self, const crypto::tls_config& config,
                                  wire_user user, clock_function now, seen* out, bool hang_up) {
  self->state.session = std::move(*crypto::tls_session::create(config));
  REQUIRE(self->state.session->start(now()));
  return {
      [self, user, now, hang_up](const wire_write& m) {
        auto& s = *self->state.session;
        if (s.over()) return;
        auto got = s.feed(m.data, now());
        if (!got) return;
        if (!got->transmit.empty()) self->send(user, wire_bytes{got->transmit, now()});
        if (got->handshake_done && hang_up) self->send(user, wire_bytes{s.close(), now()});
      },
      [](const wire_more&) {},
      [self, out](const wire_close&) {
        out->transport_closed = self->clock().now();
        self->quit();
      },
  };
}

channel_user::behavior_type listener(channel_user::pointer, seen* out) {
  return {
      [out](const channel_opened&) { out->user.emplace_back("opened"); },
      [out](const channel_received&) { out->user.emplace_back("received"); },
      [out](const channel_closed& m) { out->user.push_back("closed: " + m.reason.what); },
  };
}

struct channel_fixture : test::virtual_time {
  party gateway{now()}, peer{now()}, stranger{now()};
  seen out;
  channel_user user = system.spawn(listener, &out);

  channel_actor open(const party& trusted_by_peer, bool hang_up) {
    channel_parts parts{
        .tls = {.role = crypto::tls_role::client,
                .interface = crypto::tls_interface::wan,
                .identity = gateway.identity(),
                .peer = {.pinned = {peer.own}, .anchors = {}}},
        .open = [this, trusted_by_peer, hang_up](caf::actor_system& sys, wire_user owner) -> expected<wire_actor> {
          const crypto::tls_config server{.role = crypto::tls_role::server,
                                          .interface = crypto::tls_interface::wan,
                                          .identity = peer.identity(),
                                          .peer = {.pinned = {trusted_by_peer.own}, .anchors = {}}};
          return sys.spawn(far_end, server, std::move(owner), clock_function([this] { return now(); }), &out, hang_up);
        },
        .now = [this] { return now(); }};
    auto made = system.spawn(secure_channel, std::move(parts), user);
    run();
    return made;
  }
  ~channel_fixture() { stop(user); }
};

}  // namespace

TEST_CASE_METHOD(channel_fixture, "a channel that says goodbye ends its transport at once", "[REQ.TA.TLS.Close.80]") {
  const auto channel = open(gateway, false);
  REQUIRE(out.user == std::vector<std::string>{"opened"});
  CHECK_FALSE(out.transport_closed);
  const auto before = system_clock_now();
  self->send(channel, channel_close{});
  run();
  REQUIRE(out.transport_closed);
  CHECK(*out.transport_closed - before <= crypto::close_grace);
}

TEST_CASE_METHOD(channel_fixture, "when the peer says goodbye the transport ends too, whatever the peer does",
                 "[REQ.TA.TLS.Close.90]") {
  const auto before = system_clock_now();
  const auto channel = open(gateway, true);
  REQUIRE(out.transport_closed);
  CHECK(*out.transport_closed - before <= crypto::close_grace);
  CHECK(out.user.back() == "closed: the peer closed the connection");
}

TEST_CASE_METHOD(channel_fixture, "a peer's fatal alert ends the channel, and its name is in the reason for the log",
                 "[REQ.TA.TLS.Close.10][REQ.TA.TLS.Close.20]") {
  const auto channel = open(stranger, false);
  REQUIRE(out.transport_closed);
  REQUIRE_FALSE(out.user.empty());
  INFO(out.user.back());
  CHECK(out.user.back().contains("the peer's alert: "));
}
