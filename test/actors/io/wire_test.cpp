// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/io/wire.hpp"

#include <caf/io/all.hpp>
#include <catch2/catch_test_macros.hpp>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <future>

using namespace smgw;
using namespace std::chrono_literals;

namespace {

constexpr auto patience = 10s;

/// What a wire's user heard, for a thread that waits.
struct heard {
  std::promise<bytes> data;
  std::promise<error> closed;
};

wire_user::behavior_type listener(wire_user::pointer, const std::shared_ptr<heard>& all) {
  return {[all](const wire_bytes& m) { all->data.set_value(m.data); },
          [all](const wire_closed& m) { all->closed.set_value(m.reason); }};
}

/// A wire of the real network loop over one end of a socket pair; the test holds the other end.
struct on_a_wire {
  struct configuration : caf::actor_system_config {
    configuration() { load<caf::io::middleman>(); }
  };
  configuration config;
  caf::actor_system system{config};
  std::shared_ptr<heard> all = std::make_shared<heard>();
  wire_user user = system.spawn(listener, all);
  io::descriptor far;

  wire_actor open() {
    std::array<int, 2> ends{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0);
    far = io::descriptor(ends[1]);
    return io::spawn_wire(system, io::descriptor(ends[0]), io::stream_kind::socket, user, [] { return timestamp{}; });
  }
  /// What the far end reads until the wire has closed its end.
  bytes read_to_the_end() const {
    bytes all_of_it;
    std::array<std::uint8_t, 256> some{};
    for (;;) {
      pollfd waiting{far.get(), POLLIN, 0};
      REQUIRE(::poll(&waiting, 1, static_cast<int>(std::chrono::milliseconds(patience).count())) == 1);
      const auto n = ::read(far.get(), some.data(), some.size());
      if (n <= 0) return all_of_it;
      all_of_it.insert(all_of_it.end(), some.begin(), some.begin() + n);
    }
  }
};

/// A broker that listens; what comes first through its door is told.
caf::behavior porter(caf::io::broker* self, const std::shared_ptr<io::descriptor>& listener,
                     const std::shared_ptr<heard>& all, bool leaves) {
  io::open_door(*self, std::move(*listener));
  if (leaves) self->quit();
  return {[self](const caf::io::new_connection_msg& m) {
            self->configure_read(m.handle, caf::io::receive_policy::at_most(16));
          },
          [all](const caf::io::new_data_msg& m) { all->data.set_value(bytes(m.buf.begin(), m.buf.end())); },
          [](const caf::io::connection_closed_msg&) {}, [](const caf::io::acceptor_closed_msg&) {}};
}

/// A listening socket, and its address for those who connect.
io::descriptor listen_somewhere(sockaddr_un& where) {
  io::descriptor listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  where = {};
  where.sun_family = AF_UNIX;
  REQUIRE(::bind(listener.get(), reinterpret_cast<const sockaddr*>(&where), sizeof where.sun_family) == 0);  // abstract
  socklen_t size = sizeof where;
  REQUIRE(::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&where), &size) == 0);
  REQUIRE(::listen(listener.get(), 4) == 0);
  return listener;
}

}  // namespace

TEST_CASE_METHOD(on_a_wire, "a door lets connections in, and one that is closed at once leaves nothing behind") {
  sockaddr_un where{};
  for (int round = 0; round < 50; ++round)
    system.middleman().spawn_broker(porter, std::make_shared<io::descriptor>(listen_somewhere(where)), all, true);
  const auto open =
      system.middleman().spawn_broker(porter, std::make_shared<io::descriptor>(listen_somewhere(where)), all, false);
  const io::descriptor guest(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  constexpr socklen_t autobind_size = sizeof where.sun_family + 6;  // unix(7): a zero and five hex digits
  REQUIRE(::connect(guest.get(), reinterpret_cast<const sockaddr*>(&where), autobind_size) == 0);
  REQUIRE(::write(guest.get(), "abc", 3) == 3);
  auto data = all->data.get_future();
  REQUIRE(data.wait_for(patience) == std::future_status::ready);
  CHECK(data.get() == bytes{'a', 'b', 'c'});
  caf::anon_send_exit(open, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(user, caf::exit_reason::user_shutdown);
}

TEST_CASE_METHOD(on_a_wire, "a wire brings one read for one permission and tells when the other side is gone") {
  const auto wire = open();
  REQUIRE(::write(far.get(), "abc", 3) == 3);
  auto data = all->data.get_future();
  REQUIRE(data.wait_for(patience) == std::future_status::ready);
  CHECK(data.get() == bytes{'a', 'b', 'c'});
  all->data = {};

  REQUIRE(::write(far.get(), "de", 2) == 2);
  caf::anon_send(wire, wire_more{});
  data = all->data.get_future();
  REQUIRE(data.wait_for(patience) == std::future_status::ready);
  CHECK(data.get() == bytes{'d', 'e'});

  caf::anon_send(wire, wire_more{});
  far = {};
  auto closed = all->closed.get_future();
  REQUIRE(closed.wait_for(patience) == std::future_status::ready);
  CHECK(closed.get().code == errc::unavailable);
  caf::anon_send_exit(user, caf::exit_reason::user_shutdown);
}

TEST_CASE_METHOD(on_a_wire,
                 "a wire told to read on, to write and to close in one breath writes and leaves nothing behind") {
  for (int round = 0; round < 200; ++round) {
    const auto wire = open();
    REQUIRE(::write(far.get(), "x", 1) == 1);
    all->data.get_future().wait();  // the one read is taken: reading is switched off
    all->data = {};
    caf::anon_send(wire, wire_more{});
    caf::anon_send(wire, wire_write{bytes{'b', 'y', 'e'}});
    caf::anon_send(wire, wire_close{});
    CHECK(read_to_the_end() == bytes{'b', 'y', 'e'});
  }
  caf::anon_send_exit(user, caf::exit_reason::user_shutdown);
}
