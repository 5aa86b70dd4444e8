// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "kit/notebook.hpp"

#include <algorithm>
#include <thread>

namespace smgw::testkit {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// How much longer than it was told a call may take: schedulers are no clocks.
constexpr milliseconds slack{500};

milliseconds taken(steady_clock::time_point from) {
  return std::chrono::floor<milliseconds>(steady_clock::now() - from);
}

/// Every octet there is: XON, CR and ^C are no more than others on a raw line.
bytes all_octets() {
  bytes all(256);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint8_t>(i);
  return all;
}

/// Reads `size` octets in pieces of at most `piece`; what came within 2 s.
bytes read_some(ports::serial_port& port, std::size_t size, std::size_t piece, notebook& notes) {
  bytes got, buffer(piece);
  const auto until = steady_clock::now() + 2s;
  while (got.size() < size && steady_clock::now() < until) {
    const auto n = port.read(buffer, 100ms);
    if (!notes.expect(n, "read")) return got;
    if (!notes.expect(*n <= piece, "read answers more octets than it was given room for")) return got;
    got.insert(got.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(*n));
  }
  return got;
}

void check_patience(ports::serial_port& port, notebook& notes) {
  bytes buffer(16);
  const auto from = steady_clock::now();
  const auto none = port.read(buffer, 50ms);
  const auto took = taken(from);
  if (notes.expect(none, "read of a silent line")) notes.expect(*none == 0, "read of a silent line brings octets");
  notes.expect(took >= 40ms, "read does not wait for its patience: the gateway would spin");
  notes.expect(took <= 50ms + slack, "read waits longer than it was told");
}

void check_both_ways(ports::serial_port& port, const far_end& other, notebook& notes) {
  const auto text = all_octets();
  other.send(text);
  notes.expect(read_some(port, text.size(), 4096, notes) == text, "octets that come in are altered, lost or reordered");
  other.send(text);
  notes.expect(read_some(port, text.size(), 7, notes) == text, "octets are lost when they are read in small pieces");
  notes.expect(port.write({}, 1s), "a write of nothing");
  if (notes.expect(port.write(text, 1s), "write"))
    notes.expect(other.receive(text.size()) == text, "octets that go out are altered, lost or reordered");
}

/// A reader that waits must not keep the writer waiting.
void check_at_once(ports::serial_port& port, const far_end& other, notebook& notes) {
  const bytes text(64, 0x55);
  bytes buffer(16);
  std::jthread reader([&] { (void)port.read(buffer, 1500ms); });
  std::this_thread::sleep_for(50ms);
  const auto from = steady_clock::now();
  notes.expect(port.write(text, 1s), "a write while another thread reads");
  notes.expect(taken(from) < 1s, "a write waits until a read is over");
  notes.expect(other.receive(text.size()) == text, "a write while another thread reads does not go out whole");
}

void check_loss(ports::serial_port& port, const far_end& other, notebook& notes) {
  other.cut();
  bytes buffer(16);
  const auto until = steady_clock::now() + 2s;
  while (steady_clock::now() < until)
    if (!port.read(buffer, 100ms)) return;
  notes.expect(false, "a lost line is read as a silent one: the gateway would never open it again");
}

}  // namespace

findings check_serial_port(ports::serial_port& port, const far_end& other) {
  notebook notes;
  check_patience(port, notes);
  check_both_ways(port, other, notes);
  check_at_once(port, other, notes);
  if (other.cut) check_loss(port, other, notes);
  return notes.take();
}

findings check_radio(ports::radio& radio, const std::function<void(bytes_view)>& send,
                     const std::function<void()>& cut) {
  notebook notes;
  const auto from = steady_clock::now();
  const auto none = radio.receive(50ms);
  const auto took = taken(from);
  if (notes.expect(none, "receive while nobody sends")) notes.expect(!*none, "a frame comes though nobody sends");
  notes.expect(took >= 40ms, "receive does not wait for its patience: the gateway would spin");
  notes.expect(took <= 50ms + slack, "receive waits longer than it was told");
  for (const std::size_t size : {12U, 16U, 128U, 256U}) {
    bytes frame(size, 0xA5);
    frame[0] = static_cast<std::uint8_t>(size - 1);
    const auto sent = steady_clock::now();
    send(frame);
    const auto got = radio.receive(2s);
    if (!notes.expect(got, "receive")) break;
    if (!notes.expect(got->has_value(), "a frame of " + std::to_string(size) + " octets does not come")) continue;
    notes.expect(taken(sent) <= 500ms, "a frame comes later than 500 ms after it was sent (REQ.WMBUS.apl.40)");
    const auto& f = **got;
    notes.expect(!f.octets.empty() && f.octets.size() <= ports::longest_radio_frame,
                 "a frame without or beyond its size");
    if (f.format == ports::radio_format::stripped) notes.expect(f.octets == frame, "a frame is altered or cut");
    if (f.rssi_dbm) notes.expect(*f.rssi_dbm > -128 && *f.rssi_dbm < 127, "a field strength that no air has");
  }
  if (!cut) return notes.take();
  cut();
  const auto until = steady_clock::now() + 2s;
  while (steady_clock::now() < until)
    if (!radio.receive(100ms)) return notes.take();
  notes.expect(false, "a lost receiver looks like a silent one: the gateway would never open it again");
  return notes.take();
}

findings check_display(ports::display& display, const std::function<ports::lamps()>& seen) {
  notebook notes;
  constexpr std::array states{ports::lamp::off, ports::lamp::on, ports::lamp::blinking};
  for (std::size_t i = 0; i < 81; ++i) {
    const ports::lamps now{states[i % 3], states[i / 3 % 3], states[i / 9 % 3], states[i / 27]};
    const auto from = steady_clock::now();
    if (!notes.expect(display.show(now), "show")) break;
    notes.expect(taken(from) <= 1s, "show takes more than a second");
    if (!notes.expect(seen() == now, "combination " + std::to_string(i) + " of 81 is shown as another")) break;
  }
  return notes.take();
}

findings check_watchdog(ports::watchdog& watchdog, const std::function<unsigned()>& bites) {
  notebook notes;
  const auto within = watchdog.arm();
  if (!notes.expect(within, "arm") || !notes.expect(*within > 0ms, "arm grants no time")) return notes.take();
  const auto before = bites();
  for (int i = 0; i < 6; ++i) {
    std::this_thread::sleep_for(*within / 3);
    watchdog.feed();
  }
  notes.expect(bites() == before, "it bites though it is fed three times in its time");
  watchdog.disarm();
  std::this_thread::sleep_for(*within * 2);
  notes.expect(bites() == before, "it bites after it was disarmed");
  const auto again = watchdog.arm();
  if (!notes.expect(again, "arm after disarm")) return notes.take();
  std::this_thread::sleep_for(*again * 3);
  notes.expect(bites() > before, "it does not bite though nobody feeds it");
  watchdog.disarm();
  return notes.take();
}

findings check_clock(const ports::clock& clock) {
  notebook notes;
  notes.expect(clock.now() > timestamp{std::chrono::sys_days{std::chrono::year{2024} / 1 / 1}},
               "it tells a time before 2024: nobody has set it");
  constexpr int calls = 20'000;
  std::array<bool, 3> backwards{};
  const auto from = steady_clock::now();
  {
    std::vector<std::jthread> askers;
    for (auto& back : backwards)
      askers.emplace_back([&clock, &back] {
        auto last = clock.now();
        for (int i = 0; i < calls; ++i) {
          const auto now = clock.now();
          back = back || now < last;
          last = now;
        }
      });
  }
  notes.expect(taken(from) < 3s, "60,000 calls take more than 3 s: it blocks");
  notes.expect(std::ranges::none_of(backwards, [](bool b) { return b; }), "it goes backwards");
  const auto legal = clock.now();
  const auto steady = steady_clock::now();
  std::this_thread::sleep_for(500ms);
  const auto drift = (clock.now() - legal) - taken(steady);
  notes.expect(drift < 50ms && drift > -50ms,
               "half a second lasts " + std::to_string(500 + drift.count()) + " ms on it");
  return notes.take();
}

}  // namespace smgw::testkit
