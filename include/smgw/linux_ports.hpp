// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The ports over what Linux offers: the defaults, and parts for an OEM's own.

#include <smgw/ports.hpp>

#include <filesystem>

namespace smgw::linux_ports {

/// The device of the line, raw, 8N1, for this process alone.
[[nodiscard]] SMGW_API expected<std::unique_ptr<ports::serial_port>> open_serial(const ports::serial_line& line);

/// Keys in this process, sealed in `file` under a passphrase (Argon2id, AES-256-GCM); made if it is not there.
/// untrusted: wrong passphrase or altered file.
[[nodiscard]] SMGW_API expected<std::shared_ptr<ports::key_store>> soft_keys(const std::filesystem::path& file,
                                                                             const secret& passphrase);

/// The system's clock.
[[nodiscard]] SMGW_API std::shared_ptr<ports::clock> system_clock();

/// The service manager's watchdog (`WatchdogSec=` of a systemd unit, sd_notify(3)); tells it too when the gateway is up
/// (`Type=notify`) and when it stops. unavailable: this process is not watched.
[[nodiscard]] SMGW_API expected<std::shared_ptr<ports::watchdog>> service_watchdog();
/// A watchdog device, as /dev/watchdog: the whole machine starts anew. The device is opened when it is armed.
[[nodiscard]] SMGW_API std::shared_ptr<ports::watchdog> device_watchdog(std::filesystem::path device,
                                                                        std::chrono::seconds timeout);

/// Names below /sys/class/leds; an empty one is left out.
struct led_names {
  std::string power, wan, wired, wireless;
};
/// LEDs of the kernel's class, blinking by its `timer` trigger.
[[nodiscard]] SMGW_API std::shared_ptr<ports::display> leds(led_names names,
                                                            std::filesystem::path folder = "/sys/class/leds");

struct rauc_options {
  std::filesystem::path program = "/usr/bin/rauc";
  std::filesystem::path folder;  ///< where an image is kept until it is verified
  std::uint64_t max_octets = std::uint64_t{1} << 30U;
};
/// Slots that RAUC manages: images are its signed bundles.
[[nodiscard]] SMGW_API std::shared_ptr<ports::update_slot> rauc(rauc_options options);

}  // namespace smgw::linux_ports
