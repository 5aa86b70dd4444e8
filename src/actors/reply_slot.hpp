// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/discipline.hpp"

#include <memory>

namespace smgw {

/// An answer that is owed. If it is dropped, or its actor dies, the asker hears so at once
/// (CAF 0.17 alone would leave it waiting for its timeout).
template <class Reply>
class reply_slot {
  struct owed {
    caf::typed_response_promise<Reply> promise;
    bool done = false;
    owed() = default;
    owed(const owed&) = delete;
    owed& operator=(const owed&) = delete;
    ~owed() {
      if (!done && promise.pending()) promise.deliver(caf::make_error(caf::sec::request_receiver_down));
    }
  };

 public:
  reply_slot() = default;
  template <class Self>
  explicit reply_slot(Self* self) : owed_(std::make_shared<owed>()) {
    owed_->promise = self->template make_response_promise<Reply>();
  }
  /// What the handler returns to CAF: "the answer comes later".
  [[nodiscard]] caf::result<Reply> later() const { return owed_->promise; }
  void deliver(Reply value) const {
    owed_->done = true;
    owed_->promise.deliver(std::move(value));
  }
  void fail(const error& e) const {
    owed_->done = true;
    owed_->promise.deliver(to_caf(e));
  }
  void settle(expected<Reply> value) const {
    if (value) {
      deliver(std::move(*value));
    } else {
      fail(value.error());
    }
  }
  [[nodiscard]] explicit operator bool() const noexcept { return owed_ != nullptr && !owed_->done; }

 private:
  std::shared_ptr<owed> owed_;
};

}  // namespace smgw
