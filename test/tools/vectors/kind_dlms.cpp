// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// DLMS pushes: link layer, block transfer, protection, A-XDR tree and named values of a row, each against `expected`.

#include "base/hex.hpp"
#include "base/octets.hpp"
#include "kind.hpp"
#include "protocols/dlms/layout.hpp"
#include "protocols/dlms/push_decoder.hpp"
#include "protocols/dlms/reader.hpp"

#include <nlohmann/json.hpp>

#include <cstdio>

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

void add_hdlc_frames(bytes_view in, json& out) {
  while (!in.empty()) {
    dlms::hdlc_frame f;
    const auto seen = dlms::scan_hdlc(in, f);
    if (seen.is == dlms::scan::what::more) return;
    if (seen.is == dlms::scan::what::frame)
      out.push_back({{"segmented", f.segmented},
                     {"dst", to_hex(f.destination)},
                     {"src", to_hex(f.source)},
                     {"control", f.control},
                     {"fcs_ok", true},
                     {"hcs_ok", true},
                     {"info_len", f.info.size()}});
    in = in.subspan(seen.size);
  }
}

void add_mbus_frames(bytes_view in, json& out) {
  while (!in.empty()) {
    dlms::mbus_frame f;
    const auto seen = dlms::scan_mbus(in, f);
    if (seen.is == dlms::scan::what::more) return;
    if (seen.is == dlms::scan::what::frame)
      out.push_back({{"c", f.control},
                     {"a", f.address},
                     {"ci", f.ci},
                     {"stsap", f.source},
                     {"dtsap", f.destination},
                     {"cs_ok", true},
                     {"info_len", f.info.size()}});
    in = in.subspan(seen.size);
  }
}

// Takes one element and all that is in it off the front.
json take_tree(std::span<const dlms::axdr::element>& elements) {
  using dlms::axdr::type;
  const auto e = elements.front();
  elements = elements.subspan(1);
  json out{{"t", dlms::axdr::name_of(e.what)}};
  if (e.container()) {
    out["v"] = json::array();
    while (!elements.empty() && elements.front().depth > e.depth) out["v"].push_back(take_tree(elements));
  } else if (e.what == type::boolean) {
    out["v"] = e.data[0] != 0;
  } else if (const auto number = dlms::axdr::integer_of(e)) {
    out["v"] = *number;
  } else if (e.what != type::null_data) {
    out["hex"] = to_hex(e.data);
    if (e.text()) out["v"] = as_text(e.data);
    if (e.what == type::long64_unsigned) out["v"] = load_be<std::uint64_t>(e.data.data());
    if (const auto exact = dlms::axdr::number_of(e)) out["v"] = std::stod(exact->text());
  }
  return out;
}

json tree_of(bytes_view body) {
  std::vector<dlms::axdr::element> elements;
  dlms::axdr::cursor c{body};
  for (dlms::axdr::element e; c.next(e);) elements.push_back(e);
  std::span<const dlms::axdr::element> rest{elements};
  return rest.empty() ? json{} : take_tree(rest);
}

json time_of(const dlms::date_time& t) {
  const auto field = [](const auto& f) { return f ? json(*f) : json(nullptr); };
  return {{"year", field(t.year)},
          {"month", field(t.month)},
          {"day", field(t.day)},
          {"hour", field(t.hour)},
          {"minute", field(t.minute)},
          {"second", field(t.second)},
          {"deviation_min", field(t.deviation)},
          {"clock_status", t.clock_status}};
}

json notification_of(const dlms::notification& n) {
  json out{{"apdu", "data-notification"}, {"long_invoke_id", n.long_invoke_id}};
  if (n.tagged_time) out["quirk"] = "date-time carries an A-XDR tag (09 0C) instead of a bare length";
  if (!n.time_octets.empty()) out["date_time_hex"] = to_hex(n.time_octets);
  if (n.time) out["date_time"] = time_of(*n.time);
  out["body"] = tree_of(n.body);
  return out;
}

const char* name_of(dlms::transport t, bytes_view frame) {
  switch (t) {
    case dlms::transport::hdlc: return "hdlc";
    case dlms::transport::wrapper: return "wrapper";
    case dlms::transport::mbus: return "mbus";
    case dlms::transport::raw: break;
  }
  return !frame.empty() && frame[0] == 0xE6 ? "llc" : "raw";
}

const char* name_of(dlms::apdu_tag tag) {
  switch (tag) {
    case dlms::apdu_tag::general_glo_ciphering: return "general-glo-ciphering";
    case dlms::apdu_tag::general_ded_ciphering: return "general-ded-ciphering";
    case dlms::apdu_tag::general_ciphering: return "general-ciphering";
    case dlms::apdu_tag::general_block_transfer: return "general-block-transfer";
    default: return "other";
  }
}

std::string dotted(const obis& name) {
  std::string out;
  for (const auto part : name.code) out += (out.empty() ? "" : ".") + std::to_string(part);
  return out;
}

std::string text_of(const dlms::axdr::element& e) {
  if (e.what == dlms::axdr::type::octet_string && e.data.size() == dlms::date_time_size)
    if (const auto t = dlms::read_date_time(e.data); t && t->year && t->month && t->day && t->hour && t->minute) {
      std::array<char, 32> text{};
      std::snprintf(text.data(), text.size(), "%04d-%02d-%02d %02d:%02d:%02d", *t->year, *t->month, *t->day, *t->hour,
                    *t->minute, t->second.value_or(0));
      return text.data();
    }
  return std::string{as_text(e.data)};
}

// Named values in the form of `obis_values`: an unnamed text stands under the name 0.0.0.0.0.0.
json values_of(bytes_view body) {
  json out{{"strings", json::object()}, {"numbers", json::object()}, {"described", false}};
  dlms::record_cursor records{body};
  dlms::record r;
  while (records.next(r)) {
    if (r.named == dlms::naming::described) out["described"] = true;
    if (r.number)
      out["numbers"][dotted(r.name)] = r.number->text();
    else
      out["strings"][dotted(r.name)] = text_of(r.value);
  }
  if (!records.status()) out["broken"] = true;
  return out;
}

// The blocks of a block transfer are noted with the APDU they make up.
struct row_reader {
  outcome_of_row& out;
  dlms::cipher* keys;
  dlms::push_decoder decoder;
  json blocks = json::array();

  void take(bytes_view octets) {
    const auto first = dlms::read_apdu(octets);
    if (first)
      if (const auto* b = std::get_if<dlms::block>(&*first))
        blocks.push_back({{"block", b->number}, {"last", b->last}, {"len", b->data.size()}});
    dlms::counter_state counters;
    dlms::protection_fault why{};
    const auto done = decoder.decode(octets, keys, &counters, &why);
    if (!done && why == dlms::protection_fault::no_key && blocks.empty()) return take_unopened(*first);
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
    out.apdus.push_back(std::move(entry));
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
    if (!blocks.empty()) entry["gbt_blocks"] = std::exchange(blocks, json::array());
    out.names = values_of(p.body());
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

// Every field of `want` that the decoder gives must be equal; fields it does not give are named by the caller.
std::string difference(const json& want, const json& have, const std::string& path) {
  if (want.is_object() && have.is_object()) {
    for (const auto& [key, value] : want.items()) {
      if (!have.contains(key)) return path + "." + key + ": nothing came";
      if (auto d = difference(value, have.at(key), path + "." + key); !d.empty()) return d;
    }
    return {};
  }
  if (want.is_array() && have.is_array() && want.size() == have.size()) {
    for (std::size_t i = 0; i < want.size(); ++i)
      if (auto d = difference(want[i], have[i], path + "[" + std::to_string(i) + "]"); !d.empty()) return d;
    return {};
  }
  if (want == have) return {};
  return path + ": expected " + want.dump().substr(0, 120) + ", came " + have.dump().substr(0, 120);
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
  for (const auto& [name, value] : member_or_empty(want, "strings").items())
    if (have.at("strings").value(name, "") != value.get<std::string>()) return "value " + name + " differs";
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
