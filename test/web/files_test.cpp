// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
// The consumer's page as it lies in the binary: what a browser gets must be what was built.

#include "web/files.hpp"

#include <catch2/catch_test_macros.hpp>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

namespace web = smgw::web;

namespace {

const std::filesystem::path dist = std::filesystem::path(SMGW_SOURCE_DIR) / "src/web/dist";

std::string read(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// What a browser makes of a gzip body.
std::string inflated(std::span<const std::uint8_t> gzip) {
  z_stream z{};
  REQUIRE(inflateInit2(&z, 16 + MAX_WBITS) == Z_OK);
  std::string out(4U << 20U, '\0');
  std::string in(gzip.begin(), gzip.end());
  z.next_in = reinterpret_cast<Bytef*>(in.data());
  z.avail_in = static_cast<uInt>(in.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  CHECK(inflate(&z, Z_FINISH) == Z_STREAM_END);
  CHECK(z.avail_in == 0);
  out.resize(z.total_out);
  inflateEnd(&z);
  return out;
}

}  // namespace

TEST_CASE("the page in the binary is the page that was built, file for file") {
  std::set<std::string> built;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(dist))
    if (entry.is_regular_file()) built.insert("/" + entry.path().lexically_relative(dist).generic_string());
  std::set<std::string> embedded;
  for (const auto& f : web::files()) {
    embedded.emplace(f.path);
    CHECK(inflated(f.gzip) == read(dist / std::string(f.path.substr(1))));
  }
  CHECK(embedded == built);
  CHECK(embedded.contains("/index.html"));
}

TEST_CASE("files are found by their exact path, and the root is the page") {
  for (const auto& f : web::files()) CHECK(web::find(f.path) == &f);
  REQUIRE(web::find("/") != nullptr);
  CHECK(web::find("/")->path == "/index.html");
  for (const auto* path : {"", "index.html", "/index.htm", "/INDEX.HTML", "/assets/", "/assets/../index.html", "/z"})
    CHECK(web::find(path) == nullptr);
}

TEST_CASE("etags are strong and differ; content types fit the names") {
  std::set<std::string_view> tags;
  for (const auto& f : web::files()) {
    CHECK(f.etag.size() == 34);
    CHECK(f.etag.starts_with('"'));
    CHECK(f.etag.ends_with('"'));
    CHECK(tags.insert(f.etag).second);
  }
  CHECK(web::find("/index.html")->content_type == "text/html; charset=utf-8");
  CHECK(web::find("/assets/page.js")->content_type == "text/javascript; charset=utf-8");
  CHECK(web::find("/icon.svg")->content_type == "image/svg+xml");
}

TEST_CASE("the whole page is small, also over a slow line") {
  std::size_t all = 0;
  for (const auto& f : web::files()) all += f.gzip.size();
  CHECK(all <= web::max_compressed);
  // what the first picture of the page needs
  CHECK(web::find("/index.html")->gzip.size() + web::find("/assets/page.js")->gzip.size() +
            web::find("/assets/page.css")->gzip.size() <=
        40U * 1024U);
}

TEST_CASE("headers forbid everything from elsewhere and everything inline, and fit a client's limits",
          "[REQ.Webservice.HttpClient.100][REQ.Webservice.HttpClient.110]") {
  std::size_t all = 0;
  std::string_view policy;
  for (const auto& h : web::headers()) {
    CHECK(h.name.size() + h.value.size() + 4 <= web::max_header_field);
    all += h.name.size() + h.value.size() + 4;
    if (h.name == "Content-Security-Policy") policy = h.value;
  }
  CHECK(all <= 600);  // of 1000: the rest is for status line, type, length, coding and tag
  CHECK(policy.starts_with("default-src 'none';"));
  CHECK(policy.contains("script-src 'self';"));
  CHECK(policy.contains("frame-ancestors 'none'"));
  for (const auto* hole : {"unsafe", "data:", "http", "*", "blob:", "nonce", "sha256"})
    CHECK_FALSE(policy.contains(hole));
}

TEST_CASE("no file of the page names another host, and the markup has no script or style of its own") {
  const auto html = read(dist / "index.html");
  for (const auto* inline_thing : {"<style", " style=", " onload=", "javascript:"})
    CHECK_FALSE(html.contains(inline_thing));
  CHECK(html.contains("<script type=\"module\" crossorigin src=\"/assets/page.js\"></script>"));
  for (const auto* name : {"assets/page.js", "assets/page.css", "assets/plot.js", "index.html"}) {
    const auto text = read(dist / name);
    INFO(name);
    CHECK_FALSE(text.contains("://"));
  }
}
