// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// SML: `framing` is `sml_v1` (transport protocol version 1) or bare messages. With quirks off every row that is not
// marked `accept_with_quirk` must come out as stated; those so marked must be refused first, and come out with them on.

#include "base/check.hpp"
#include "base/hex.hpp"
#include "kind.hpp"
#include "protocols/sml/transport.hpp"
#include "sml_json.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace smgw::vectors {
namespace {

using nlohmann::json;

bool recognises(const json& row, std::string_view file_name) {
  const auto framing = row.value("framing", "");
  return framing.starts_with("sml") || framing == "bare" || file_name.starts_with("sml");
}

struct decoded {
  json messages = json::array();
  json registers = json::object();
  std::string payload;
};

// What is decoded must come out of our own encoder as the same.
expected<void> round_trip(const sml::message& m) {
  bytes again;
  sml::put_message(again, m);
  bytes_view in = again;
  sml::decoder second;
  SMGW_TRY(auto back, second.next(in));
  back.kermit = m.kermit;
  if (back != m || !in.empty()) return fail(errc::internal, "encoded and decoded again, the message is another");
  return {};
}

void add_registers(const sml::message& m, decoded& out) {
  const auto* list = std::get_if<sml::get_list_response>(&m.body);
  if (list == nullptr) return;
  sml::quirks allowed;
  // a bare time is read as the meter's profile would name it
  allowed.holley_time_and_crc =
      std::ranges::any_of(list->values, [](const auto& e) { return e.val_time.kind == sml::moment::form::bare; });
  sml::quirk_counts used;
  std::vector<sml::register_value> registers;
  append_registers(*list, allowed, used, registers);
  for (const auto& r : registers) out.registers[r.name.text()] = to_json(r);
}

expected<decoded> decode(bytes_view frame, bool bare, bool kermit) {
  const time_point now{};
  sml::transport_reader reader{{.accept_kermit = kermit}};
  bytes_view payload = frame;
  bytes_view rest = frame;
  if (!bare) {
    const auto file = reader.next(rest, now);
    if (!file) {
      for (std::size_t i = 1; i < sml::drop_reasons; ++i)
        if (reader.dropped(static_cast<sml::drop>(i)) != 0)
          return fail(errc::malformed, std::string{to_string(static_cast<sml::drop>(i))});
      return fail(errc::truncated, "no complete file");
    }
    if (!rest.empty()) return fail(errc::malformed, "octets behind the file");
    payload = file->payload;
  }
  decoded out;
  out.payload = to_hex(payload);
  sml::decoder messages{{.accept_kermit = kermit}};
  while (!payload.empty()) {
    SMGW_TRY(const auto m, messages.next(payload));
    SMGW_CHECK(round_trip(m));
    out.messages.push_back(to_json(m));
    add_registers(m, out);
  }
  return out;
}

std::string compare_registers(const json& expected, const json& got) {
  for (const auto& [name, unused] : got.items())
    if (!expected.contains(name)) return "obis: " + name + " came, but is not expected";
  return difference(expected, got, "obis");
}

// `content` of the request rows names fields of the message in the middle.
std::string compare_content(const json& content, const json& messages) {
  json wanted = json::object();
  for (const auto* key : {"list_name", "path", "value", "attention", "begin_sec_index", "end_sec_index"})
    if (const auto at = content.find(key); at != content.end()) wanted[key] = *at;
  for (const auto& m : messages)
    if (difference(wanted, m, "").empty()) return {};
  return "content: no message has " + wanted.dump();
}

std::string compare(const json& expected, const decoded& got) {
  if (const auto at = expected.find("messages"); at != expected.end())
    if (auto text = difference(*at, got.messages, "messages"); !text.empty()) return text;
  if (const auto at = expected.find("tags"); at != expected.end()) {
    auto tags = json::array();
    for (const auto& m : got.messages) tags.push_back(m.at("tag"));
    if (auto text = difference(*at, tags, "tags"); !text.empty()) return text;
  }
  if (const auto at = expected.find("messages_hex"); at != expected.end())
    if (*at != got.payload) return "messages_hex: the payload is another";
  if (const auto at = expected.find("content"); at != expected.end())
    if (auto text = compare_content(*at, got.messages); !text.empty()) return text;
  if (const auto at = expected.find("obis"); at != expected.end()) return compare_registers(*at, got.registers);
  return {};
}

check_result check(const json& row) {
  const auto frame = from_hex(row.at("frame_hex").get<std::string>());
  if (!frame) return missed("frame_hex is not hexadecimal");
  const auto& expected = row.at("expected");
  const auto verdict = expected.value("verdict", "");
  const auto crc = expected.contains("transport_crc") && expected["transport_crc"].is_string()
                       ? expected["transport_crc"].get<std::string>()
                       : std::string{};
  const bool bare = row.value("framing", "sml_v1") != "sml_v1";
  auto got = decode(*frame, bare, false);
  if (verdict == "reject" || crc == "bad") return got ? missed("accepted, but a refusal is expected") : refused();
  if (verdict == "accept_with_quirk" && crc == "kermit") {
    if (got) return missed("accepted without its quirk");
    got = decode(*frame, bare, true);
  }
  if (!got) return missed("refused: " + got.error().what);
  auto text = compare(expected, *got);
  return text.empty() ? accepted() : missed(std::move(text));
}

const registration sml_kind{{"sml", recognises, check}};

}  // namespace
}  // namespace smgw::vectors
