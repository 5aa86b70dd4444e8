// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/cms/der.hpp"

#include "base/hex.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
namespace der = smgw::cms::der;

namespace {

errc code_of(const char* hex, std::uint8_t tag) {
  const auto in = *from_hex(hex);
  const auto content = der::only(in, tag);
  return content ? errc{} : content.error().code;
}

}  // namespace

TEST_CASE("DER: lengths are definite and minimal, tags are single octets") {
  CHECK(der::only(*from_hex("0400"), der::octet_string)->empty());
  CHECK(der::only(*from_hex("0403010203"), der::octet_string)->size() == 3);
  CHECK(code_of("", der::octet_string) == errc::malformed);
  CHECK(code_of("04", der::octet_string) == errc::malformed);
  CHECK(code_of("0402aa", der::octet_string) == errc::malformed);
  CHECK(code_of("048101aa", der::octet_string) == errc::malformed);
  CHECK(code_of("04820001aa", der::octet_string) == errc::malformed);
  CHECK(code_of("04850000000001aa", der::octet_string) == errc::malformed);
  CHECK(code_of("0484ffffffffaa", der::octet_string) == errc::malformed);
  CHECK(code_of("30800000", der::sequence) == errc::malformed);
  CHECK(code_of("1f0400", 0x1f) == errc::malformed);
  CHECK(code_of("040000", der::octet_string) == errc::malformed);
  CHECK(code_of("0500", der::octet_string) == errc::malformed);
}

TEST_CASE("DER: what is written is read, at each size of a length") {
  for (const std::size_t size : {0u, 1u, 127u, 128u, 255u, 256u, 65535u, 65536u}) {
    const auto made = der::make(der::octet_string, bytes(size, 7));
    CHECK(made.size() == der::header_size(size) + size);
    CHECK(der::only(made, der::octet_string)->size() == size);
  }
}

TEST_CASE("DER: small integers are minimal and not negative") {
  const auto value = [](const char* hex) {
    const auto in = *from_hex(hex);
    return der::reader{in}.next_small();
  };
  CHECK(*value("020100") == 0);
  CHECK(*value("02020080") == 128);
  CHECK(*value("02047fffffff") == 0x7fffffff);
  for (const auto* bad : {"0200", "0201ff", "02020001", "02050100000000", "0401aa"})
    CHECK(value(bad).error().code == errc::malformed);
}

TEST_CASE("A signature is DER on the wire and plain inside", "[REQ.CMS.SignedData.70]") {
  const auto plain = *from_hex(
      "00000080"
      "00000001");
  const auto wire = der::signature_from_plain(plain);
  CHECK(to_hex(wire) ==
        "30070202008002"
        "0101");
  CHECK(*der::signature_to_plain(wire, 4) == plain);
  const auto code = [](const char* hex, std::size_t half) {
    const auto in = *from_hex(hex);
    const auto result = der::signature_to_plain(in, half);
    return result ? errc{} : result.error().code;
  };
  CHECK(code("300702020080020101", 1) == errc{});
  CHECK(code("30080203010000020101", 2) == errc::malformed);  // r longer than the curve
  CHECK(code("3007020200010201"
             "01",
             4) == errc::malformed);                      // not minimal
  CHECK(code("3006020180020101", 4) == errc::malformed);  // negative
  CHECK(code("30050200020101", 4) == errc::malformed);    // empty
  CHECK(code("3003020101", 4) == errc::malformed);        // s missing
  CHECK(code("3009020101020101020101", 4) == errc::malformed);
  CHECK(code("30060201010201"
             "0100",
             4) == errc::malformed);
  CHECK(code("0000008000000001", 4) == errc::malformed);  // plain where DER belongs
}

TEST_CASE("DER: a header is read before its content is there") {
  const auto peek = [](const char* text) { return der::peek_header(*from_hex(text)); };
  for (const auto* cut : {"", "30", "3082", "308201", "30840100"}) CHECK(peek(cut).value() == std::nullopt);
  const auto long_form = peek("30820123");
  REQUIRE((long_form && *long_form));
  CHECK((*long_form)->tag == der::sequence);
  CHECK((*long_form)->size == 4);
  CHECK((*long_form)->length == 0x123);
  CHECK(peek("0405aa").value()->length == 5);
  for (const auto* wrong : {"1f01", "3080", "308105", "30820001", "3085", "30850100000000"})
    CHECK(peek(wrong).error().code == errc::malformed);
}
