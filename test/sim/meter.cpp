// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "meter.hpp"

#include "base/check.hpp"
#include "listen.hpp"
#include "protocols/sml/message.hpp"
#include "protocols/sml/transport.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <thread>
#include <vector>

namespace smgw::sim {
namespace {

constexpr std::array<std::uint8_t, 6> import_total{1, 0, 1, 8, 0, 255};
constexpr std::array<std::uint8_t, 6> export_total{1, 0, 2, 8, 0, 255};
constexpr std::array<std::uint8_t, 6> power_now{1, 0, 16, 7, 0, 255};
/// FNN basic meter: active power present, voltage on three phases (status-word table).
constexpr std::uint64_t fnn_status = 0x001C0104;

timestamp wall_clock() { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); }

}  // namespace

bytes meter_telegram(const device_id& meter, const household& home, timestamp at, std::uint32_t second_index) {
  const auto server_id = meter.server_id();
  bytes transaction(4);
  for (std::size_t i = 0; i < 4; ++i) transaction[i] = static_cast<std::uint8_t>(second_index >> (24 - 8 * i));
  const sml::moment now{.kind = sml::moment::form::second_index, .seconds = second_index};
  const std::array values{sml::register_entry{.name = sml::octets{import_total},
                                              .status = {fnn_status, 4},
                                              .val_time = now,
                                              .unit = static_cast<std::uint8_t>(unit::watt_hour),
                                              .scaler = std::int8_t{-1},
                                              .value = sml::value::of(home.energy(at)),
                                              .signature = {}},
                          sml::register_entry{.name = sml::octets{export_total},
                                              .status = {fnn_status, 4},
                                              .val_time = now,
                                              .unit = static_cast<std::uint8_t>(unit::watt_hour),
                                              .scaler = std::int8_t{-1},
                                              .value = sml::value::of(0),
                                              .signature = {}},
                          sml::register_entry{.name = sml::octets{power_now},
                                              .status = {},
                                              .val_time = {},
                                              .unit = static_cast<std::uint8_t>(unit::watt),
                                              .scaler = std::int8_t{0},
                                              .value = sml::value::of(home.power(at), 4),
                                              .signature = {}}};
  bytes payload;
  const auto put_body = [&](sml::message_body body) {
    sml::put_message(payload, {.transaction_id = sml::octets{transaction}, .body = std::move(body)});
  };
  put_body(sml::open_response{.codepage = {},
                              .client_id = {},
                              .request_file_id = sml::octets{transaction},
                              .server_id = sml::octets{server_id},
                              .ref_time = now,
                              .sml_version = {}});
  put_body(sml::get_list_response{.client_id = {},
                                  .server_id = sml::octets{server_id},
                                  .list_name = {},
                                  .act_sensor_time = now,
                                  .values = sml::view<sml::register_entry>{values},
                                  .list_signature = {},
                                  .act_gateway_time = {}});
  put_body(sml::close_response{});
  bytes file;
  sml::put_file(file, payload);
  return file;
}

struct meter::impl {
  meter_options options;
  household home{options.seed};
  io::descriptor listener;  ///< TCP
  io::descriptor terminal;  ///< master side
  std::uint16_t port = 0;
  std::atomic<std::uint64_t> sent{0};
  timestamp started = wall_clock();
  std::jthread worker;

  explicit impl(meter_options given) : options(std::move(given)) {}
  ~impl() {
    worker.request_stop();
    if (worker.joinable()) worker.join();
    if (!options.device.empty()) ::unlink(options.device.c_str());
  }

  [[nodiscard]] bytes telegram() const {
    if (!options.replay.empty()) return options.replay;
    const auto now = wall_clock();
    if (options.telegram) return options.telegram(now, static_cast<std::uint32_t>(sent + 1));
    return meter_telegram(
        options.id, home, now,
        static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::seconds>(now - started).count() + 1000));
  }

  [[nodiscard]] expected<void> open_terminal() {
    terminal = io::descriptor{::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK)};
    if (terminal.get() < 0 || ::grantpt(terminal.get()) != 0 || ::unlockpt(terminal.get()) != 0)
      return fail(errc::unavailable, "no pseudo-terminal to be had");
    std::array<char, 128> name{};
    if (::ptsname_r(terminal.get(), name.data(), name.size()) != 0)
      return fail(errc::unavailable, "the pseudo-terminal has no name");
    termios raw{};
    ::tcgetattr(terminal.get(), &raw);
    ::cfmakeraw(&raw);
    ::tcsetattr(terminal.get(), TCSANOW, &raw);
    ::unlink(options.device.c_str());
    if (::symlink(name.data(), options.device.c_str()) != 0)
      return fail(errc::unavailable, options.device + ": cannot be made");
    return {};
  }

  /// Octets from whoever listens; the first listener is the one that is talked to.
  [[nodiscard]] static bytes heard(const io::descriptor& from) {
    bytes chunk(4096);
    const auto n = from.get() < 0 ? -1 : ::read(from.get(), chunk.data(), chunk.size());
    chunk.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
    return chunk;
  }

  /// A bus: nobody speaks unasked, so there is no interval.
  void talk(const std::stop_token& stop) {
    io::descriptor peer;
    while (!stop.stop_requested()) {
      const int from = terminal.get() >= 0 ? terminal.get() : peer.get();
      std::array<pollfd, 2> waiting{pollfd{listener.get(), POLLIN, 0}, pollfd{from, POLLIN, 0}};
      ::poll(waiting.data(), waiting.size(), 5);
      if ((waiting[0].revents & POLLIN) != 0)
        peer = io::descriptor{::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK)};
      // A line that nobody has opened hangs up at once, each time it is asked.
      if ((waiting[1].revents & (POLLHUP | POLLIN)) == POLLHUP)
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
      const auto said = options.converse(heard(terminal.get() >= 0 ? terminal : peer));
      if (said.empty()) continue;
      ++sent;
      if (terminal.get() >= 0) {
        if (::write(terminal.get(), said.data(), said.size()) < 0 && errno != EAGAIN) return;
      } else if (peer.get() >= 0) {
        ::send(peer.get(), said.data(), said.size(), MSG_NOSIGNAL);
      }
    }
  }

  void run(const std::stop_token& stop) {
    if (options.converse) return talk(stop);
    std::vector<io::descriptor> listeners;
    auto next = std::chrono::steady_clock::now();
    while (!stop.stop_requested()) {
      const auto wait = std::chrono::duration_cast<std::chrono::milliseconds>(next - std::chrono::steady_clock::now());
      pollfd waiting{listener.get(), POLLIN, 0};
      const int ready =
          ::poll(&waiting, listener.get() >= 0 ? 1 : 0, static_cast<int>(std::clamp<long>(wait.count(), 0, 200)));
      if (ready > 0) listeners.emplace_back(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
      if (std::chrono::steady_clock::now() < next) continue;
      next += options.interval;
      const auto data = options.disturb ? options.disturb(telegram()) : telegram();
      if (data.empty()) continue;
      ++sent;
      if (terminal.get() >= 0 && ::write(terminal.get(), data.data(), data.size()) < 0 && errno != EAGAIN) return;
      std::erase_if(listeners, [&](const io::descriptor& to) {
        return ::send(to.get(), data.data(), data.size(), MSG_NOSIGNAL) < 0 && errno != EAGAIN;
      });
    }
  }
};

meter::meter(std::unique_ptr<impl> state) : impl_(std::move(state)) {}
meter::~meter() = default;

expected<std::unique_ptr<meter>> meter::start(meter_options options) {
  auto state = std::make_unique<impl>(std::move(options));
  if (state->options.device.empty()) {
    SMGW_TRY(state->listener, listen_tcp(state->options.tcp_host, state->options.tcp_port, state->port));
  } else {
    SMGW_CHECK(state->open_terminal());
  }
  auto* self = state.get();
  state->worker = std::jthread([self](const std::stop_token& stop) { self->run(stop); });
  return std::unique_ptr<meter>(new meter(std::move(state)));
}

std::uint16_t meter::port() const noexcept { return impl_->port; }
std::uint64_t meter::telegrams() const noexcept { return impl_->sent; }

}  // namespace smgw::sim
