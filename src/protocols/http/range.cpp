// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/http/range.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"

#include <algorithm>
#include <charconv>

namespace smgw::http {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

expected<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || code != std::errc{} || end != text.data() + text.size())
    return fail(errc::unsupported, "range: not a number");
  return value;
}

/// One part; nothing if it lies outside the file.
expected<std::optional<byte_range>> one_range(std::string_view text, std::uint64_t size) {
  const auto dash = text.find('-');
  if (dash == std::string_view::npos) return fail(errc::unsupported, "range");
  const auto from = text.substr(0, dash), to = text.substr(dash + 1);
  if (from.empty()) {
    SMGW_TRY(const auto suffix, number(to));
    if (suffix == 0 || size == 0) return std::nullopt;
    return byte_range{size - std::min(suffix, size), size - 1};
  }
  SMGW_TRY(const auto first, number(from));
  std::uint64_t last = UINT64_MAX;
  if (!to.empty()) {
    SMGW_TRY(last, number(to));
  }
  if (last < first) return fail(errc::unsupported, "range: ends before it starts");
  if (first >= size) return std::nullopt;
  return byte_range{first, std::min(last, size - 1)};
}

bool overlap(std::vector<byte_range> parts) {
  std::ranges::sort(parts, {}, &byte_range::first);
  for (std::size_t i = 1; i < parts.size(); ++i)
    if (parts[i].first <= parts[i - 1].last) return true;
  return false;
}

std::string content_range_text(const byte_range& r, std::size_t total) {
  return "bytes " + std::to_string(r.first) + "-" + std::to_string(r.last) + "/" + std::to_string(total);
}

bytes_view part_of(bytes_view content, const byte_range& r) { return content.subspan(r.first, r.size()); }

/// True if a list of entity tags names this one. Weak tags name no octets: they never match (RFC 9110, 8.8.3.2).
bool names_tag(std::string_view list, std::string_view etag) {
  list = trimmed(list);
  if (list == "*") return !etag.empty();
  for (; !etag.empty() && !list.empty(); list = trimmed(list)) {
    const auto end = list.find(',');
    if (trimmed(list.substr(0, end)) == etag) return true;
    list.remove_prefix(end == std::string_view::npos ? list.size() : end + 1);
  }
  return false;
}

response with_tag(int status, const file_view& file) {
  response out;
  out.status = status;
  if (!file.etag.empty()) out.headers.add("ETag", std::string{file.etag});
  return out;
}

response whole(const file_view& file) {
  auto out = with_tag(200, file);
  out.headers.add("Content-Type", std::string{file.content_type});
  out.body.assign(file.content.begin(), file.content.end());
  return out;
}

response single_part(const file_view& file, const byte_range& r) {
  auto out = with_tag(206, file);
  out.headers.add("Content-Type", std::string{file.content_type});
  out.headers.add("Content-Range", content_range_text(r, file.content.size()));
  put(out.body, part_of(file.content, r));
  return out;
}

response parts_of(const file_view& file, const std::vector<byte_range>& parts, std::string_view boundary) {
  auto out = with_tag(206, file);
  const std::string line{boundary};
  out.headers.add("Content-Type", "multipart/byteranges; boundary=" + line);
  for (const auto& r : parts) {
    put(out.body, "--" + line + "\r\nContent-Type: " + std::string{file.content_type} +
                      "\r\nContent-Range: " + content_range_text(r, file.content.size()) + "\r\n\r\n");
    put(out.body, part_of(file.content, r));
    put(out.body, "\r\n");
  }
  put(out.body, "--" + line + "--\r\n");
  return out;
}

}  // namespace

expected<std::vector<byte_range>> parse_range(std::string_view text, std::uint64_t size) {
  constexpr std::string_view unit = "bytes=";
  text = trimmed(text);
  if (text.size() < unit.size() || !same_token(text.substr(0, unit.size()), unit))
    return fail(errc::unsupported, "range unit");
  text.remove_prefix(unit.size());
  std::vector<byte_range> out;
  for (std::size_t parts = 0;; ++parts) {
    if (parts == max_ranges) return fail(errc::exhausted, "too many ranges");
    const auto end = text.find(',');
    SMGW_TRY(const auto one, one_range(trimmed(text.substr(0, end)), size));
    if (one) out.push_back(*one);
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  if (out.empty()) return fail(errc::exhausted, "range outside the file");
  if (overlap(out)) return fail(errc::exhausted, "ranges overlap");
  return out;
}

expected<content_range> parse_content_range(std::string_view text) {
  constexpr std::string_view unit = "bytes ";
  const auto slash = text.find('/');
  if (!text.starts_with(unit) || slash == std::string_view::npos) return fail(errc::malformed, "Content-Range");
  const auto total = number(text.substr(slash + 1));
  const auto span = text.substr(unit.size(), slash - unit.size());
  const auto dash = span.find('-');
  if (!total || dash == std::string_view::npos) return fail(errc::malformed, "Content-Range");
  const auto first = number(span.substr(0, dash)), last = number(span.substr(dash + 1));
  if (!first || !last || *last < *first || *last >= *total) return fail(errc::malformed, "Content-Range");
  return content_range{{*first, *last}, *total};
}

response answer_file(const request& r, const file_view& file, std::string_view boundary) {
  if (const auto* list = r.headers.find("If-Match"); list != nullptr && !names_tag(*list, file.etag))
    return with_tag(412, file);
  if (const auto* list = r.headers.find("If-None-Match"); list != nullptr && names_tag(*list, file.etag))
    return with_tag(304, file);
  const auto* range = r.headers.find("Range");
  if (range == nullptr || r.verb != method::get) return whole(file);
  // The parts asked for belong to another version of the file: it goes out whole (RFC 9110, 13.1.5).
  if (const auto* same = r.headers.find("If-Range"); same != nullptr && (*same != file.etag || file.etag.empty()))
    return whole(file);
  const auto parts = parse_range(*range, file.content.size());
  if (parts) return parts->size() == 1 ? single_part(file, parts->front()) : parts_of(file, *parts, boundary);
  if (parts.error().code == errc::unsupported) return whole(file);
  auto out = with_tag(416, file);
  out.headers.add("Content-Range", "bytes */" + std::to_string(file.content.size()));
  return out;
}

std::optional<int> failed_condition(const request& r, std::string_view etag) {
  if (const auto* list = r.headers.find("If-Match"); list != nullptr && !names_tag(*list, etag)) return 412;
  if (const auto* list = r.headers.find("If-None-Match"); list != nullptr && names_tag(*list, etag)) return 412;
  return std::nullopt;
}

}  // namespace smgw::http
