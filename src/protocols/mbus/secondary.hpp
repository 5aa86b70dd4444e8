// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Secondary addressing of a wired M-Bus (EN 13757-3:2018 11, EN 13757-2): slaves are selected by their identity and
/// answer at the address 253, and slaves that nobody knows are found by a search with wildcards.

#include "protocols/mbus/identity.hpp"
#include "protocols/mbus/wired_frame.hpp"

#include <optional>
#include <vector>

namespace smgw::mbus {

inline constexpr std::uint8_t selected_address = 253;

/// Whom a selection means: digits of the identification number (nibble F: any), manufacturer (FFFF), version (FF) and
/// device type (FF).
struct selection {
  std::uint32_t id = 0xFFFF'FFFF;
  std::uint16_t manufacturer = 0xFFFF;
  std::uint8_t version = 0xFF;
  std::uint8_t type = 0xFF;
  [[nodiscard]] bool covers(const identity& who) const noexcept;
  friend bool operator==(const selection&, const selection&) = default;
};

/// SND_UD with CI 52 to address 253.
[[nodiscard]] bytes selection_frame(const selection& s);
/// For slaves: what a frame selects; nothing if it is no selection.
[[nodiscard]] std::optional<selection> read_selection(const wired_frame& f);
/// A device id has all but the device type. malformed: its block is no version, its manufacturer no letters.
[[nodiscard]] expected<selection> selection_of(const device_id& id);

/// Searches a bus: selects with a digit more wherever several slaves answer at once.
class search {
 public:
  struct options {
    std::chrono::milliseconds patience{1150};  ///< 330 bit times + 50 ms at 300 Bd (EN 13757-2, 5.5)
    std::chrono::milliseconds quiet{250};      ///< an answer has ended; far above a character, and above a server's lag
    unsigned most_steps = 4096;                ///< selections; a bus of 250 slaves with random digits needs about 2,500
  };
  struct output {
    bytes transmit;
    std::vector<identity> found;
    std::optional<time_point> wake_at;
    bool done = false;
  };
  struct counters {
    unsigned selections = 0, collisions = 0;
    unsigned unresolved = 0;  ///< several slaves with one number
    unsigned nameless = 0;    ///< one slave answered, but did not say who it is
  };

  search() : search(options{}) {}
  explicit search(options o) : options_(o) {}

  [[nodiscard]] output start(time_point now);
  /// exhausted: the search has taken `most_steps`; what it found so far has been told.
  [[nodiscard]] expected<output> feed(bytes_view in, time_point now);
  [[nodiscard]] expected<output> tick(time_point now);
  /// A selection was said, and nobody has answered yet: the bus may be used for something else, and then `again`.
  [[nodiscard]] bool between_steps() const noexcept { return phase_ == phase::selecting && heard_.empty(); }
  /// Says the selection once more that is under way.
  [[nodiscard]] output again(time_point now);
  [[nodiscard]] const counters& counted() const noexcept { return counters_; }

 private:
  enum class phase : std::uint8_t { idle, selecting, asking };
  [[nodiscard]] expected<output> next(time_point now, output out);
  [[nodiscard]] output select(time_point now);
  [[nodiscard]] output ask(time_point now);
  void conclude(output& out);
  void refine();

  options options_;
  phase phase_ = phase::idle;
  std::vector<selection> open_;  // yet to be tried; the last one is next
  selection current_;
  bytes heard_;
  counters counters_;
  time_point due_{};
};

}  // namespace smgw::mbus
