// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// SHA-2 piece by piece. Inner use of this module.

#include "protocols/cms/suite.hpp"

#include <memory>

namespace smgw::cms {

class digest_stream {
 public:
  explicit digest_stream(digest d);
  ~digest_stream();
  digest_stream(digest_stream&&) noexcept;
  digest_stream& operator=(digest_stream&&) noexcept;
  void update(bytes_view data);
  [[nodiscard]] bytes finish();

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace smgw::cms
