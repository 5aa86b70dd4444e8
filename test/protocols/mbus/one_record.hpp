// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "base/hex.hpp"
#include "protocols/mbus/record.hpp"

#include <catch2/catch_test_macros.hpp>

namespace smgw::mbus {

/// A telegram of one record. The octets a record points to outlive it.
struct one {
  bytes octets;
  record r;
  explicit one(std::string_view text) : octets(from_hex(text).value()) {
    record_reader reader{octets};
    REQUIRE(reader.next(r).value());
    record rest;
    REQUIRE_FALSE(record_reader{reader.rest()}.next(rest).value());
  }
};

}  // namespace smgw::mbus
