// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/known_answers.hpp"

#include "crypto/soft_key_store.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;

TEST_CASE("the primitives give their known answers", "[FPT_TST.1]") {
  const auto keys = crypto::soft_key_store::in_memory();
  const auto good = crypto::check_known_answers(*keys);
  INFO((good ? "" : good.error().what));
  CHECK(good);
}
