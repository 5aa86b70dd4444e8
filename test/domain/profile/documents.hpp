// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "domain/profile/profile_set.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>

/// The example profiles, and changes to them.
namespace smgw::documents {

using nlohmann::json;
using set = std::map<std::string, json>;

inline std::string slurp(const std::filesystem::path& p) {
  std::ifstream in{p};
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

inline set examples() {
  set out;
  const std::filesystem::path root{SMGW_SOURCE_DIR "/profiles"};
  for (const auto& e : std::filesystem::recursive_directory_iterator{root})
    if (e.path().extension() == ".json" && e.path().parent_path().filename() != "schema")
      out[std::filesystem::relative(e.path(), root).string()] = json::parse(slurp(e.path()));
  return out;
}

/// A gateway, a meter, a market participant and a TAF 1: the least that makes sense.
inline set small() {
  auto all = examples();
  set out;
  for (const auto* name : {"gateway.json", "meters/1EMH0010482201.json", "wan/supplier.json", "evaluations/taf1.json"})
    out[name] = all.at(name);
  return out;
}

inline profile::loaded load(const set& docs) {
  std::map<std::string, std::string> texts;
  for (const auto& [name, doc] : docs) texts[name] = doc.dump();
  return profile::load(texts);
}

inline std::string all_of(const profile::problems& list) {
  std::string out;
  for (const auto& p : list) out += to_text(p) + "\n";
  return out;
}

}  // namespace smgw::documents
