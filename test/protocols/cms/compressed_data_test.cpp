// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/cms/compressed_data.hpp"

#include "base/hex.hpp"
#include "protocols/cms/parties.hpp"

#include <catch2/catch_test_macros.hpp>

#include <random>

using namespace smgw;
using namespace smgw::cms;

TEST_CASE("CompressedData has the form of RFC 3274", "[REQ.CMS.CompressedData.10]") {
  const std::string head = "302d020100300d060b2a864886f70d0109100308301906092a864886f70d010701a00c040a";
  CHECK(*decompress(*from_hex(head + "789ccbc80400013b00d2")) == bytes{'h', 'i'});
  CHECK(to_hex(*compress(bytes{'h', 'i'})).starts_with(head + "78"));
}

TEST_CASE("What is compressed comes back", "[REQ.CMS.CompressedData.10]") {
  for (const std::size_t size : {0u, 1u, 100u, 5000u, 300'000u}) {
    const auto content = test::sample(size);
    CHECK(*decompress(*compress(content)) == content);
  }
}

TEST_CASE("Inflation is bounded to the octet") {
  const auto content = test::sample(10'000);
  const auto made = *compress(content);
  CHECK(*decompress(made, 10'000) == content);
  CHECK(decompress(made, 9'999).error().code == errc::exhausted);
  CHECK(decompress(*compress(bytes(8'000'000)), 1'000'000).error().code == errc::exhausted);
  CHECK(compress(bytes(max_message + 1)).error().code == errc::exhausted);
}

TEST_CASE("CompressedData that is none is refused") {
  const auto content = test::sample(500);
  const auto made = *compress(content);
  for (std::size_t n = 0; n < made.size(); ++n) CHECK_FALSE(decompress(bytes_view{made}.first(n)));
  std::size_t accepted = 0;
  for (std::size_t bit = 0; bit < 8 * made.size(); ++bit) {
    auto changed = made;
    changed[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
    const auto result = decompress(changed);
    // Only the unused bits of the octet that ends the last block are free.
    if (result) {
      ++accepted;
      CHECK(*result == content);
    }
  }
  CHECK(accepted <= 7);
  auto other = made;
  other[18] ^= 1;  // the last octet of the algorithm
  CHECK(decompress(other).error().code == errc::unsupported);
  auto longer = *compress(content);
  longer.push_back(0);
  CHECK(decompress(longer).error().code == errc::malformed);
}

TEST_CASE("A filled stream has the size asked for, whatever is in it, and inflates to the same content",
          "[FPR_CON.1]") {
  std::mt19937 random{1};
  const auto noise = [&](std::size_t size) {
    bytes out(size);
    for (auto& o : out) o = static_cast<std::uint8_t>(random());
    return out;
  };
  const auto base = compress(bytes{}, 1024)->size();
  for (std::size_t size = 0; size < 900; ++size) {
    const auto content = noise(size);  // does not compress: every distance to the border occurs
    const auto made = *compress(content, 1024);
    REQUIRE(made.size() == base);
    REQUIRE(*decompress(made) == content);
  }
  for (std::size_t fill = 1; fill < 60; ++fill) {
    const auto content = noise(100 + fill);
    REQUIRE(*decompress(*compress(content, fill)) == content);
  }
  CHECK(compress(noise(1500), 1024)->size() == base + 1024);
  CHECK(*decompress(*compress(test::sample(300'000), 4096)) == test::sample(300'000));
}
