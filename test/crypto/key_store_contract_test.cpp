// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/key_store_contract.hpp"

using namespace smgw::crypto;

TEST_CASE("the software key store keeps the contract", "[key_store]") {
  auto store = soft_key_store::in_memory();
  test::check_key_store(*store);
  CHECK(store->counters().ephemerals_alive == 0);
}

TEST_CASE("TLS runs on keys of the software key store", "[key_store][tls]") {
  test::check_tls(soft_key_store::in_memory(), curve::brainpool_p256r1);
}
