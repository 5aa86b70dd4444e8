// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "kit/notebook.hpp"

#include <algorithm>
#include <random>

namespace smgw::testkit {
namespace {

using namespace std::chrono_literals;

/// What a protocol may keep to say at once; beyond it, noise makes it flood the line.
constexpr std::size_t max_transmit = 65'536;

/// A protocol, its time, and what it has said so far.
struct player {
  player(std::unique_ptr<ports::meter_protocol> p, notebook& n) : protocol(std::move(p)), notes(n) { open(); }

  std::unique_ptr<ports::meter_protocol> protocol;
  notebook& notes;
  time_point now{std::chrono::hours{24}};
  std::vector<ports::meter_report> reports;
  bool healthy = true;

  void open() { take(protocol->open(now), true); }
  void feed(bytes_view octets, bool must) { take(protocol->feed(octets, now), must); }

  void take(expected<ports::protocol_output> said, bool must) {
    if (!said) {
      if (must) notes.expect(false, "a good recording is refused: " + said.error().what);
      healthy = healthy && !must;
      open_again = true;
      return;
    }
    for (auto& r : said->reports) {
      healthy &= notes.expect(r.captured <= now && r.captured >= now - 5min,
                              "a report was captured in the future, or more than five minutes ago");
      healthy &= notes.expect(!r.meter.empty(), "a report names no meter");
      reports.push_back(std::move(r));
    }
    healthy &= notes.expect(said->transmit.size() <= max_transmit, "it floods the line");
    if (said->wake_at) healthy &= notes.expect(*said->wake_at > now, "its deadline has passed already: it would spin");
  }
  bool open_again = false;
};

bool same(const ports::meter_report& a, const ports::meter_report& b) {
  return a.meter == b.meter && a.status == b.status &&
         std::ranges::equal(a.registers, b.registers, [](const auto& x, const auto& y) {
           return x.name == y.name && x.value == y.value && x.measured == y.measured;
         });
}

/// Plays the recording in pieces of random size, at most `most`, 10 ms apart.
void play(player& p, bytes_view recording, std::size_t most, std::mt19937_64& chance) {
  while (!recording.empty() && p.healthy) {
    const auto size = std::min<std::size_t>(recording.size(), 1 + chance() % most);
    p.feed(recording.first(size), true);
    recording = recording.subspan(size);
    p.now += 10ms;
  }
}

bytes noise(std::size_t size, std::mt19937_64& chance) {
  bytes made(size);
  for (auto& octet : made) octet = static_cast<std::uint8_t>(chance());
  return made;
}

}  // namespace

findings check_meter_protocol(const std::function<std::unique_ptr<ports::meter_protocol>()>& make, bytes_view recording,
                              std::size_t reports, std::uint64_t seed) {
  notebook notes;
  std::mt19937_64 chance(seed);
  player whole(make(), notes);
  play(whole, recording, recording.size(), chance);
  notes.expect(whole.reports.size() == reports, "the recording makes " + std::to_string(whole.reports.size()) +
                                                    " reports, and not " + std::to_string(reports));
  for (const std::size_t most : {std::size_t{1}, std::size_t{3}, std::size_t{50}}) {
    player pieces(make(), notes);
    play(pieces, recording, most, chance);
    notes.expect(std::ranges::equal(whole.reports, pieces.reports, same),
                 "pieces of at most " + std::to_string(most) + " octets make other reports than the whole");
  }
  player torn(make(), notes);
  play(torn, recording.first(recording.size() / 2), 50, chance);
  torn.reports.clear();
  torn.open();
  play(torn, recording, 50, chance);
  notes.expect(std::ranges::equal(whole.reports, torn.reports, same),
               "after a break and `open` it makes other reports");
  player noisy(make(), notes);
  for (int i = 0; i < 64; ++i) {
    noisy.feed(noise(1024, chance), false);
    if (std::exchange(noisy.open_again, false)) noisy.open();
    noisy.now += 1s;
  }
  noisy.reports.clear();
  noisy.open();
  play(noisy, recording, 50, chance);
  notes.expect(std::ranges::equal(whole.reports, noisy.reports, same), "after noise and `open` it makes other reports");
  return notes.take();
}

}  // namespace smgw::testkit
