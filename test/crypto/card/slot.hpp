// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "base/octets.hpp"
#include "card/module.hpp"
#include "crypto/card/key_store.hpp"
#include "crypto/tls_world.hpp"

namespace smgw::crypto::test {

inline secret pin_of(std::string_view digits) { return secret{as_bytes(digits)}; }
inline const std::string right_pin = sim::card_options{}.pin;

/// The card without a reader between: an APDU is a call. Pulling it is a flag.
class slot {
 public:
  explicit slot(sim::card_options options = {}) : card(std::move(*sim::card_module::make(std::move(options)))) {}
  std::unique_ptr<sim::card_module> card;
  bool pulled = false;

  [[nodiscard]] card::connect_function way() {
    return [this]() -> expected<std::unique_ptr<card::link>> {
      if (pulled) return fail(errc::unavailable, "no card");
      card->power_off();
      return std::make_unique<direct>(*this);
    };
  }
  [[nodiscard]] std::unique_ptr<card::card_key_store> open(std::string_view pin = right_pin, std::string serial = {}) {
    return must(card::card_key_store::open(way(), std::move(serial), pin_of(pin)));
  }

 private:
  class direct final : public card::link {
   public:
    explicit direct(slot& home) : home_(home) {}
    expected<bytes> transmit(bytes_view apdu) override {
      if (home_.pulled) return fail(errc::unavailable, "no card");
      return home_.card->transmit(apdu);
    }

   private:
    slot& home_;
  };
};

}  // namespace smgw::crypto::test
