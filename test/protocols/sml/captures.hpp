// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "base/hex.hpp"
#include "base/octets.hpp"
#include "protocols/sml/message.hpp"
#include "protocols/sml/transport.hpp"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include <fstream>
#include <string>

namespace smgw::sml::test {

struct capture {
  std::string name;
  std::string verdict;  ///< empty: the row names none
  bytes frame;
};

inline std::vector<capture> captures(const char* file) {
  std::vector<capture> all;
  std::ifstream in(std::string{SMGW_SOURCE_DIR "/test/vectors/sml/"} + file);
  for (std::string line; std::getline(in, line);) {
    const auto row = nlohmann::json::parse(line);
    all.push_back({row["name"], row["expected"].value("verdict", ""), *from_hex(row["frame_hex"].get<std::string>())});
  }
  REQUIRE_FALSE(all.empty());
  return all;
}
inline std::vector<capture> accepted() {
  auto all = captures("meters.jsonl");
  std::erase_if(all, [](const auto& c) { return c.verdict != "accept"; });
  return all;
}
/// A short accepted file of a meter, by its name.
inline bytes frame_of(std::string_view name) {
  for (auto& c : captures("meters.jsonl"))
    if (c.name == name) return c.frame;
  FAIL("no such capture");
  return {};
}

/// All files that come out, copied.
inline std::vector<bytes> feed(transport_reader& reader, bytes_view in, time_point now = {}) {
  std::vector<bytes> files;
  while (const auto f = reader.next(in, now)) files.emplace_back(f->payload.begin(), f->payload.end());
  CHECK(in.empty());
  return files;
}
inline bytes join(std::initializer_list<bytes> parts) {
  bytes all;
  for (const auto& part : parts) put(all, part);
  return all;
}
inline bytes hex(std::string_view text) { return *from_hex(text); }
inline bytes framed(bytes_view payload) {
  bytes out;
  put_file(out, payload);
  return out;
}
inline bytes encoded(const message& m) {
  bytes out;
  put_message(out, m);
  return out;
}

}  // namespace smgw::sml::test
