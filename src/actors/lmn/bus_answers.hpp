// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// What a meter of a wired bus answers in its secure channel: SML files, the registers in them, and the instants that
/// its second indexes stand for. Octets and time in; readings out.

#include "actors/lmn/line.hpp"
#include "protocols/sml/client.hpp"
#include "protocols/sml/readings.hpp"
#include "protocols/sml/status.hpp"
#include "protocols/sml/transport.hpp"

namespace smgw::lmn {

class bus_answers {
 public:
  struct file {
    std::vector<meter_read> reads;  ///< by instant, oldest first
    bool carried_out = false;       ///< the attention that says so: an object was written
    std::string news;               ///< for people; empty: none
  };
  explicit bus_answers(const profile::meter& of);

  /// A new channel: what was torn is forgotten.
  void restart();
  /// Takes octets off the front of `in` until a file is complete; nothing: all were taken. A file that is broken, or
  /// ends without its PublicClose.Res, is refused as decoder does (truncated if only its end is missing).
  [[nodiscard]] std::optional<expected<file>> next(bytes_view& in, instant now);
  [[nodiscard]] const sml::quirk_counts& quirks_used() const noexcept { return used_; }

 private:
  using by_instant = std::map<timestamp, meter_read>;
  [[nodiscard]] expected<file> read(bytes_view payload, instant now);
  void note_sent(const sml::moment& ref_time, file& out);
  void add_values(const sml::get_proc_parameter_response& response, instant now, by_instant& into);

  const profile::meter& meter_;
  sml::quirks quirks_;
  sml::transport_reader reader_;
  sml::decoder decoder_;
  sml::second_index_watch watch_;
  std::optional<sml::second_index> sent_;  ///< refTime of the file under work
  sml::quirk_counts used_;
};

}  // namespace smgw::lmn
