// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// The canonical encoding of a record, version 1. Numbers are big-endian and of fixed width, texts carry their length
// first, members come in the order of the struct, nothing is optional: one record has exactly one form.
//
//   u8 version = 1 | u32 number | u32 parent | u32 repetitions | i64 milliseconds since 1970 | u64 seconds index
//   u8 n, vendor | u32 event id | u32 sub id | u8 level | u8 outcome
//   u8 n, subject | u8 n, user | u8 n, destination | u16 n, text | u8 count, each: u16 n, extension | u8 n, evidence
#include "domain/ledger/record.hpp"

#include "base/check.hpp"
#include "base/hex.hpp"
#include "base/octets.hpp"
#include "base/time_text.hpp"

#include <format>

namespace smgw::ledger {
namespace {

constexpr std::uint8_t version = 1;

template <class Length>
void put_text(bytes& out, std::string_view text) {
  put_be(out, static_cast<Length>(text.size()));
  put(out, text);
}

template <class Length>
expected<std::string> take_text(bytes_view& in, std::size_t most) {
  SMGW_TRY(const std::size_t length, take_be<Length>(in));
  if (length > most) return fail(errc::malformed, "a member of the record is too long");
  SMGW_TRY(const auto text, take(in, length));
  return std::string{as_text(text)};
}

bool fits(const record& r) noexcept {
  bool good = r.vendor.size() <= max_identity && r.subject.size() <= max_identity && r.user.size() <= max_identity &&
              r.destination.size() <= max_identity && r.text.size() <= max_text &&
              r.extensions.size() <= max_extensions && r.evidence.size() <= max_evidence;
  for (const auto& e : r.extensions) good = good && e.size() <= max_extension;
  return good;
}

/// Length of the UTF-8 sequence at the front of `s`; 0: not well-formed (RFC 3629).
std::size_t utf8_sequence(std::string_view s) noexcept {
  const auto octet = [&](std::size_t i) { return static_cast<std::uint8_t>(s[i]); };
  const auto lead = octet(0);
  if (lead < 0x80) return 1;
  const std::size_t n = lead >= 0xF0 && lead < 0xF5   ? 4
                        : lead >= 0xE0 && lead < 0xF0 ? 3
                        : lead >= 0xC2 && lead < 0xE0 ? 2
                                                      : 0;
  if (n == 0 || s.size() < n) return 0;
  for (std::size_t i = 1; i < n; ++i)
    if ((octet(i) & 0xC0U) != 0x80) return 0;
  const auto second = octet(1);
  const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
  const bool beyond = (lead == 0xED && second >= 0xA0) || (lead == 0xF4 && second >= 0x90);
  return overlong || beyond ? 0 : n;
}

/// A JSON string; what is not UTF-8 becomes U+FFFD, so that every export can be read.
std::string json_string(std::string_view text) {
  std::string out{'"'};
  while (!text.empty()) {
    const char c = text.front();
    const auto n = utf8_sequence(text);
    if (n == 0)
      out += "\xEF\xBF\xBD";
    else if (c == '"' || c == '\\')
      (out += '\\') += c;
    else if (static_cast<std::uint8_t>(c) < 0x20 || c == 0x7F)
      out += std::format("\\u{:04x}", static_cast<unsigned>(c));
    else
      out += text.substr(0, n);
    text.remove_prefix(n == 0 ? 1 : n);
  }
  return out += '"';
}

/// One line for people: control characters of a hostile text must not reach a terminal or forge a second line.
std::string one_line(std::string_view text) {
  std::string out{text};
  for (auto& c : out)
    if (static_cast<std::uint8_t>(c) < 0x20 || c == 0x7F) c = ' ';
  return out;
}

}  // namespace

record make(event id, outcome result, timestamp at, std::string text) {
  record r;
  r.id = id;
  r.at = at;
  r.outcome = result;
  r.text = std::move(text);
  const auto* known = find(id);
  const auto usual = known != nullptr ? known->usual : level::info;
  const auto failed = known != nullptr ? known->on_failure : level::error;
  r.level = result == outcome::failure ? failed : usual;
  return r;
}

expected<bytes> encode(const record& r) {
  if (!fits(r)) return fail(errc::exhausted, "a member of the record is too long");
  bytes out;
  out.reserve(96 + r.text.size());
  out.push_back(version);
  put_be(out, r.number);
  put_be(out, r.parent);
  put_be(out, r.repetitions);
  put_be(out, static_cast<std::uint64_t>(r.at.time_since_epoch().count()));
  put_be(out, r.seconds_index);
  put_text<std::uint8_t>(out, r.vendor);
  put_be(out, static_cast<std::uint32_t>(r.id));
  put_be(out, r.sub_id);
  out.push_back(static_cast<std::uint8_t>(r.level));
  out.push_back(static_cast<std::uint8_t>(r.outcome));
  put_text<std::uint8_t>(out, r.subject);
  put_text<std::uint8_t>(out, r.user);
  put_text<std::uint8_t>(out, r.destination);
  put_text<std::uint16_t>(out, r.text);
  out.push_back(static_cast<std::uint8_t>(r.extensions.size()));
  for (const auto& e : r.extensions) put_text<std::uint16_t>(out, e);
  put_text<std::uint8_t>(out, as_text(r.evidence));
  return out;
}

expected<record> decode_record(bytes_view in) {
  SMGW_TRY(const auto form, take_be<std::uint8_t>(in));
  if (form != version) return fail(errc::unsupported, "an unknown version of records");
  record r;
  SMGW_TRY(r.number, take_be<std::uint32_t>(in));
  SMGW_TRY(r.parent, take_be<std::uint32_t>(in));
  SMGW_TRY(r.repetitions, take_be<std::uint32_t>(in));
  SMGW_TRY(const auto at, take_be<std::uint64_t>(in));
  r.at = timestamp{std::chrono::milliseconds{static_cast<std::int64_t>(at)}};
  SMGW_TRY(r.seconds_index, take_be<std::uint64_t>(in));
  SMGW_TRY(r.vendor, take_text<std::uint8_t>(in, max_identity));
  SMGW_TRY(const auto id, take_be<std::uint32_t>(in));
  r.id = static_cast<event>(id);
  SMGW_TRY(r.sub_id, take_be<std::uint32_t>(in));
  SMGW_TRY(const auto how_bad, take_be<std::uint8_t>(in));
  SMGW_TRY(const auto how, take_be<std::uint8_t>(in));
  if (how_bad < 1 || how_bad > 4 || how > 2) return fail(errc::malformed, "an unknown level or outcome");
  r.level = static_cast<ledger::level>(how_bad);
  r.outcome = static_cast<ledger::outcome>(how);
  SMGW_TRY(r.subject, take_text<std::uint8_t>(in, max_identity));
  SMGW_TRY(r.user, take_text<std::uint8_t>(in, max_identity));
  SMGW_TRY(r.destination, take_text<std::uint8_t>(in, max_identity));
  SMGW_TRY(r.text, take_text<std::uint16_t>(in, max_text));
  SMGW_TRY(const auto count, take_be<std::uint8_t>(in));
  if (count > max_extensions) return fail(errc::malformed, "too many message extensions");
  for (unsigned i = 0; i < count; ++i) {
    SMGW_TRY(auto extension, take_text<std::uint16_t>(in, max_extension));
    r.extensions.push_back(std::move(extension));
  }
  SMGW_TRY(const auto evidence, take_text<std::uint8_t>(in, max_evidence));
  put(r.evidence, evidence);
  if (!in.empty()) return fail(errc::malformed, "octets after the record");
  return r;
}

std::string to_text(const record& r) {
  const auto* known = find(r.id);
  auto line = std::format("{} #{} {} {}.{}.{} {} {}", to_iso8601(r.at), r.number, to_string(r.level),
                          one_line(r.vendor), static_cast<std::uint32_t>(r.id), r.sub_id, to_string(r.outcome),
                          r.text.empty() && known != nullptr ? std::string{known->text} : one_line(r.text));
  if (r.repetitions > 1) line += std::format(" ({} times)", r.repetitions);
  for (const auto& [name, value] : {std::pair{"by", &r.subject}, {"for", &r.user}, {"to", &r.destination}})
    if (!value->empty()) line += std::format(" {}={}", name, one_line(*value));
  for (const auto& e : r.extensions) line += std::format(" [{}]", one_line(e));
  return line;
}

std::string to_json_line(const record& r) {
  auto line = std::format(
      R"({{"recordNumber":{},"parentRecordNumber":{},"repetitionCounter":{},"timestamp":"{}","secondsIndex":{},)"
      R"("vendorId":{},"eventId":{},"eventSubId":{},"level":"{}","outcome":"{}")",
      r.number, r.parent, r.repetitions, to_iso8601(r.at), r.seconds_index, json_string(r.vendor),
      static_cast<std::uint32_t>(r.id), r.sub_id, to_string(r.level), to_string(r.outcome));
  for (const auto& [name, value] : {std::pair{"subjectIdentity", &r.subject},
                                    {"userIdentity", &r.user},
                                    {"destination", &r.destination},
                                    {"text", &r.text}})
    if (!value->empty()) line += std::format(R"(,"{}":{})", name, json_string(*value));
  if (!r.extensions.empty()) {
    line += R"(,"messageExtensions":[)";
    for (std::size_t i = 0; i < r.extensions.size(); ++i) (line += i == 0 ? "" : ",") += json_string(r.extensions[i]);
    line += ']';
  }
  if (!r.evidence.empty()) line += std::format(R"(,"evidence":"{}")", to_hex(r.evidence));
  return line += '}';
}

}  // namespace smgw::ledger
