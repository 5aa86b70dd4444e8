// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Every key store back end over the component its tests run on, started and stopped for each use. The starters check
/// with Catch2, so a benchmark that uses them is a test case.

#include "crypto/card/pc_sc.hpp"
#include "crypto/card/slot.hpp"
#include "crypto/pkcs11/soft_hsm.hpp"
#include "crypto/tpm2/soft_tpm.hpp"
#include "timed_key_store.hpp"

#include <functional>

namespace smgw::bench {

using use_key_store = std::function<void(const std::string& name, const std::shared_ptr<timed_key_store>& keys)>;

inline std::shared_ptr<timed_key_store> timed(std::shared_ptr<crypto::key_store> keys) {
  return std::make_shared<timed_key_store>(std::move(keys));
}

/// Calls `use` once per back end.
inline void for_each_key_store(const use_key_store& use) {
  using namespace crypto::test;
  use("soft", timed(crypto::soft_key_store::in_memory()));
  {
    const soft_hsm hsm;
    hsm.make_token("bench");
    use("pkcs11 (SoftHSM2)", timed(must(crypto::pkcs11::token_key_store::open(hsm.address("bench"), pin("4711")))));
  }
  {
    const soft_tpm chip;
    use("tpm2 (swtpm)", timed(must(crypto::tpm2::tpm_key_store::open(chip.address()))));
  }
  const pc_sc service;
  const auto card = must(sim::card_module::make({}));
  const auto in = service.insert(*card);
  const crypto::card::address where{.reader = service.reader(), .serial = {}, .pin_source = {}};
  use("smartcard (vpcd)", timed(must(crypto::card::card_key_store::open(where, pin_of(right_pin)))));
}

}  // namespace smgw::bench
