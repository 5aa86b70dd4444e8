// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/platform/update_slot.hpp"

#include <smgw/ports/update_slot.hpp>

#include <chrono>
#include <memory>

namespace smgw::platform {

/// The device's slots as the administrator's update needs them: the image is kept by `staging` until it is whole and
/// verified, and written to `device` when it is activated; the device verifies it once more. Going back before the
/// trial is over is what the device does by itself when it is started again without a confirmation.
[[nodiscard]] std::unique_ptr<update_slot> make_port_slot(std::unique_ptr<update_slot> staging,
                                                          std::shared_ptr<ports::update_slot> device);

/// One call at a time, whoever calls: an OEM's slots need not be thread-safe.
[[nodiscard]] std::shared_ptr<ports::update_slot> one_at_a_time(std::shared_ptr<ports::update_slot> device);

/// Whether a call of slots made by `one_at_a_time` is under way, and not for longer than `longest`: who waits for it is
/// busy, and does not hang.
[[nodiscard]] bool at_work(const ports::update_slot* slots, std::chrono::minutes longest);

}  // namespace smgw::platform
