// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "tls_hub.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"
#include "listen.hpp"
#include "sockets.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <mutex>
#include <set>
#include <thread>
#include <unordered_map>

namespace smgw::sim {
namespace {

using clock = std::chrono::steady_clock;
/// So much may wait for a peer that does not read; then it is cut.
constexpr std::size_t max_unsent = std::size_t{64} << 20;
constexpr std::chrono::seconds handshake_budget{20};
/// What epoll knows a descriptor by; lines come after these.
constexpr std::uint64_t of_listener = 0, of_posts = 1, of_first_line = 2;

/// A thousand lines are a thousand descriptors: as many as this process may have.
void raise_descriptor_limit() {
  rlimit now{};
  if (::getrlimit(RLIMIT_NOFILE, &now) != 0) return;
  now.rlim_cur = now.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &now);
}

struct line {
  io::descriptor fd;
  crypto::tls_session session;
  line_fault left;
  bytes unsent{};
  bool waits_to_send = false;
  bool opened = false;
  bool closing = false;  ///< once all is sent
  bool dead = false;
  std::string why{};
  std::optional<time_point> wake{};
};

}  // namespace

struct tls_hub::impl {
  hub_options options;
  hub_user* user = nullptr;
  io::descriptor listener, poller{::epoll_create1(EPOLL_CLOEXEC)}, posted{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
  std::uint16_t port = 0;
  bool accepts = false;
  std::unordered_map<line_id, std::unique_ptr<line>> lines;
  std::vector<line_id> touched;
  std::set<std::pair<time_point, line_id>> wakes;
  line_id last = of_first_line;
  std::atomic<std::size_t> open = 0;
  std::mutex guard;
  std::vector<std::function<void()>> posts;
  std::jthread worker;

  void watch(int fd, int how, std::uint32_t events, std::uint64_t id) const {
    epoll_event e{.events = events, .data = {.u64 = id}};
    ::epoll_ctl(poller.get(), how, fd, &e);
  }

  void accept_more(bool on) {
    if (listener.get() < 0 || accepts == on) return;
    accepts = on;
    watch(listener.get(), on ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, EPOLLIN, of_listener);
  }

  void work(const std::stop_token& stop) {
    const std::stop_callback leave(stop, [this] { ring(); });
    std::array<epoll_event, 256> events;
    while (!stop.stop_requested()) {
      const int n = ::epoll_wait(poller.get(), events.data(), static_cast<int>(events.size()), patience());
      for (int i = 0; i < n; ++i) handle(events[static_cast<std::size_t>(i)]);
      while (!wakes.empty() && wakes.begin()->first <= clock::now()) expire(wakes.begin()->second);
      settle();
    }
    do_posts();  // whoever waits for one of them waits no longer
    for (auto& [id, l] : lines)
      if (l->unsent.empty()) send_all(l->fd.get(), l->session.close());
  }

  /// Until the next wake; -1: none.
  [[nodiscard]] int patience() const {
    if (wakes.empty()) return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(wakes.begin()->first - clock::now());
    return static_cast<int>(std::clamp<std::chrono::milliseconds::rep>(left.count(), 0, 3'600'000));
  }

  void handle(const epoll_event& e) {
    if (e.data.u64 == of_listener) return accept_all();
    if (e.data.u64 == of_posts) return do_posts();
    const auto found = lines.find(e.data.u64);
    if (found == lines.end()) return;
    touched.push_back(found->first);
    if ((e.events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) hear(found->first, *found->second);
    settle();
  }

  void ring() const {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto n = ::write(posted.get(), &one, sizeof one);
  }

  void do_posts() {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto n = ::read(posted.get(), &count, sizeof count);
    std::vector<std::function<void()>> all;
    {
      const std::scoped_lock lock(guard);
      all.swap(posts);
    }
    for (const auto& work_of_post : all) work_of_post();
    settle();
  }

  void accept_all() {
    for (int i = 0; i < 64; ++i) {
      auto fd = accept_now(listener.get());
      if (fd.get() < 0) {
        // No descriptor is left: the next is taken once a line has ended. Else this would be asked again at once.
        if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED && !lines.empty()) accept_more(false);
        return;
      }
      user->accepted();
      add(std::move(fd), options.tls, options.fault ? options.fault() : line_fault{});
    }
  }

  line_id add(io::descriptor fd, crypto::tls_config tls, const line_fault& fault) {
    const auto id = ++last;
    unblock(fd.get());
    auto session = crypto::tls_session::create(std::move(tls));
    if (!session) return user->closed(id, "no TLS: " + session.error().what), id;
    auto made = std::make_unique<line>(std::move(fd), *std::move(session), fault);
    auto& l = *lines.emplace(id, std::move(made)).first->second;
    watch(l.fd.get(), EPOLL_CTL_ADD, EPOLLIN, id);
    set_wake(id, l, clock::now() + handshake_budget);
    take(id, l, l.session.start(wall_clock()));
    open = lines.size();
    return id;
  }

  void hear(line_id id, line& l) {
    std::array<std::uint8_t, 16384> chunk;
    const auto n = ::recv(l.fd.get(), chunk.data(), chunk.size(), 0);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (n <= 0) return end(l, n == 0 && l.opened ? "" : "the connection broke off");
    if (static_cast<std::size_t>(n) >= l.left.reset_after) return reset(l);
    l.left.reset_after -= static_cast<std::size_t>(n);
    take(id, l, l.session.feed(bytes_view{chunk}.first(static_cast<std::size_t>(n)), wall_clock()));
  }

  /// What a step of TLS brought.
  void take(line_id id, line& l, expected<crypto::tls_output> out) {
    touched.push_back(id);
    if (!out) return end(l, out.error().what);
    put(l.unsent, out->transmit);
    if (out->failure) l.why = out->failure->why.what;
    const bool was_closing = l.closing;
    if (out->failure || out->peer_closed) finish(id, l);
    if (out->handshake_done) {
      l.opened = true;
      if (!l.closing) set_wake(id, l, std::nullopt);
      user->opened(id, *l.session.summary());
    }
    if (out->plaintext.empty() || was_closing) return;
    l.closing ? user->last_words(id, std::move(out->plaintext)) : user->heard(id, std::move(out->plaintext));
  }

  /// Over once all is sent: a peer that does not read that gets its time, too.
  void finish(line_id id, line& l) {
    if (l.closing) return;
    l.closing = true;
    set_wake(id, l, clock::now() + crypto::close_grace);
  }

  static void end(line& l, std::string why) {
    l.dead = true;
    if (l.why.empty()) l.why = std::move(why);
  }

  /// The peer's system drops what it had not read yet.
  static void reset(line& l) {
    const linger at_once{1, 0};
    ::setsockopt(l.fd.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    end(l, "reset");
  }

  static void half_close(line& l) {
    ::shutdown(l.fd.get(), SHUT_WR);
    l.unsent.clear();
  }

  void set_wake(line_id id, line& l, std::optional<time_point> at) {
    if (l.wake) wakes.erase({*l.wake, id});
    l.wake = at;
    if (at) wakes.emplace(*at, id);
  }

  void expire(line_id id) {
    auto& l = *lines.at(id);
    touched.push_back(id);
    set_wake(id, l, std::nullopt);
    if (l.opened && !l.closing) return user->tick(id);
    end(l, l.opened ? "it does not read what it is sent" : "no handshake within its time");
  }

  void flush(line_id id, line& l) const {
    while (!l.unsent.empty() && !l.dead) {
      const auto n = ::send(l.fd.get(), l.unsent.data(), std::min(l.unsent.size(), l.left.finish_after), MSG_NOSIGNAL);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0 && errno != EAGAIN) end(l, "the connection broke off");
      if (n < 0) break;
      l.unsent.erase(l.unsent.begin(), l.unsent.begin() + n);
      l.left.finish_after -= static_cast<std::size_t>(n);
      if (l.left.finish_after == 0) half_close(l);
    }
    if (l.unsent.empty()) l.unsent = {};  // a line that waits for hours keeps no buffer
    if (l.unsent.size() > max_unsent) end(l, "it does not read what it is sent");
    if (l.dead || l.waits_to_send != l.unsent.empty()) return;
    l.waits_to_send = !l.unsent.empty();
    watch(l.fd.get(), EPOLL_CTL_MOD, l.waits_to_send ? EPOLLIN | EPOLLOUT : EPOLLIN, id);
  }

  /// Sends what the lines have to say, and lets those go that are over.
  void settle() {
    for (std::size_t i = 0; i < touched.size(); ++i) {  // the user may touch more
      const auto id = touched[i];
      const auto found = lines.find(id);
      if (found == lines.end()) continue;
      auto& l = *found->second;
      flush(id, l);
      if (!l.dead && !(l.closing && l.unsent.empty())) continue;
      set_wake(id, l, std::nullopt);
      const auto gone = std::move(found->second);
      lines.erase(found);
      open = lines.size();
      accept_more(true);
      user->closed(id, gone->why);
    }
    touched.clear();
  }
};

tls_hub::tls_hub(std::unique_ptr<impl> state) : impl_(std::move(state)) {}
tls_hub::~tls_hub() = default;  // the worker is asked to stop, and waited for

expected<std::unique_ptr<tls_hub>> tls_hub::open(hub_options options) {
  raise_descriptor_limit();
  auto state = std::make_unique<impl>();
  if (state->poller.get() < 0 || state->posted.get() < 0) return fail(errc::exhausted, "no descriptor is left");
  if (options.listens) {
    SMGW_TRY(state->listener, listen_tcp(options.host, options.port, state->port));
    unblock(state->listener.get());
  }
  state->options = std::move(options);
  return std::unique_ptr<tls_hub>(new tls_hub(std::move(state)));
}

void tls_hub::run(hub_user& user) {
  auto* self = impl_.get();
  self->user = &user;
  self->watch(self->posted.get(), EPOLL_CTL_ADD, EPOLLIN, of_posts);
  self->accept_more(true);
  self->worker = std::jthread([self](const std::stop_token& stop) { self->work(stop); });
}

std::uint16_t tls_hub::port() const noexcept { return impl_->port; }
std::size_t tls_hub::lines() const noexcept { return impl_->open.load(); }

void tls_hub::post(std::function<void()> work) {
  {
    const std::scoped_lock lock(impl_->guard);
    impl_->posts.push_back(std::move(work));
  }
  impl_->ring();
}

line_id tls_hub::add(io::descriptor fd, crypto::tls_config tls) {
  return impl_->add(std::move(fd), std::move(tls), {});
}

void tls_hub::send(line_id id, bytes_view plaintext) {
  const auto found = impl_->lines.find(id);
  if (found == impl_->lines.end()) return;
  auto& l = *found->second;
  impl_->touched.push_back(id);
  for (; !plaintext.empty() && !l.closing;
       plaintext = plaintext.subspan(std::min(plaintext.size(), crypto::max_send))) {
    const auto records = l.session.send(plaintext.first(std::min(plaintext.size(), crypto::max_send)));
    if (!records) return impl::end(l, records.error().what);
    put(l.unsent, *records);
  }
}

void tls_hub::close(line_id id) {
  const auto found = impl_->lines.find(id);
  if (found == impl_->lines.end() || found->second->closing) return;
  impl_->touched.push_back(id);
  put(found->second->unsent, found->second->session.close());
  impl_->finish(id, *found->second);
}

void tls_hub::wake(line_id id, std::optional<time_point> at) {
  const auto found = impl_->lines.find(id);
  if (found != impl_->lines.end() && !found->second->closing) impl_->set_wake(id, *found->second, at);
}

}  // namespace smgw::sim
