// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "house.hpp"

#include "actors/platform/assembly.hpp"
#include "actors/platform/console.hpp"

#include <catch2/catch_test_macros.hpp>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <deque>
#include <format>

namespace smgw::test {
namespace {

namespace fs = std::filesystem;

template <class T>
T must(expected<T> value) {
  if (!value) FAIL(value.error().what);
  return *std::move(value);
}

/// The first of the faults for the first connection, and so on.
std::function<sim::line_fault()> one_by_one(std::vector<sim::line_fault> faults) {
  return [left = std::deque(faults.begin(), faults.end())]() mutable {
    if (left.empty()) return sim::line_fault{};
    const auto next = left.front();
    left.pop_front();
    return next;
  };
}

device_id numbered(std::size_t i) { return must(device_id::parse(std::format("1SMG{:010}", i + 1))); }

}  // namespace

// A bound socket that does not listen: others may bind the same port to listen (SO_REUSEADDR on both), but the system
// gives it to nobody by itself.
reserved_port::reserved_port() : held_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const int on = 1;
  ::setsockopt(held_.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof where;
  REQUIRE(::bind(held_.get(), reinterpret_cast<const sockaddr*>(&where), size) == 0);
  REQUIRE(::getsockname(held_.get(), reinterpret_cast<sockaddr*>(&where), &size) == 0);
  number_ = ntohs(where.sin_port);
}

void reserved_port::go_deaf() {
  REQUIRE(::listen(held_.get(), 0) == 0);
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  where.sin_port = htons(number_);
  for (int i = 0; i < 3; ++i) {
    queued_.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (::connect(queued_.back().get(), reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0)
      REQUIRE(errno == EINPROGRESS);
  }
}

house::house(const house_options& options) : options_(options), meter_ports_(options.meters), meters_(options.meters) {
  std::string pattern = (fs::temp_directory_path() / "smgw-process-XXXXXX").string();
  REQUIRE(::mkdtemp(pattern.data()) != nullptr);
  sim::world_options w{.folder = pattern,
                       .gateway = must(device_id::parse("ESMG0000000001")),
                       .meters = {},
                       .emt_port = market_port_.number(),
                       .gwa_port = options.administrator ? administrator_port_.number() : std::uint16_t{0},
                       .gwa_service_port = options.administrator ? service_port_.number() : std::uint16_t{0},
                       .wake_up_port = options.administrator ? wake_up_port_.number() : std::uint16_t{0},
                       .wake_up_tcp = options.wake_up_tcp,
                       .time_port = options.time ? time_port_.number() : std::uint16_t{0},
                       .period = options.period,
                       .billing = options.billing,
                       .delivery = options.delivery,
                       .window = options.window,
                       .retry = options.retry,
                       .curve = options.curve,
                       .key_store = options.key_store,
                       .now = platform::system_clock_now()};
  for (std::size_t i = 0; i < options.meters; ++i)
    w.meters.push_back({meter_id(i), "127.0.0.1", meter_ports_[i].number(), ""});
  world_ = must(sim::make_world(w));
  for (std::size_t i = 0; i < options.meters; ++i) start_meter(i);
}

house::~house() {
  std::error_code failure;
  fs::remove_all(world_.folder, failure);
}

device_id house::meter_id(std::size_t i) const {
  return i == 0 && !options_.first_meter.empty() ? options_.first_meter : numbered(i);
}

void house::start_meter(std::size_t i, sim::meter_options changes) {
  changes.id = meter_id(i);
  changes.seed = i + 1;
  changes.interval = options_.interval;
  changes.tcp_port = meter_ports_[i].number();
  meters_[i].reset();
  meters_[i] = must(sim::meter::start(std::move(changes)));
}

void house::stop_meter(std::size_t i) { meters_[i].reset(); }

void house::open_as(const fs::path& party, const sim::emt_faults& faults) {
  auto gateway = must(sim::load_certificates(world_.pki() / "gateway/tls.pem"));
  market_ = must(sim::emt::start({.port = market_port_.number(),
                                  .self = must(sim::load_party(party)),
                                  .gateways = {.pinned = {gateway.front()}, .anchors = {}},
                                  .gateway_signers = must(sim::load_certificates(world_.pki() / "gateway/sig.pem")),
                                  .faults = faults,
                                  .say = {},
                                  .take = [this](const sim::received_delivery& d) {
                                    const std::scoped_lock lock(guard_);
                                    arrivals_.push_back({platform::system_clock_now(), d});
                                  }}));
}

void house::open_market(const sim::emt_faults& faults) { open_as(world_.pki() / "stadtwerk", faults); }

void house::open_impostor() {
  const auto pki = world_.folder / "other-pki";
  const auto made = sim::make_pki(pki, {{.folder = "stadtwerk", .common_name = "stadtwerk.EMT", .gateway = false}},
                                  crypto::curve::brainpool_p256r1, platform::system_clock_now());
  REQUIRE(made);
  open_as(pki / "stadtwerk", {});
}

sim::managed_gateway& house::open_administrator(std::map<std::string, bytes> files) {
  const auto gateway = gateway_certificates.empty() ? world_.pki() / "gateway" : gateway_certificates;
  administrator_.reset();  // its ports are free again
  administrator_ = must(sim::gwa::start({.port = administrator_port_.number(),
                                         .service_port = service_port_.number(),
                                         .self = must(sim::load_party(world_.pki() / "administrator")),
                                         .gateways = {must(sim::load_gateway(gateway))},
                                         .say = {},
                                         .files = std::move(files),
                                         .fault = one_by_one(administrator_faults)}));
  return administrator_->gateways().front();
}

sim::time_server& house::open_time(std::chrono::milliseconds wrong_by, bool synchronised) {
  time_.reset();
  time_ = must(sim::time_server::start(
      {.port = time_port_.number(),
       .identity = must(sim::load_party(world_.pki() / "administrator")).identity(),
       .peers = {.pinned = must(sim::load_certificates(world_.pki() / "gateway/tls.pem")), .anchors = {}},
       .state = [synchronised] { return ntp::server_state{.synchronised = synchronised, .reference_id = 0x47505300}; },
       .wrong_by = [wrong_by] { return wrong_by; },
       .fault = one_by_one(time_faults)}));
  return *time_;
}

void house::close_market() { market_.reset(); }

void house::deafen_market() {
  close_market();
  market_port_.go_deaf();
}

void house::deafen_meter(std::size_t i) {
  stop_meter(i);
  meter_ports_[i].go_deaf();
}

sim::emt_counts house::market() const { return market_ ? market_->counts() : sim::emt_counts{}; }

std::vector<arrival> house::arrivals() const {
  const std::scoped_lock lock(guard_);
  return arrivals_;
}

std::vector<arrival> house::documents(std::string_view source) const {
  std::vector<arrival> found;
  for (auto& a : arrivals()) {
    const auto same = [&](const arrival& b) { return a.what.document == b.what.document; };
    if (a.source() == source && std::ranges::none_of(found, same)) found.push_back(std::move(a));
  }
  return found;
}

nlohmann::json house::status() const {
  const auto answer = platform::ask_console(world_.data(), "status");
  return answer ? nlohmann::json::parse(*answer) : nlohmann::json::object();
}

std::int64_t house::number(const std::string& who, const std::string& field) const {
  const auto all = status();
  return all.contains(who) ? all[who].value(field, std::int64_t{-1}) : -1;
}

void stop(process& gateway) {
  gateway.signal(SIGTERM);
  const auto code = gateway.wait(5s);
  INFO(gateway.text());
  REQUIRE(code.has_value());
  CHECK(*code == 0);
}

}  // namespace smgw::test
