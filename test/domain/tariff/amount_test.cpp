// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/tariff/amount.hpp"

#include <catch2/catch_test_macros.hpp>

#include <random>

using namespace smgw;
using tariff::amount;

namespace {
amount of(std::int64_t value, std::int8_t scaler = 0) {
  return amount::from({.value = value, .scaler = scaler}).value();
}
}  // namespace

TEST_CASE("sums of different scalers are exact") {
  CHECK(of(1, 3).plus(of(1, -3))->to_decimal() == decimal{.value = 1'000'001, .scaler = -3});
  CHECK(of(5).minus(of(7))->to_decimal() == decimal{.value = -2, .scaler = 0});
  CHECK(of(25, -1).times(4)->to_decimal() == decimal{.value = 100, .scaler = -1});
  CHECK(of(25).times(0)->zero());
  CHECK(amount{}.to_decimal() == decimal{.value = 0, .scaler = 0});
  CHECK(amount{}.plus(of(7, 2))->to_decimal() == decimal{.value = 7, .scaler = 2});
}

TEST_CASE("numbers are compared by what they mean") {
  CHECK(of(10, -1) == of(1));
  CHECK(of(10, -1) < of(11, -1));
  CHECK(of(-1, 9) < of(1, -9));
  CHECK(of(std::numeric_limits<std::int64_t>::max(), 9) > of(std::numeric_limits<std::int64_t>::max(), -9));
  CHECK(of(std::numeric_limits<std::int64_t>::min(), 9) < of(std::numeric_limits<std::int64_t>::min(), -9));
  CHECK(amount::raw(tariff::int128{1} << 126, 9) > amount::raw(1, -9));
  CHECK(amount::raw(1, -9) < amount::raw(tariff::int128{1} << 126, 9));
}

TEST_CASE("what does not fit is refused, never wrapped") {
  CHECK(amount::from({.value = 1, .scaler = 10}).error().code == errc::unsupported);
  CHECK(amount::from({.value = 1, .scaler = -10}).error().code == errc::unsupported);
  auto big = of(std::numeric_limits<std::int64_t>::max(), 9);
  CHECK(big.to_decimal() == decimal{.value = std::numeric_limits<std::int64_t>::max(), .scaler = 9});
  CHECK(big.plus(of(1, -9))->to_decimal().error().code == errc::internal);
  CHECK(of(1'000, 0).times(std::numeric_limits<std::int64_t>::max())->to_decimal() ==
        decimal{.value = std::numeric_limits<std::int64_t>::max(), .scaler = 3});
  auto huge = amount::raw(tariff::int128{1} << 126, 0);
  CHECK(huge.plus(huge).error().code == errc::internal);
  CHECK(huge.negated().minus(huge).error().code == errc::internal);
  CHECK(huge.times(3).error().code == errc::internal);
  CHECK(huge.plus(of(1, -9)).error().code == errc::internal);
}

TEST_CASE("a sum does not depend on the order of its terms") {
  std::mt19937_64 random{11};
  for (int i = 0; i < 500; ++i) {
    std::vector<amount> terms;
    for (int n = 0; n < 20; ++n)
      terms.push_back(of(static_cast<std::int64_t>(random() >> 8U) * (n % 2 == 0 ? 1 : -1),
                         static_cast<std::int8_t>(static_cast<int>(random() % 7U) - 3)));
    const auto sum = [&] {
      amount s;
      for (const auto& t : terms) s = s.plus(t).value();
      return s;
    };
    const auto first = sum();
    std::shuffle(terms.begin(), terms.end(), random);
    REQUIRE(sum() == first);
  }
}
