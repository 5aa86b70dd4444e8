// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// DLMS pushes: link layer, block transfer, protection, A-XDR tree and named values of a row, each against `expected`.

#include "base/hex.hpp"
#include "base/octets.hpp"
#include "dlms_json.hpp"
#include "kind.hpp"
#include "protocols/dlms/push_decoder.hpp"
#include "protocols/dlms/reader.hpp"
#include "sml_json.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace smgw::vectors {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

bytes hex_field(const json& row, const char* key) {
  const auto at = row.find(key);
  if (at == row.end()) return {};
  return from_hex(at->get<std::string>()).value_or(bytes{});
}

// What came out of a row: everything a check needs, copied out of the views.
struct outcome_of_row {
  json link = json::object();
  json frames = json::array();
  json apdus = json::array();
  std::vector<error> refusals;
  dlms::transport transport{};
  json names;  // of the last notification
};

// The blocks of a block transfer are noted with the APDU they make up.
struct row_reader {
  outcome_of_row& out;
  dlms::cipher* keys;
  dlms::push_decoder decoder;
  json blocks = json::array();
  bytes joined;  // of the blocks

  void take(bytes_view octets) {
    const auto first = dlms::read_apdu(octets);
    if (first)
      if (const auto* b = std::get_if<dlms::block>(&*first)) {
        blocks.push_back({{"block", b->number}, {"last", b->last}, {"len", b->data.size()}});
        put(joined, b->data);
      }
    dlms::counter_state counters;
    dlms::protection_fault why{};
    const auto done = decoder.decode(octets, keys, &counters, &why);
    if (!done && why == dlms::protection_fault::no_key)
      return take_unopened(blocks.empty() ? *first : dlms::read_apdu(joined).value());
    if (!done) {
      out.refusals.push_back(done.error());
      return;
    }
    if (*done) take_push(**done);
  }

  void take_unopened(const dlms::apdu& a) {
    const auto& c = std::get<dlms::ciphered>(a);
    auto entry = header_of(c);
    entry["encrypted"] = true;
    entry["ciphertext_hex"] = to_hex(c.payload);
    add(std::move(entry));
  }

  static json header_of(const dlms::ciphered& c) {
    return {{"apdu", name_of(c.tag)},
            {"system_title", to_hex(c.system_title)},
            {"security_control", c.security_control},
            {"security_suite", c.suite()},
            {"frame_counter", c.counter}};
  }

  void take_push(const dlms::push& p) {
    json entry;
    const auto* plain = std::get_if<dlms::notification>(&p.content);
    if (plain != nullptr) entry = notification_of(*plain);
    if (p.protection) {
      auto outer = header_of(*p.protection);
      outer["inner"] = entry;
      outer["plaintext_hex"] = to_hex(p.octets);
      if (p.authenticated) {
        outer["tag_ok"] = true;
        outer["tag_hex"] = to_hex(p.protection->payload.last(dlms::tag_size));
      }
      entry = std::move(outer);
    }
    out.names = values_of(p.body());
    add(std::move(entry));
  }

  void add(json entry) {
    if (!blocks.empty()) entry["gbt_blocks"] = std::exchange(blocks, json::array());
    joined.clear();
    out.apdus.push_back(std::move(entry));
  }

  void finish() {
    if (!blocks.empty())
      out.apdus.push_back({{"apdu", "general-block-transfer"}, {"incomplete", true}, {"gbt_blocks", blocks}});
  }
};

outcome_of_row read_row(const json& row) {
  outcome_of_row out;
  const auto frame = hex_field(row, "frame_hex");
  out.transport = dlms::guess_transport(frame);
  out.link["link"] = name_of(out.transport, frame);
  if (out.transport == dlms::transport::hdlc) add_hdlc_frames(frame, out.frames);
  if (out.transport == dlms::transport::mbus) add_mbus_frames(frame, out.frames);
  dlms::cipher keys{secret{bytes_view{hex_field(row, "key_hex")}}, secret{bytes_view{hex_field(row, "auth_key_hex")}}};
  row_reader reader{out, row.contains("key_hex") ? &keys : nullptr, {}};
  dlms::reader line{out.transport};
  bytes_view in = frame;
  const time_point start{};
  const auto take = [&](const expected<dlms::telegram>& t) {
    if (t) {
      out.link["src"] = t->source;
      out.link["dst"] = t->destination;
      reader.take(t->apdu);
    } else {
      out.refusals.push_back(t.error());
    }
  };
  while (auto t = line.feed(in, start)) take(*t);
  while (auto t = line.tick(start + 1h)) take(*t);
  reader.finish();
  return out;
}

const json& member_or_empty(const json& of, const char* key) {
  static const json none = json::object();
  const auto at = of.find(key);
  return at == of.end() ? none : *at;
}

// The number of the source is a binary float; ours is exact, and must be the one nearest to it.
std::string value_difference(const json& want, const json& have) {
  for (const auto& [name, value] : member_or_empty(want, "numbers").items()) {
    if (!have.at("numbers").contains(name)) return "value " + name + ": nothing came";
    const auto text = have.at("numbers").at(name).get<std::string>();
    if (std::stod(text) != value.get<double>())
      return "value " + name + ": expected " + value.dump() + ", came " + text;
  }
  // A text that the telegram does not name has a name of the source's own.
  for (const auto& [name, value] : member_or_empty(want, "strings").items()) {
    const auto& named = have.at("strings");
    const auto& unnamed = have.at("unnamed");
    const bool same = named.contains(name) ? named.at(name) == value
                                           : std::find(unnamed.begin(), unnamed.end(), value) != unnamed.end();
    if (!same) return "value " + name + ": expected " + value.dump() + ", which did not come";
  }
  return {};
}

check_result check_decoded(const json& expected_values, const outcome_of_row& got) {
  if (expected_values.contains("frames"))
    if (auto d = difference(expected_values.at("frames"), got.frames, "frames"); !d.empty()) return missed(d);
  for (const auto* key : {"link", "src", "dst"})
    if (expected_values.contains(key) && expected_values.at(key) != got.link.at(key)) return missed(std::string{key});
  if (auto d = difference(expected_values.at("apdus"), got.apdus, "apdus"); !d.empty()) return missed(d);
  if (!expected_values.contains("obis_values") || got.names.is_null()) return accepted();
  // A source that takes fields of the capture object list for values is no measure: our list names the real ones.
  if (got.names.at("described").get<bool>()) return accepted();
  if (auto d = value_difference(expected_values.at("obis_values"), got.names); !d.empty()) return missed(d);
  return accepted();
}

bool any_value(const outcome_of_row& got) {
  for (const auto& a : got.apdus)
    if (a.contains("body") || a.contains("inner")) return true;
  return false;
}

check_result check_refused(const json& expected_values, const outcome_of_row& got) {
  if (any_value(got)) return missed("was to be refused, and values came");
  const auto reason = expected_values.value("reason", "");
  if (reason == "GCM tag mismatch") {
    for (const auto& e : got.refusals)
      if (e.code == errc::untrusted) return refused();
    return missed("the wrong tag was not the reason of the refusal");
  }
  return refused();
}

bool recognises(const json& row, std::string_view file_name) {
  if (!row.contains("frame_hex") || !row.contains("expected")) return false;
  const auto& e = row.at("expected");
  if (e.is_object() && e.contains("apdus")) return true;
  return file_name.starts_with("dlms");
}

check_result check(const json& row) {
  const auto got = read_row(row);
  const auto& e = row.at("expected");
  const auto verdict = e.at("verdict").get<std::string>();
  if (verdict == "decoded") return check_decoded(e, got);
  if (verdict == "reject") return check_refused(e, got);
  if (verdict == "robustness_only") return any_value(got) ? accepted() : refused();
  return unsupported("verdict " + verdict);
}

const registration dlms_kind{{"dlms", recognises, check}};

}  // namespace
}  // namespace smgw::vectors
