// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/ports/file_port.hpp"

#include "actors/ports/line_pumps.hpp"
#include "base/octets.hpp"

#include <catch2/catch_test_macros.hpp>
#include <poll.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <thread>

using namespace smgw;
using namespace std::chrono_literals;

namespace {

namespace fs = std::filesystem;

struct folder {
  fs::path path;
  folder() {
    std::string pattern = (fs::temp_directory_path() / "smgw-file-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path = pattern;
  }
  ~folder() { fs::remove_all(path); }
  folder(const folder&) = delete;
  folder& operator=(const folder&) = delete;
};

void append(const fs::path& file, std::string_view text) { std::ofstream(file, std::ios::app) << text << std::flush; }

std::string read_some(int fd) {
  pollfd waiting{fd, POLLIN, 0};
  std::array<char, 256> buffer{};
  if (::poll(&waiting, 1, 5000) != 1) return {};
  const auto got = ::read(fd, buffer.data(), buffer.size());
  return {buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0))};
}

}  // namespace

TEST_CASE("a file is read from its beginning, then what is appended", "[lmn]") {
  folder f;
  const auto file = f.path / "lines";
  append(file, "one\n");
  CHECK(is_file_port(file));
  CHECK_FALSE(is_file_port(f.path));
  CHECK_FALSE(is_file_port(f.path / "none"));
  auto port = open_file_port(file);
  REQUIRE(port);
  std::array<std::uint8_t, 64> buffer{};
  REQUIRE((*port)->read(buffer, 0ms) == 4U);
  CHECK(as_text(bytes_view{buffer}.first(4)) == "one\n");
  CHECK((*port)->read(buffer, 0ms) == 0U);
  CHECK((*port)->write(bytes{1, 2, 3}, 0ms));
  append(file, "two\n");
  REQUIRE((*port)->read(buffer, 1s) == 4U);
  CHECK(as_text(bytes_view{buffer}.first(4)) == "two\n");
  CHECK(open_file_port(f.path / "none").error().code == errc::unavailable);
}

TEST_CASE("what is appended ends the wait for it at once; nothing appended, the wait ends in its time", "[lmn]") {
  folder f;
  const auto file = f.path / "lines";
  append(file, "");
  auto port = open_file_port(file);
  REQUIRE(port);
  std::array<std::uint8_t, 64> buffer{};
  const auto waited = [from = std::chrono::steady_clock::now()] { return std::chrono::steady_clock::now() - from; };
  CHECK((*port)->read(buffer, 50ms) == 0U);
  CHECK(waited() >= 50ms);
  const std::jthread writer([&file] {
    std::this_thread::sleep_for(20ms);
    append(file, "late\n");
  });
  CHECK((*port)->read(buffer, 1min) == 5U);
  CHECK(waited() < 30s);
}

TEST_CASE("a pumped file is a descriptor that can be waited for", "[lmn]") {
  folder f;
  const auto file = f.path / "lines";
  append(file, "one\n");
  line_pumps pumps;
  auto fd = pumps.attach(std::move(open_file_port(file).value()));
  REQUIRE(fd);
  CHECK(read_some(fd->get()) == "one\n");
  append(file, "two\n");
  CHECK(read_some(fd->get()) == "two\n");
}
