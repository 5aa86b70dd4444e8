// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// The contracts of all ports, run by a maker against its own.

#include "acme_protocol.hpp"
#include "antenna.hpp"
#include "bus.hpp"
#include "front_panel.hpp"
#include "guarded_keys.hpp"
#include "signed_slots.hpp"
#include "supervisor_chip.hpp"

#include <smgw/linux_ports.hpp>
#include <smgw/testkit/contracts.hpp>

#include <unistd.h>

#include <cstdio>

using namespace std::chrono_literals;

namespace {

int faults = 0;

void tell(const char* port, const smgw::testkit::findings& found) {
  std::printf("%-15s %s\n", port, found.empty() ? "keeps its contract" : "BREAKS ITS CONTRACT");
  for (const auto& f : found) std::printf("    %s\n", f.c_str());
  faults += static_cast<int>(found.size());
}

void serial() {
  const auto wire = std::make_shared<acme::wire>();
  acme::bus_port port(wire);
  tell("serial port", smgw::testkit::check_serial_port(port, {[&](smgw::bytes_view d) { wire->to_gateway.put(d); },
                                                              [&](std::size_t n) {
                                                                smgw::bytes got;
                                                                while (got.size() < n) {
                                                                  const auto more =
                                                                      wire->to_meter.take(n - got.size(), 2s);
                                                                  if (more.empty()) break;
                                                                  got.insert(got.end(), more.begin(), more.end());
                                                                }
                                                                return got;
                                                              },
                                                              [&] { wire->to_gateway.cut(); }}));
}

void radio() {
  const auto air = std::make_shared<acme::air>();
  acme::antenna antenna(air);
  tell("radio",
       smgw::testkit::check_radio(antenna, [&](smgw::bytes_view frame) { air->carry(frame); }, [&] { air->cut(); }));
}

void protocol() {
  std::string lines;
  for (int i = 0; i < 20; ++i) lines += acme::answer_line("1ACM0000000001", 1'000 + i);
  tell("meter protocol", smgw::testkit::check_meter_protocol([] { return std::make_unique<acme::protocol>(1s); },
                                                             smgw::bytes(lines.begin(), lines.end()), 20));
}

void slots() {
  const auto folder = std::filesystem::temp_directory_path() / ("acme-slots-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  const auto maker = acme::make_maker_keys();
  acme::signed_slots slot(folder, maker.public_key);
  tell("update slot", smgw::testkit::check_update_slot(slot, acme::sign_image(maker, "2.0", "a firmware")));
  std::filesystem::remove_all(folder);
}

void keys() {
  const auto file = std::filesystem::temp_directory_path() / ("acme-keys-" + std::to_string(::getpid()));
  const auto inner = smgw::linux_ports::soft_keys(file, smgw::secret(smgw::bytes{'b', 'o', 'x'}));
  if (!inner) return tell("key store", {inner.error().what});
  acme::guarded_keys guarded(*inner);
  tell("key store", smgw::testkit::check_key_store(guarded));
  std::filesystem::remove(file);
}

}  // namespace

int main() {
  serial();
  radio();
  protocol();
  slots();
  keys();
  acme::front_panel panel;
  tell("display", smgw::testkit::check_display(panel, [&] { return panel.seen(); }));
  acme::supervisor_chip chip(200ms);
  tell("watchdog", smgw::testkit::check_watchdog(chip, [&] { return chip.resets(); }));
  tell("clock", smgw::testkit::check_clock(*smgw::linux_ports::system_clock()));
  return faults == 0 ? 0 : 1;
}
