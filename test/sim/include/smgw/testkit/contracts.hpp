// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The contract of each port, as a function that an OEM runs against its own: with any test framework, on the bench or
/// on the box.

#include <smgw/ports.hpp>

#include <string>
#include <vector>

namespace smgw::testkit {

/// What a port does that it must not, a line each. Empty: the contract is kept.
using findings = std::vector<std::string>;

/// The other end of a line: a loopback adapter, a second port, a pseudo-terminal.
struct far_end {
  std::function<void(bytes_view)> send;
  /// Waits at most 2 s for so many octets of what the port has written.
  std::function<bytes(std::size_t)> receive;
  std::function<void()> cut;  ///< the line is lost; empty: cannot be tried
};
/// Raw octets both ways, patience, reading and writing at once, and loss.
[[nodiscard]] SMGW_API findings check_serial_port(ports::serial_port& port, const far_end& other);

/// `send` makes a frame appear at the receiver (a sender on the bench, a test mode of the chip): the octets from the L
/// field on, without CRCs. `cut`: the receiver is lost; empty: cannot be tried. Frames come whole, in order, at once,
/// and a silent receiver waits as long as it is told.
[[nodiscard]] SMGW_API findings check_radio(ports::radio& radio, const std::function<void(bytes_view)>& send,
                                            const std::function<void()>& cut = {});

/// Names, purposes, signatures, agreement, sealing, ephemerals and every refusal, on each curve the store has; the
/// results are checked by independent arithmetic. Leaves the store as it was.
[[nodiscard]] SMGW_API findings check_key_store(ports::key_store& store);

/// `seen`: what the lamps show, as a camera or a line back would tell.
[[nodiscard]] SMGW_API findings check_display(ports::display& display, const std::function<ports::lamps()>& seen);

/// `bites`: how often the watchdog has started things anew so far. Takes seven times the watchdog's time.
[[nodiscard]] SMGW_API findings check_watchdog(ports::watchdog& watchdog, const std::function<unsigned()>& bites);

/// `image`: one that the maker has signed. Stages and activates it.
[[nodiscard]] SMGW_API findings check_update_slot(ports::update_slot& slot, bytes_view image);

[[nodiscard]] SMGW_API findings check_clock(const ports::clock& clock);

/// `recording`: octets of a line from which the protocol makes `reports` reports. Plays them whole and in pieces, after
/// noise and after a break, and feeds it noise alone; `seed` chooses pieces and noise.
[[nodiscard]] SMGW_API findings
check_meter_protocol(const std::function<std::unique_ptr<ports::meter_protocol>()>& make, bytes_view recording,
                     std::size_t reports, std::uint64_t seed = 1);

}  // namespace smgw::testkit
