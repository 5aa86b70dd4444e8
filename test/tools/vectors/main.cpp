// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// smgw-vectors FILE.jsonl|FOLDER…: one JSON object a line, a telegram with the values it must give. Prints what was
// missed and why, then a table by kind and meter.
// Exit code: 0 all as expected, 1 misses, 2 usage or unreadable file, 3 nothing missed, but rows without a decoder.

#include "kind.hpp"
#include "table.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>

namespace smgw::vectors {
namespace {

namespace fs = std::filesystem;

std::vector<kind>& registry() {
  static std::vector<kind> all;
  return all;
}

const kind* find_kind(const nlohmann::json& row, std::string_view file_name) {
  for (const auto& k : kinds())
    if (k.recognises(row, file_name)) return &k;
  return nullptr;
}

std::string text_or(const nlohmann::json& row, const char* key, const char* otherwise) {
  const auto at = row.find(key);
  return at != row.end() && at->is_string() ? at->get<std::string>() : otherwise;
}

// The kind of a row nobody recognises is the first word of its file's name: `wmbus` of `wmbus_public.jsonl`.
std::string word_of(const fs::path& file) {
  const auto stem = file.stem().string();
  return stem.substr(0, stem.find('_'));
}

void check_row(const std::string& line, const fs::path& file, std::size_t number, table& counts) {
  std::string name = "?";
  std::string group = "-";
  std::string kind_name = word_of(file);
  check_result result;
  try {
    const auto row = nlohmann::json::parse(line);
    name = text_or(row, "name", "?");
    group = text_or(row, "group", "-");
    if (const auto* k = find_kind(row, file.filename().string())) {
      kind_name = k->name;
      result = k->check(row);
    } else {
      result = unsupported("no decoder for this kind");
    }
  } catch (const nlohmann::json::exception& e) {
    result = missed(e.what());
  }
  counts.add(kind_name, group, result.result);
  if (result.result == outcome::missed)
    std::printf("missed: %s:%zu %s: %s\n", file.filename().c_str(), number, name.c_str(), result.reason.c_str());
}

bool check_file(const fs::path& file, table& counts) {
  std::ifstream in(file);
  if (!in) return false;
  std::string line;
  for (std::size_t number = 1; std::getline(in, line); ++number)
    if (line.find_first_not_of(" \t\r") != std::string::npos) check_row(line, file, number, counts);
  return true;
}

std::vector<fs::path> files_of(const fs::path& argument) {
  if (!fs::is_directory(argument)) return {argument};
  std::vector<fs::path> found;
  for (const auto& entry : fs::recursive_directory_iterator(argument))
    if (entry.is_regular_file() && entry.path().extension() == ".jsonl") found.push_back(entry.path());
  std::sort(found.begin(), found.end());
  return found;
}

int run(int argc, char** argv) {
  table counts;
  for (int i = 1; i < argc; ++i)
    for (const auto& file : files_of(argv[i]))
      if (!check_file(file, counts)) {
        std::fprintf(stderr, "smgw-vectors: cannot read %s\n", file.c_str());
        return 2;
      }
  if (counts.rows() == 0) {
    std::fprintf(stderr, "usage: smgw-vectors FILE.jsonl|FOLDER…\n");
    return 2;
  }
  counts.print();
  if (counts.count(outcome::missed) != 0) return 1;
  return counts.count(outcome::unsupported) != 0 ? 3 : 0;
}

}  // namespace

registration::registration(const kind& k) { registry().push_back(k); }
const std::vector<kind>& kinds() { return registry(); }

}  // namespace smgw::vectors

int main(int argc, char** argv) { return smgw::vectors::run(argc, argv); }
