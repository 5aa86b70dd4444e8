// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// A whole appliance: the gateway with every port supplied by its maker, a meter of the maker's own on the maker's bus,
// and the testkit's market participant as the other end. Ends with 0 if what the meter said has arrived, once, signed
// and encrypted, and everything around it did its part.

#include "acme_protocol.hpp"
#include "bus.hpp"
#include "front_panel.hpp"
#include "guarded_keys.hpp"
#include "signed_slots.hpp"
#include "supervisor_chip.hpp"

#include <smgw/gateway.hpp>
#include <smgw/linux_ports.hpp>
#include <smgw/testkit/house.hpp>

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <set>

using namespace std::chrono_literals;

namespace {

constexpr auto meter_id = "1ACM0000000001";
constexpr auto patience = 60s;

template <class T>
T must(smgw::expected<T> value, const char* what) {
  if (value) {
    if constexpr (std::is_void_v<T>)
      return;
    else
      return *std::move(value);
  }
  std::cerr << what << ": " << value.error().what << "\n";
  std::exit(1);
}

void require(bool holds, const char* what) {
  if (holds) return;
  std::cerr << "not so: " << what << "\n";
  std::exit(1);
}

bool eventually(const std::function<bool()>& holds) {
  const auto until = std::chrono::steady_clock::now() + patience;
  while (!holds() && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(50ms);
  return holds();
}

/// The meter at the far end of the bus: answers each question with a level that grows.
class meter {
 public:
  explicit meter(std::shared_ptr<acme::wire> bus)
      : bus_(std::move(bus)), thread_([this](const std::stop_token& stop) { answer(stop); }) {}
  [[nodiscard]] bool has_said(std::int64_t level) const {
    const std::scoped_lock lock(guard_);
    return said_.contains(level);
  }

 private:
  void answer(const std::stop_token& stop) {
    for (std::int64_t level = 1'000'000; !stop.stop_requested(); ++level) {
      if (bus_->to_meter.take(16, 100ms).empty()) continue;
      const auto line = acme::answer_line(meter_id, level);
      {
        const std::scoped_lock lock(guard_);
        said_.insert(level);
      }
      bus_->to_gateway.put(smgw::bytes(line.begin(), line.end()));
    }
  }

  std::shared_ptr<acme::wire> bus_;
  mutable std::mutex guard_;
  std::set<std::int64_t> said_;
  std::jthread thread_;
};

/// Everything that the maker puts into the box.
struct box {
  std::filesystem::path folder;
  acme::maker_keys maker = acme::make_maker_keys();
  std::shared_ptr<acme::wire> bus = std::make_shared<acme::wire>();
  std::shared_ptr<acme::guarded_keys> keys = std::make_shared<acme::guarded_keys>(
      must(smgw::linux_ports::soft_keys(folder / "keys", smgw::secret(smgw::bytes{'b', 'o', 'x'})), "keys"));
  std::shared_ptr<acme::front_panel> panel = std::make_shared<acme::front_panel>();
  std::shared_ptr<acme::supervisor_chip> chip = std::make_shared<acme::supervisor_chip>(3s);
  std::shared_ptr<acme::signed_slots> slots = std::make_shared<acme::signed_slots>(folder, maker.public_key);

  [[nodiscard]] smgw::gateway_ports ports() const {
    smgw::gateway_ports p;
    p.open_serial =
        [bus = bus](const smgw::ports::serial_line& line) -> smgw::expected<std::unique_ptr<smgw::ports::serial_port>> {
      if (line.device != "/acme/bus") return smgw::fail(smgw::errc::unsupported, line.device + ": no such bus");
      return std::make_unique<acme::bus_port>(bus);
    };
    p.make_protocol = [](std::string_view) { return std::make_unique<acme::protocol>(200ms); };
    p.keys = keys;
    p.display = panel;
    p.watchdog = chip;
    p.update = slots;
    p.clock = smgw::linux_ports::system_clock();
    return p;
  }
};

void check_values(const smgw::testkit::house& house, const meter& m) {
  std::set<std::int64_t> seen;  // the meter never says a level twice
  std::size_t counted = 0;
  for (const auto& v : house.values()) {
    if (v.evaluation != "taf7-1" || (v.status >> 32U & (1U << 13U)) != 0) continue;
    require(m.has_said(v.value.value), "a delivered value is one that the meter has said");
    require(seen.insert(v.value.value).second, "each value is delivered once");
    ++counted;
  }
  require(counted >= 3, "three values or more are delivered");
  std::printf("%zu values in %zu deliveries\n", counted, house.deliveries());
}

void update(smgw::gateway& gateway, const box& b) {
  const auto image = acme::sign_image(b.maker, "2.0", "firmware");
  auto altered = image;
  altered[5] ^= 1U;
  const auto stage = [&](smgw::bytes what) {
    const auto size = what.size();
    return gateway.stage_firmware(size,
                                  [what = std::move(what), done = false]() mutable -> smgw::expected<smgw::bytes> {
                                    return std::exchange(done, true) ? smgw::bytes{} : what;
                                  });
  };
  const auto refused = stage(altered);
  require(!refused && refused.error().code == smgw::errc::untrusted, "an altered firmware is refused");
  require(must(stage(image), "the signed firmware") == "2.0", "the signed firmware is staged");
  must(gateway.activate_firmware(), "activate");
  require(must(gateway.firmware(), "firmware").staged == "2.0", "the staged firmware is told");
}

}  // namespace

int main() {
  const auto folder = std::filesystem::temp_directory_path() / ("acme-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  const box b{folder};
  const auto id = must(smgw::device_id::parse(meter_id), "the meter's id");
  smgw::testkit::house_options options;
  options.folder = folder;
  options.meters = {{id, "/acme/bus"}};
  options.keys = b.keys;
  auto house = must(smgw::testkit::house::build(std::move(options)), "the house");
  const meter m(b.bus);
  {
    const auto quiet = std::getenv("APPLIANCE_SAYS") == nullptr;
    auto gateway = must(smgw::gateway::start({house.configuration(),
                                              [quiet](std::string_view who, std::string_view what) {
                                                if (!quiet) std::cerr << who << ": " << what << std::endl;
                                              },
                                              b.ports()}),
                        "the gateway");
    require(eventually([&] { return house.deliveries() >= 4; }), "deliveries arrive");
    using enum smgw::ports::lamp;
    require(eventually([&] { return b.panel->seen() == smgw::ports::lamps{on, on, on, off}; }),
            "the panel shows power, WAN and wired LMN");
    require(b.keys->signatures() > 0, "signatures come from the maker's keys");
    update(gateway, b);
    require(eventually([&] { return b.chip->fed() >= 3; }), "the supervisor chip is fed");
    require(!gateway.failed(), "the gateway is well");
  }
  require(b.chip->resets() == 0, "the supervisor chip pulled no reset");
  check_values(house, m);
  for (const auto& c : house.complaints()) std::cerr << c << "\n";
  require(house.complaints().empty(), "nothing to complain about");
  std::filesystem::remove_all(folder);
  std::printf("appliance over smgw %s: all well\n", std::string(smgw::version()).c_str());
}
