// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Everything that an OEM may put in the place of what Linux offers. What is left empty is the default.

#include <smgw/ports/clock.hpp>
#include <smgw/ports/display.hpp>
#include <smgw/ports/key_store.hpp>
#include <smgw/ports/meter_protocol.hpp>
#include <smgw/ports/radio.hpp>
#include <smgw/ports/serial_port.hpp>
#include <smgw/ports/update_slot.hpp>
#include <smgw/ports/watchdog.hpp>

namespace smgw {

/// The gateway shares these objects and lets them go when it is stopped. Each header names the threads that call.
struct gateway_ports {
  ports::open_serial_port open_serial;         ///< default: the device of the profile, opened raw, 8N1
  ports::open_radio open_radio;                ///< default: the receiver of the profile, on its line
  ports::make_meter_protocol make_protocol;    ///< default: the profile's protocol
  std::shared_ptr<ports::key_store> keys;      ///< default: what the profile's `key_store` names
  std::shared_ptr<ports::display> display;     ///< default: none
  std::shared_ptr<ports::watchdog> watchdog;   ///< default: the service manager's, if it watches this process
  std::shared_ptr<ports::update_slot> update;  ///< default: none
  std::shared_ptr<ports::clock> clock;         ///< default: the system's
};

}  // namespace smgw
