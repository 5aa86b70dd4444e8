// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/http/range.hpp"

#include "base/octets.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::http;

namespace {

constexpr std::string_view content = "0123456789";
const file_view file{as_bytes(content), "application/octetstream", "\"v1\""};
response get(fields headers) { return answer_file({method::get, "/f", std::move(headers), {}}, file, "XYZ"); }
std::string text(const bytes& b) { return std::string{as_text(b)}; }
errc refused(std::string_view range, std::uint64_t size = 10) {
  const auto r = parse_range(range, size);
  return r ? errc{} : r.error().code;
}

}  // namespace

TEST_CASE("Ranges: the three forms") {
  CHECK(parse_range("bytes=0-4", 10) == std::vector{byte_range{0, 4}});
  CHECK(parse_range("bytes=8-", 10) == std::vector{byte_range{8, 9}});
  CHECK(parse_range("bytes=-3", 10) == std::vector{byte_range{7, 9}});
  CHECK(parse_range("bytes=-300", 10) == std::vector{byte_range{0, 9}});
  CHECK(parse_range("Bytes= 0-0 , 9-99", 10) == std::vector{byte_range{0, 0}, byte_range{9, 9}});
  CHECK(parse_range("bytes=20-,1-1", 10) == std::vector{byte_range{1, 1}});
}

TEST_CASE("Ranges: refused or ignored") {
  for (const auto* range : {"", "bytes", "bytes 0-1", "lines=0-1", "bytes=", "bytes=1", "bytes=a-b", "bytes=5-2",
                            "bytes=1-2,", "bytes=--1", "bytes=0x0-1", "bytes=99999999999999999999-"})
    CHECK(refused(range) == errc::unsupported);
  CHECK(refused("bytes=10-") == errc::exhausted);
  CHECK(refused("bytes=-0") == errc::exhausted);
  CHECK(refused("bytes=0-", 0) == errc::exhausted);
  CHECK(refused("bytes=0-5,3-4") == errc::exhausted);
  CHECK(refused("bytes=0-0,1-1,2-2,3-3,4-4,5-5,6-6,7-7,8-8") == errc::exhausted);
}

TEST_CASE("A part of a file is 206 with its place", "[REQ.Webservice.HttpServer.91]") {
  const auto part = get({{"Range", "bytes=2-4"}});
  CHECK(part.status == 206);
  CHECK(part.headers.get("Content-Range") == "bytes 2-4/10");
  CHECK(part.headers.get("Content-Type") == "application/octetstream");
  CHECK(text(part.body) == "234");
  const auto outside = get({{"Range", "bytes=10-"}});
  CHECK(outside.status == 416);
  CHECK(outside.headers.get("Content-Range") == "bytes */10");
  CHECK(outside.body.empty());
  CHECK(get({{"Range", "lines=1"}}).status == 200);
  CHECK(text(get({}).body) == content);
}

TEST_CASE("Several parts come as multipart/byteranges", "[REQ.Webservice.HttpServer.70]") {
  const auto r = get({{"Range", "bytes=0-0,8-"}});
  CHECK(r.status == 206);
  CHECK(r.headers.get("Content-Type") == "multipart/byteranges; boundary=XYZ");
  CHECK(r.headers.find("Content-Range") == nullptr);
  CHECK(text(r.body) ==
        "--XYZ\r\nContent-Type: application/octetstream\r\nContent-Range: bytes 0-0/10\r\n\r\n0\r\n"
        "--XYZ\r\nContent-Type: application/octetstream\r\nContent-Range: bytes 8-9/10\r\n\r\n89\r\n--XYZ--\r\n");
}

TEST_CASE("Conditions on a file") {
  CHECK(get({{"If-None-Match", "\"v1\""}}).status == 304);
  CHECK(get({{"If-None-Match", "\"a\", \"v1\""}}).body.empty());
  CHECK(get({{"If-None-Match", "*"}}).status == 304);
  CHECK(get({{"If-None-Match", "W/\"v1\""}}).status == 200);
  CHECK(get({{"If-Match", "\"v0\""}}).status == 412);
  CHECK(get({{"If-Match", "\"v1\""}}).status == 200);
  CHECK(get({{"Range", "bytes=0-0"}, {"If-Range", "\"v0\""}}).status == 200);
  CHECK(get({{"Range", "bytes=0-0"}, {"If-Range", "\"v1\""}}).status == 206);
  request put{method::put, "/f", {{"If-Match", "*"}}, {}};
  CHECK(failed_condition(put, "") == 412);
  CHECK_FALSE(failed_condition(put, "\"v1\""));
  put.headers = {{"If-None-Match", "*"}};
  CHECK_FALSE(failed_condition(put, ""));
  CHECK(failed_condition(put, "\"v1\"") == 412);
}

TEST_CASE("Content-Range of a part that is sent to us") {
  const auto r = parse_content_range("bytes 0-511/1000");
  REQUIRE(r);
  CHECK((r->part == byte_range{0, 511} && r->total == 1000));
  for (const auto* text :
       {"", "bytes 0-511", "bytes 5-1/10", "bytes 0-10/10", "bytes */10", "bytes=0-1/2", "bytes 0-1/*"})
    CHECK(parse_content_range(text).error().code == errc::malformed);
}
