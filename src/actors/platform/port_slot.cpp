// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/platform/port_slot.hpp"

#include "base/check.hpp"

#include <mutex>

namespace smgw::platform {
namespace {

constexpr std::size_t piece = 64 * 1024;

class port_slot final : public update_slot {
 public:
  port_slot(std::unique_ptr<update_slot> staging, std::shared_ptr<ports::update_slot> device)
      : staging_(std::move(staging)), device_(std::move(device)) {}

  expected<std::uint64_t> size() override { return staging_->size(); }
  expected<void> clear() override { return staging_->clear(); }
  expected<void> append(bytes_view data) override { return staging_->append(data); }
  expected<bytes> read(std::uint64_t offset, std::size_t most) override { return staging_->read(offset, most); }
  expected<void> activate() override {
    SMGW_TRY(const auto whole, staging_->size());
    SMGW_CHECK(device_->begin(whole));
    for (std::uint64_t at = 0; at < whole;) {
      SMGW_TRY(const auto part, staging_->read(at, piece));
      if (part.empty()) return fail(errc::truncated, "the staged image ends too early");
      SMGW_CHECK(device_->write(part));
      at += part.size();
    }
    SMGW_CHECK(device_->finish());
    return device_->activate();
  }
  expected<void> confirm() override { return device_->confirm(); }
  expected<void> roll_back() override {
    SMGW_TRY(const auto now, device_->inspect());
    if (now.confirmed) return fail(errc::conflict, "the running firmware is confirmed: it stays");
    return {};
  }
  expected<slot_state> state() override {
    SMGW_TRY(const auto now, device_->inspect());
    return !now.confirmed ? slot_state::trial : now.staged.empty() ? slot_state::settled : slot_state::staged;
  }

 private:
  std::unique_ptr<update_slot> staging_;
  std::shared_ptr<ports::update_slot> device_;
};

class locked_slot final : public ports::update_slot {
 public:
  explicit locked_slot(std::shared_ptr<ports::update_slot> device) : device_(std::move(device)) {}
  expected<ports::firmware_state> inspect() override {
    const std::scoped_lock held(lock_);
    return device_->inspect();
  }
  expected<void> begin(std::uint64_t size) override {
    const std::scoped_lock held(lock_);
    return device_->begin(size);
  }
  expected<void> write(bytes_view octets) override {
    const std::scoped_lock held(lock_);
    return device_->write(octets);
  }
  expected<std::string> finish() override {
    const std::scoped_lock held(lock_);
    return device_->finish();
  }
  expected<void> activate() override {
    const std::scoped_lock held(lock_);
    return device_->activate();
  }
  expected<void> confirm() override {
    const std::scoped_lock held(lock_);
    return device_->confirm();
  }

 private:
  std::mutex lock_;
  std::shared_ptr<ports::update_slot> device_;
};

}  // namespace

std::unique_ptr<update_slot> make_port_slot(std::unique_ptr<update_slot> staging,
                                            std::shared_ptr<ports::update_slot> device) {
  return std::make_unique<port_slot>(std::move(staging), std::move(device));
}

std::shared_ptr<ports::update_slot> one_at_a_time(std::shared_ptr<ports::update_slot> device) {
  return std::make_shared<locked_slot>(std::move(device));
}

}  // namespace smgw::platform
