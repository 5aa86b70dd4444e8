// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/platform/port_slot.hpp"

#include "base/check.hpp"

#include <atomic>
#include <mutex>

namespace smgw::platform {
namespace {

using clock = std::chrono::steady_clock;

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
    const turn mine(*this);
    return device_->inspect();
  }
  expected<void> begin(std::uint64_t size) override {
    const turn mine(*this);
    return device_->begin(size);
  }
  expected<void> write(bytes_view octets) override {
    const turn mine(*this);
    return device_->write(octets);
  }
  expected<std::string> finish() override {
    const turn mine(*this);
    return device_->finish();
  }
  expected<void> activate() override {
    const turn mine(*this);
    return device_->activate();
  }
  expected<void> confirm() override {
    const turn mine(*this);
    return device_->confirm();
  }
  [[nodiscard]] bool at_work(clock::duration longest) const {
    const auto since = since_.load();
    return since != never && clock::now().time_since_epoch().count() - since < longest.count();
  }

 private:
  static constexpr clock::rep never = 0;

  /// Holds the device for one call.
  class turn {
   public:
    explicit turn(locked_slot& slots) : held_(slots.lock_), slots_(slots) {
      slots_.since_ = clock::now().time_since_epoch().count();
    }
    ~turn() { slots_.since_ = never; }
    turn(const turn&) = delete;
    turn& operator=(const turn&) = delete;

   private:
    std::scoped_lock<std::mutex> held_;
    locked_slot& slots_;
  };

  std::shared_ptr<ports::update_slot> device_;
  std::mutex lock_;
  std::atomic<clock::rep> since_{never};
};

}  // namespace

std::unique_ptr<update_slot> make_port_slot(std::unique_ptr<update_slot> staging,
                                            std::shared_ptr<ports::update_slot> device) {
  return std::make_unique<port_slot>(std::move(staging), std::move(device));
}

std::shared_ptr<ports::update_slot> one_at_a_time(std::shared_ptr<ports::update_slot> device) {
  return std::make_shared<locked_slot>(std::move(device));
}

bool at_work(const ports::update_slot* slots, std::chrono::minutes longest) {
  const auto* locked = dynamic_cast<const locked_slot*>(slots);
  return locked != nullptr && locked->at_work(longest);
}

}  // namespace smgw::platform
