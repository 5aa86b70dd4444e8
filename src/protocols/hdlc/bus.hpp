// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The primary station of a wired bus (detail specification 8.1; REQ.TLSHDLC.SMGW.10 to .30): finds participants, gives
/// them addresses, sets their links up, polls them in turn and notices those that fell silent. Half duplex: whoever is
/// asked has the line until it answered or its time is up.

#include "protocols/hdlc/assignment.hpp"
#include "protocols/hdlc/link.hpp"

#include <map>

namespace smgw::hdlc {

struct bus_options {
  link_options link{};
  std::chrono::milliseconds discovery{30'000};       ///< between two looks for new participants
  std::chrono::milliseconds first_discovery{2'000};  ///< while there is none yet, or the last look found some
  std::uint8_t slots = 16;                           ///< of the first look; twice as many after answers that met, …
  std::uint8_t most_slots = 64;                      ///< … up to so many
};

class bus {
 public:
  enum class news : std::uint8_t { joined, lost };
  struct output {
    bytes transmit;
    std::vector<std::pair<device_id, news>> events;
    std::vector<std::pair<device_id, bytes>> received;  ///< information, in order for each participant
    std::vector<std::pair<device_id, bytes>> datagrams;
    std::optional<time_point> wake_at;  ///< call `tick` then
  };
  struct counters {
    std::uint64_t discoveries = 0, joined = 0, lost = 0;
  };

  explicit bus(bus_options options = {}) : options_(options) {}

  /// The line is open: all participants forget what they had.
  [[nodiscard]] output start(time_point now);
  [[nodiscard]] output feed(bytes_view in, time_point now);
  [[nodiscard]] output tick(time_point now);
  /// Queues information for a participant. conflict: it has not joined; exhausted: too long, or too much waits.
  [[nodiscard]] expected<output> send(const device_id& to, bytes information, time_point now);
  /// The same for a UI frame, whose answer comes as a datagram (SYM messages).
  [[nodiscard]] expected<output> send_datagram(const device_id& to, bytes information, time_point now);
  /// Takes a link down.
  void drop(const device_id& who);

  [[nodiscard]] std::vector<device_id> participants() const;
  [[nodiscard]] const counters& counted() const noexcept { return counters_; }
  [[nodiscard]] const frame_reader& reader() const noexcept { return reader_; }

 private:
  struct participant {
    address where;
    hdlc::link link;
    std::deque<bytes> queue;
    std::deque<bytes> datagrams;
    std::optional<time_point> due;  ///< of the link
    bool up = false;
  };
  [[nodiscard]] static bool has_something_to_say(const participant& p) noexcept {
    return !p.queue.empty() || !p.datagrams.empty();
  }
  using place = std::map<device_id, participant>::iterator;

  [[nodiscard]] expected<output> enqueue(std::deque<bytes> participant::* queue, const device_id& to, bytes information,
                                         time_point now);
  void take(const frame& f, time_point now, output& out);
  void take_assignment(const frame& f, time_point now, output& out);
  void absorb(place p, link::output from, output& out);
  void next(time_point now, output& out);
  void serve(place p, time_point now, output& out);
  void look_around(time_point now, output& out);
  void end_window(time_point now);
  [[nodiscard]] std::uint64_t spoiled() const noexcept;
  void assign_next(time_point now, output& out);
  void join(const device_id& id, std::uint8_t station, time_point now, output& out);
  void remove(place p, output& out);
  void broadcast(const assignment::message& m, output& out);
  [[nodiscard]] std::optional<std::uint8_t> free_station() const;
  [[nodiscard]] place waiting();
  [[nodiscard]] place turn(time_point now);
  [[nodiscard]] output finish(output out, time_point now);

  bus_options options_;
  frame_reader reader_;
  std::map<device_id, participant> participants_;
  std::optional<device_id> last_served_;
  std::deque<device_id> found_;                  ///< answered, and wait for an address
  std::optional<assignment::assign> assigning_;  ///< on its way
  std::optional<time_point> window_;             ///< until then answers to a broadcast may come
  time_point discovery_due_{};
  std::uint8_t session_ = 0;
  bool found_some_ = false;
  bool looking_ = false;              ///< the window is that of a discovery
  std::uint8_t slots_ = 0;            ///< of the next look; 0: those of the options
  std::uint64_t spoiled_before_ = 0;  ///< what the reader had dropped when the look began
  counters counters_;
};

}  // namespace smgw::hdlc
