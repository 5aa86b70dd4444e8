// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/check.hpp"
#include "emt.hpp"
#include "listen.hpp"
#include "meter.hpp"
#include "world.hpp"

#include <smgw/testkit/house.hpp>

#include <unistd.h>

#include <format>
#include <mutex>

namespace smgw::testkit {
namespace {

namespace fs = std::filesystem;

expected<fs::path> fresh_folder() {
  std::string pattern = (fs::temp_directory_path() / "smgw-house-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) return fail(errc::unavailable, pattern + ": cannot be made");
  return fs::path(pattern);
}

}  // namespace

struct house::impl {
  house_options options;
  bool own_folder = false;
  sim::world world;
  std::vector<std::unique_ptr<sim::meter>> meters;
  io::descriptor reserved;  ///< the market participant's port stays ours while it is away
  std::uint16_t market_port = 0;
  mutable std::mutex guard;
  std::vector<delivered_value> values;
  std::size_t deliveries = 0;
  std::vector<std::string> complaints;
  std::unique_ptr<sim::emt> market;  ///< last: its threads write what stands above

  ~impl() {
    market = nullptr;
    meters.clear();
    std::error_code gone;
    if (own_folder) fs::remove_all(options.folder, gone);
  }

  void take(const sim::received_delivery& d) {
    const std::scoped_lock lock(guard);
    ++deliveries;
    for (const auto& c : d.content.channels)
      for (const auto& e : c.entries)
        values.push_back({d.content.source.substr(0, d.content.source.rfind('.')), c.register_name, e.value.value,
                          e.value.captured, e.value.status.combined()});
  }

  /// Simulated meters first: the profiles name their ports.
  expected<std::vector<sim::world_meter>> start_meters() {
    std::vector<sim::world_meter> made;
    for (const auto& m : options.meters) {
      made.push_back({m.id, "127.0.0.1", 0, m.device});
      if (!m.device.empty()) continue;
      SMGW_TRY(auto started, sim::meter::start({.id = m.id,
                                                .seed = meters.size() + 1,
                                                .interval = std::chrono::milliseconds(options.period) / 10}));
      made.back().tcp_port = started->port();
      meters.push_back(std::move(started));
    }
    return made;
  }

  expected<void> open_market() {
    SMGW_TRY(auto self, sim::load_party(world.pki() / "stadtwerk"));
    SMGW_TRY(const auto tls, sim::load_certificates(world.pki() / "gateway/tls.pem"));
    SMGW_TRY(const auto signers, sim::load_certificates(world.pki() / "gateway/sig.pem"));
    SMGW_TRY(market, sim::emt::start({.port = market_port,
                                      .self = std::move(self),
                                      .gateways = {.pinned = {tls.front()}},
                                      .gateway_signers = signers,
                                      .say = [this](const std::string& line) { say(line); },
                                      .take = [this](const sim::received_delivery& d) { take(d); }}));
    return {};
  }

  void say(const std::string& line) {
    if (line.find("refused") == line.npos) return;
    const std::scoped_lock lock(guard);
    complaints.push_back(line);
  }
};

house::house(std::unique_ptr<impl> state) : impl_(std::move(state)) {}
house::house(house&&) noexcept = default;
house& house::operator=(house&&) noexcept = default;
house::~house() = default;

expected<house> house::build(house_options options) {
  auto made = std::make_unique<impl>();
  made->options = std::move(options);
  auto& o = made->options;
  if (o.folder.empty()) {
    SMGW_TRY(o.folder, fresh_folder());
    made->own_folder = true;
  }
  if (o.gateway.empty()) o.gateway = *device_id::parse("ESMG0000000001");
  SMGW_TRY(auto meters, made->start_meters());
  SMGW_TRY(made->reserved, sim::reserve_port(made->market_port));
  SMGW_TRY(made->world,
           sim::make_world({.folder = o.folder,
                            .gateway = o.gateway,
                            .meters = std::move(meters),
                            .emt_port = made->market_port,
                            .period = o.period,
                            .billing = o.billing,
                            .delivery = o.delivery,
                            .retry = std::chrono::milliseconds{200},
                            .curve = o.curve,
                            .keys = o.keys,
                            .now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now())}));
  SMGW_CHECK(made->open_market());
  return house(std::move(made));
}

fs::path house::configuration() const { return impl_->world.configuration(); }

std::vector<delivered_value> house::values() const {
  const std::scoped_lock lock(impl_->guard);
  return impl_->values;
}
std::size_t house::deliveries() const {
  const std::scoped_lock lock(impl_->guard);
  return impl_->deliveries;
}
std::vector<std::string> house::complaints() const {
  const std::scoped_lock lock(impl_->guard);
  return impl_->complaints;
}
void house::close_market() { impl_->market = nullptr; }
expected<void> house::open_market() { return impl_->open_market(); }

}  // namespace smgw::testkit
