// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/io/wire.hpp"

#include <caf/io/all.hpp>
#include <caf/io/network/acceptor_impl.hpp>
#include <caf/io/network/default_multiplexer.hpp>
#include <caf/io/network/stream_impl.hpp>
#include <caf/policy/tcp.hpp>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace smgw::io {
namespace {

namespace net = caf::io::network;

/// CAF's own scribe calls recv(), which a tty does not know.
struct device_policy {
  static net::rw_state result(ssize_t n, std::size_t& done) {
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
      done = 0;
      return net::rw_state::success;
    }
    if (n <= 0) return net::rw_state::failure;
    done = static_cast<std::size_t>(n);
    return net::rw_state::success;
  }
  static net::rw_state read_some(std::size_t& done, net::native_socket fd, void* to, std::size_t size) {
    return result(::read(fd, to, size), done);
  }
  static net::rw_state write_some(std::size_t& done, net::native_socket fd, const void* from, std::size_t size) {
    return result(::write(fd, from, size), done);
  }
  static constexpr bool must_read_more(net::native_socket, std::size_t) { return false; }
};

/// A scribe over `Policy` that says what CAF's own leaves to chance. Its stream keeps itself alive while it reads, and
/// the loop collects changes of interest during a turn and drops those that cancel out: read-on and close in one turn
/// would leave the stream alive for ever, read-off and read-on in one turn would leave it deaf.
template <class Policy>
class wire_scribe final : public caf::io::scribe {
 public:
  wire_scribe(net::default_multiplexer& loop, int fd)
      : scribe(caf::io::connection_handle::from_int(fd)), stream_(loop, fd) {}
  void configure_read(caf::io::receive_policy::config how) override {
    stream_.configure_read(how);
    if (!launched_) {
      launched_ = true;
      stream_.start(this);
    }
  }
  void ack_writes(bool enable) override { stream_.ack_writes(enable); }
  std::vector<char>& wr_buf() override { return stream_.wr_buf(); }
  std::vector<char>& rd_buf() override { return stream_.rd_buf(); }
  void graceful_shutdown() override {
    stream_.graceful_shutdown();
    detach(&stream_.backend(), false);
  }
  void flush() override { stream_.flush(this); }
  std::string addr() const override { return "wire"; }
  std::uint16_t port() const override { return 0; }
  void add_to_loop() override {
    stream_.activate(this);
    stream_.backend().add(net::operation::read, stream_.fd(), &stream_);  // also where this turn switched reading off
  }
  void remove_from_loop() override {
    stream_.passivate();
    const bool reads = (static_cast<unsigned>(stream_.eventbf()) & EPOLLIN) != 0;
    if (!reads) stream_.removed_from_loop(net::operation::read);  // never came into the loop, so never leaves it
  }

 private:
  bool launched_ = false;
  net::stream_impl<Policy> stream_;
};

/// A doorman with the same care: one that is closed in the turn in which it was opened would stay alive for ever, and
/// so would the connections that CAF's own makes.
class wire_doorman final : public caf::io::doorman {
 public:
  wire_doorman(net::default_multiplexer& loop, int fd)
      : doorman(caf::io::accept_handle::from_int(fd)), acceptor_(loop, fd) {}
  bool new_connection() override {
    if (detached()) return false;
    auto& loop = acceptor_.backend();
    const auto made = caf::make_counted<wire_scribe<caf::policy::tcp>>(loop, acceptor_.accepted_socket());
    const auto handle = made->hdl();
    parent()->add_scribe(made);
    return doorman::new_connection(&loop, handle);
  }
  void graceful_shutdown() override {
    acceptor_.graceful_shutdown();
    detach(&acceptor_.backend(), false);
  }
  void launch() override { acceptor_.start(this); }
  std::string addr() const override { return "wire"; }
  std::uint16_t port() const override { return 0; }
  void add_to_loop() override { acceptor_.activate(this); }
  void remove_from_loop() override {
    acceptor_.passivate();
    const bool reads = (static_cast<unsigned>(acceptor_.eventbf()) & EPOLLIN) != 0;
    if (!reads) acceptor_.removed_from_loop(net::operation::read);
  }

 private:
  net::acceptor_impl<caf::policy::tcp> acceptor_;
};

net::default_multiplexer& loop_of(caf::io::abstract_broker& self) {
  return dynamic_cast<net::default_multiplexer&>(self.home_system().middleman().backend());
}

caf::io::connection_handle adopt(caf::io::broker* self, descriptor fd, stream_kind kind) {
  const int raw = fd.release();
  auto& loop = loop_of(*self);
  if (kind == stream_kind::socket)
    self->add_scribe(caf::make_counted<wire_scribe<caf::policy::tcp>>(loop, raw));
  else
    self->add_scribe(caf::make_counted<wire_scribe<device_policy>>(loop, raw));
  return caf::io::connection_handle::from_int(raw);
}

caf::behavior wire(caf::io::broker* self, const std::shared_ptr<descriptor>& fd, stream_kind kind,
                   const wire_user& user, std::function<timestamp()> now, std::function<void(std::size_t)> written) {
  guard(self);
  const auto handle = adopt(self, std::move(*fd), kind);
  self->configure_read(handle, caf::io::receive_policy::at_most(read_chunk));
  self->ack_writes(handle, true);
  self->trigger(handle, 1);
  self->monitor(user);
  self->set_down_handler([self, handle](caf::down_msg&) {
    if (self->valid(handle)) self->close(handle);
    self->quit();
  });
  return {
      [self, user, now = std::move(now)](const caf::io::new_data_msg& m) {
        self->send(user, wire_bytes{bytes(m.buf.begin(), m.buf.end()), now()});
      },
      [self, user](const caf::io::connection_closed_msg&) {
        self->send(user, wire_closed{{errc::unavailable, "the other side closed the connection"}});
        self->quit();
      },
      [](const caf::io::connection_passivated_msg&) {},
      [self, handle, user, written = std::move(written)](const caf::io::data_transferred_msg& m) {
        if (written) written(m.remaining);
        if (m.remaining <= max_unsent) return;
        ::shutdown(static_cast<int>(handle.id()), SHUT_RDWR);
        self->send(user, wire_closed{{errc::exhausted, "the other side does not read"}});
        self->quit();
      },
      [self, handle, user, kind](const wire_write& m) {
        if (!self->valid(handle)) return;
        if (m.baud != 0 && kind == stream_kind::device) {
          if (const auto done = change_baud(static_cast<int>(handle.id()), m.baud); !done) {
            self->send(user, wire_closed{done.error()});
            return self->quit();
          }
        }
        if (m.data.empty()) return;
        self->write(handle, m.data.size(), m.data.data());
        self->flush(handle);
      },
      [self, handle](const wire_more&) {
        if (self->valid(handle)) self->trigger(handle, 1);
      },
      [self, handle](const wire_close&) {
        if (self->valid(handle)) self->close(handle);
        self->quit();
      },
  };
}

}  // namespace

void open_door(caf::io::abstract_broker& self, descriptor listener) {
  self.add_doorman(caf::make_counted<wire_doorman>(loop_of(self), listener.release()));
}

wire_actor spawn_wire(caf::actor_system& system, descriptor fd, stream_kind kind, wire_user user,
                      std::function<timestamp()> now, std::function<void(std::size_t unsent)> written) {
  auto owned = std::make_shared<descriptor>(std::move(fd));
  return caf::actor_cast<wire_actor>(system.middleman().spawn_broker(wire, std::move(owned), kind, std::move(user),
                                                                     std::move(now), std::move(written)));
}

}  // namespace smgw::io
