// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/platform/own_certificates.hpp"

#include "actors/platform/files.hpp"
#include "base/octets.hpp"

#include <algorithm>
#include <charconv>

namespace smgw::platform {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view current_file = "current", next_file = "next";

std::optional<unsigned> parse_number(std::string_view text) {
  unsigned value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

expected<void> remove_file(const fs::path& file) {
  std::error_code failure;
  fs::remove(file, failure);
  if (failure) return fail(errc::unavailable, file.string() + ": " + failure.message());
  return {};
}

}  // namespace

std::optional<unsigned> own_certificates::number_in(std::string_view file) const {
  const auto content = read_file(folder_ / file, 32);
  if (!content) return std::nullopt;
  auto text = as_text(*content);
  if (text.ends_with('\n')) text.remove_suffix(1);
  return parse_number(text);
}

unsigned own_certificates::current() const { return number_in(current_file).value_or(0); }

std::optional<unsigned> own_certificates::next() const {
  const auto waiting = number_in(next_file);
  return waiting && complete(*waiting) ? waiting : std::nullopt;
}

unsigned own_certificates::pending() const {
  if (!complete(0)) return 0;
  unsigned last = 0;
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(folder_, failure))
    if (entry.is_directory()) last = std::max(last, parse_number(entry.path().filename().string()).value_or(0));
  return complete(last) ? last + 1 : last;
}

fs::path own_certificates::folder(unsigned generation) const {
  return generation == 0 ? folder_ : folder_ / std::to_string(generation);
}

bool own_certificates::complete(unsigned generation) const {
  return std::ranges::all_of(files, [&](std::string_view f) { return fs::exists(folder(generation) / f); });
}

std::string own_certificates::label(std::string_view base, unsigned generation) {
  return std::string(base) + (generation == 0 ? "" : "." + std::to_string(generation));
}

expected<void> own_certificates::offer(unsigned generation) const {
  if (!complete(generation)) return fail(errc::conflict, folder(generation).string() + " does not hold all three");
  return replace_file(folder_ / next_file, as_bytes(std::to_string(generation) + "\n"));
}

expected<void> own_certificates::promote() const {
  const auto waiting = next();
  if (!waiting) return fail(errc::conflict, "no certificates wait to be used");
  if (auto written = replace_file(folder_ / current_file, as_bytes(std::to_string(*waiting) + "\n")); !written)
    return written;
  return remove_file(folder_ / next_file);
}

expected<void> own_certificates::withdraw() const { return remove_file(folder_ / next_file); }

}  // namespace smgw::platform
