// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include <smgw/ports/radio.hpp>
#include <smgw/ports/serial_port.hpp>

namespace smgw {

/// A receiver as a line whose octets are those of wmbus::stick_port, so that `line_pumps` can carry it.
[[nodiscard]] std::unique_ptr<ports::serial_port> radio_as_line(std::unique_ptr<ports::radio> receiver);

}  // namespace smgw
