// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/platform/update_slot.hpp"

#include <filesystem>
#include <memory>

namespace smgw::platform {

/// Two files in a directory as update slots, for machines without partitions of their own, and for tests. The file
/// `boot` says what is started: `a`; `next b after a` (staged); `trial b after a`.
class directory_slot final : public update_slot {
 public:
  /// Plays the boot loader's part too: a staged image is on trial from here on, one on trial that was not confirmed
  /// falls back. unavailable: the directory cannot be used.
  [[nodiscard]] static expected<std::unique_ptr<update_slot>> open(const std::filesystem::path& folder);

  [[nodiscard]] expected<std::uint64_t> size() override;
  [[nodiscard]] expected<void> clear() override;
  [[nodiscard]] expected<void> append(bytes_view data) override;
  [[nodiscard]] expected<bytes> read(std::uint64_t offset, std::size_t most) override;
  [[nodiscard]] expected<void> activate() override;
  [[nodiscard]] expected<void> confirm() override;
  [[nodiscard]] expected<void> roll_back() override;
  [[nodiscard]] expected<slot_state> state() override { return state_; }

 private:
  explicit directory_slot(std::filesystem::path folder) : folder_(std::move(folder)) {}
  [[nodiscard]] expected<void> boot();
  [[nodiscard]] expected<void> write_boot();
  /// The image that does not run.
  [[nodiscard]] std::filesystem::path image() const { return folder_ / ("slot-" + std::string(1, other())); }
  [[nodiscard]] char other() const noexcept { return running_ == 'a' ? 'b' : 'a'; }

  std::filesystem::path folder_;
  char running_ = 'a';
  slot_state state_ = slot_state::settled;
};

}  // namespace smgw::platform
