// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/ports/run_program.hpp"
#include "base/check.hpp"

#include <smgw/linux_ports.hpp>

#include <nlohmann/json.hpp>

#include <fstream>

namespace smgw::linux_ports {
namespace {

namespace fs = std::filesystem;
using json = nlohmann::json;

std::string text_at(const json& document, const char* pointer) {
  const json::json_pointer where(pointer);
  return document.contains(where) && document.at(where).is_string() ? document.at(where).get<std::string>()
                                                                    : std::string{};
}

class rauc_slots final : public ports::update_slot {
 public:
  explicit rauc_slots(rauc_options options) : options_(std::move(options)) {}

  expected<ports::firmware_state> inspect() override {
    SMGW_TRY(const auto said, ask({"status", "--detailed", "--output-format=json"}, errc::unavailable));
    const auto status = json::parse(said, nullptr, false);
    if (!status.is_object() || !status.contains("slots") || !status["slots"].is_array())
      return fail(errc::malformed, "rauc status: not the JSON of this version's rauc");
    const auto primary = text_at(status, "/boot_primary");
    ports::firmware_state state;
    for (const auto& entry : status["slots"]) {
      if (!entry.is_object()) continue;
      for (const auto& [name, slot] : entry.items()) take(slot, name == primary, state);
    }
    return state;
  }

  expected<void> begin(std::uint64_t size) override {
    drop();
    if (size > options_.max_octets) return fail(errc::exhausted, "the image is larger than the slot takes");
    std::error_code failure;
    fs::create_directories(options_.folder, failure);
    out_.open(image(), std::ios::binary | std::ios::trunc);
    if (!out_) return fail(errc::unavailable, image().string() + ": cannot be written");
    left_ = size;
    return {};
  }

  expected<void> write(bytes_view octets) override {
    if (!out_.is_open()) return fail(errc::conflict, "no image has been begun");
    if (octets.size() > left_) return fail(errc::exhausted, "the image is longer than announced");
    out_.write(reinterpret_cast<const char*>(octets.data()), static_cast<std::streamsize>(octets.size()));
    if (!out_) return fail(errc::exhausted, image().string() + ": the disk takes no more");
    left_ -= octets.size();
    return {};
  }

  expected<std::string> finish() override {
    if (!out_.is_open()) return fail(errc::conflict, "no image has been begun");
    out_.close();
    auto version = left_ == 0 ? install() : fail(errc::truncated, "octets of the image are missing");
    fresh_ = version.has_value();
    drop();
    return version;
  }

  expected<void> activate() override {
    SMGW_TRY(const auto state, inspect());
    if (state.staged.empty()) return fail(errc::conflict, "nothing is staged");
    SMGW_TRY(const auto said, ask({"status", "mark-active", "other"}, errc::unavailable));
    fresh_ = false;
    return {};
  }

  expected<void> confirm() override {
    SMGW_TRY(const auto said, ask({"status", "mark-good", "booted"}, errc::unavailable));
    return {};
  }

 private:
  [[nodiscard]] fs::path image() const { return options_.folder / "firmware.raucb"; }

  void drop() {
    if (out_.is_open()) out_.close();
    out_.clear();
    std::error_code gone;
    fs::remove(image(), gone);
    left_ = 0;
  }

  /// RAUC verifies before it reads anything else of a bundle; asked first, so that a refusal has its own code.
  expected<std::string> install() {
    SMGW_TRY(const auto said, ask({"info", "--output-format=json", image().string()}, errc::untrusted));
    const auto described = json::parse(said, nullptr, false);
    auto version = text_at(described, "/update/version");
    if (version.empty()) version = text_at(described, "/version");
    if (version.empty()) return fail(errc::malformed, "the bundle names no version");
    SMGW_TRY(const auto done, ask({"install", image().string()}, errc::unavailable));
    return version;
  }

  [[nodiscard]] expected<std::string> ask(const std::vector<std::string>& words, errc otherwise) const {
    SMGW_TRY(auto end, run_program(options_.program, words));
    if (end.code == 0) return std::move(end.output);
    return fail(otherwise, "rauc " + words.front() + ": refused (exit code " + std::to_string(end.code) + ")");
  }

  /// What one slot of `rauc status` says about the firmware in it.
  void take(const json& slot, bool primary, ports::firmware_state& into) const {
    if (!slot.is_object() || text_at(slot, "/bootname").empty()) return;
    const auto version = text_at(slot, "/slot_status/bundle/version");
    if (text_at(slot, "/state") == "booted") {
      into.running = version;
      into.confirmed = text_at(slot, "/boot_status") == "good";
    } else if (text_at(slot, "/slot_status/status") == "ok" && (primary || fresh_ || !tried(slot))) {
      into.staged = version;
    }
  }

  /// Made active since it was installed, which only what is written to it anew undoes. Where the boot loader prefers
  /// another slot all the same, the firmware has had its trial, or its time: it fell back, or was followed by another.
  static bool tried(const json& slot) {
    const auto activated = text_at(slot, "/slot_status/activated/timestamp");
    return !activated.empty() && activated >= text_at(slot, "/slot_status/installed/timestamp");
  }

  rauc_options options_;
  std::ofstream out_;
  std::uint64_t left_ = 0;
  bool fresh_ = false;  ///< installed by us and not activated since: whatever the clock said meanwhile
};

}  // namespace

std::shared_ptr<ports::update_slot> rauc(rauc_options options) {
  return std::make_shared<rauc_slots>(std::move(options));
}

}  // namespace smgw::linux_ports
