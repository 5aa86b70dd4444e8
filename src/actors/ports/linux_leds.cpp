// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/check.hpp"

#include <smgw/linux_ports.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace smgw::linux_ports {
namespace {

namespace fs = std::filesystem;

/// An attribute of the kernel is set by one write; a stream would not say what went wrong.
expected<void> set(const fs::path& attribute, std::string_view value) {
  const int fd = ::open(attribute.c_str(), O_WRONLY | O_CLOEXEC);
  const bool written = fd >= 0 && ::write(fd, value.data(), value.size()) == static_cast<ssize_t>(value.size());
  const int code = errno;
  if (fd >= 0) ::close(fd);
  if (written) return {};
  return fail(errc::unavailable, attribute.string() + ": " + std::generic_category().message(code));
}

class kernel_leds final : public ports::display {
 public:
  kernel_leds(led_names names, fs::path folder) : names_(std::move(names)), folder_(std::move(folder)) {}

  expected<void> show(const ports::lamps& now) override {
    SMGW_CHECK(show_one(names_.power, now.power));
    SMGW_CHECK(show_one(names_.wan, now.wan));
    SMGW_CHECK(show_one(names_.wired, now.wired));
    return show_one(names_.wireless, now.wireless);
  }

 private:
  [[nodiscard]] expected<void> show_one(const std::string& name, ports::lamp state) const {
    if (name.empty()) return {};
    const auto led = folder_ / name;
    if (state == ports::lamp::blinking) return set(led / "trigger", "timer");
    SMGW_CHECK(set(led / "trigger", "none"));
    return set(led / "brightness", state == ports::lamp::on ? "1" : "0");
  }

  led_names names_;
  fs::path folder_;
};

}  // namespace

std::shared_ptr<ports::display> leds(led_names names, fs::path folder) {
  return std::make_shared<kernel_leds>(std::move(names), std::move(folder));
}

}  // namespace smgw::linux_ports
