// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// SML 1.04 (DIN VDE 0418-63-9): transport version 1, then each element of each message under its name in the grammar.

#include "base/hex.hpp"
#include "protocols/dissect/kinds.hpp"
#include "protocols/dissect/sml_grammar.hpp"
#include "protocols/sml/readings.hpp"
#include "protocols/sml/tl.hpp"
#include "protocols/sml/transport.hpp"

#include <algorithm>
#include <array>

namespace smgw::dissect {
namespace {

constexpr std::array<std::uint8_t, 8> start_of_file{0x1B, 0x1B, 0x1B, 0x1B, 1, 1, 1, 1};
/// Deeper nesting than any message has: what is deeper stays one field.
constexpr unsigned max_depth = 24;

std::string number_text(bytes_view data, bool is_signed) {
  if (data.empty() || data.size() > 8) return to_hex(data);
  std::uint64_t v = is_signed && (data[0] & 0x80U) != 0 ? ~std::uint64_t{0} : 0;
  for (const auto octet : data) v = v << 8U | octet;
  return is_signed ? std::to_string(static_cast<std::int64_t>(v)) : std::to_string(v);
}

std::string octet_string_text(bytes_view data, const grammar::shape& of) {
  if (data.empty()) return "absent";
  if (of.name == "objName" && data.size() == 6) {
    obis name;
    std::ranges::copy(data, name.code.begin());
    return name.text();
  }
  if (of.name == "serverId")
    if (const auto id = device_id::from_server_id(data)) return std::string(id->text());
  return readable(data);
}

std::string leaf_text(sml::tl_type type, bytes_view data, const grammar::shape& of) {
  switch (type) {
    case sml::tl_type::boolean: return data.empty() || data[0] == 0 ? "false" : "true";
    case sml::tl_type::integer: return number_text(data, true);
    case sml::tl_type::unsigned_integer:
      if (of.name == "unit" && data.size() == 1)
        return number_text(data, false) + ": " + unit_text(static_cast<unit>(data[0]));
      return number_text(data, false);
    default: return octet_string_text(data, of);
  }
}

/// Walks one element and all that is in it, naming by the grammar as far as it knows.
class walk {
 public:
  walk(bytes_view in, layer_writer& to) : at_(in), to_(to) {}

  void element(const grammar::shape& as, unsigned depth) {
    if (!at_.ok() || at_.left() == 0) return;
    const auto* from = at_.position();
    if (depth > max_depth) {
      (void)at_.skip();
      return to_.part({from, at_.position()}, std::string(as.name), "nested too deeply to show", depth);
    }
    const auto e = at_.head();
    if (!at_.ok()) return;
    if (e.type != sml::tl_type::list) {
      const auto data = at_.data(e.length);
      if (as.name == "messageBody.tag" && !data.empty()) tag_ = tag_of(data);
      return to_.part({from, at_.position()}, std::string(as.name), leaf_text(e.type, data, as), depth);
    }
    to_.part({from, at_.position()}, std::string(as.name), "list of " + std::to_string(e.length), depth);
    for (std::uint32_t i = 0; i < e.length && at_.ok() && at_.left() != 0; ++i)
      element(as.member(i, e.length, tag_), depth + 1);
  }
  [[nodiscard]] bool ok() const { return at_.ok(); }
  [[nodiscard]] std::size_t left() const { return at_.left(); }

 private:
  static std::uint32_t tag_of(bytes_view data) {
    std::uint32_t tag = 0;
    for (const auto octet : data) tag = tag << 8U | octet;
    return tag;
  }
  sml::cursor at_;
  layer_writer& to_;
  std::uint32_t tag_ = 0;
};

void describe_transport(bytes_view file, std::size_t payload, layer_writer& w, const std::string& crc) {
  w.next(4, "escape", "begin of an escape sequence");
  w.next(4, "version", "begin of a file, transport version 1");
  w.next(payload, "payload", "SML messages, four 1B in them doubled");
  w.next(file.size() - 16 - payload, "padding", "up to a multiple of four");
  w.next(4, "escape", "begin of an escape sequence");
  w.next(1, "end", "end of the file");
  w.next(1, "padding count", std::to_string(w.peek()) + " octets of padding");
  w.next(2, "CRC-16/X.25", crc);
}

void add_values(const sml::message& m, sml::quirk_counts& used, telegram& t) {
  std::vector<sml::register_value> registers;
  if (const auto* list = std::get_if<sml::get_list_response>(&m.body)) {
    if (const auto id = device_id::from_server_id(list->server_id)) t.meter = id->text();
    sml::append_registers(*list, {}, used, registers);
  } else if (const auto* answer = std::get_if<sml::get_proc_parameter_response>(&m.body)) {
    if (!sml::append_register(*answer, {}, used, registers)) return;
  }
  for (const auto& r : registers) {
    value v{r.name.text(), {}, {}, r.unit ? unit_text(*r.unit) : std::string(), {}};
    v.text = r.number ? r.number->text() : r.raw.kind == sml::value::type::octet_string ? readable(r.raw.data) : "";
    if (r.status.width != 0) v.note = "status " + std::to_string(r.status.bits);
    if (const auto index = r.val_time.index())
      v.note +=
          (v.note.empty() ? "" : ", ") + std::string("second ") + std::to_string(static_cast<std::uint32_t>(*index));
    t.values.push_back(std::move(v));
  }
}

/// Why the reader refused what begins here.
std::string refusal(const sml::transport_reader& reader) {
  for (std::size_t i = 1; i < sml::drop_reasons; ++i)
    if (const auto reason = static_cast<sml::drop>(i); reader.dropped(reason) != 0)
      return std::string(sml::to_string(reason));
  return "the file does not end";
}

bool starts_here(bytes_view in) {
  return in.size() >= start_of_file.size() && std::ranges::equal(in.first(start_of_file.size()), start_of_file);
}

taken damaged(bytes_view in, const std::string& why, std::vector<telegram>& out) {
  const auto after = in.subspan(1);
  const auto next = std::ranges::search(after, start_of_file);
  const auto file = in.first(1 + static_cast<std::size_t>(next.begin() - after.begin()));
  telegram t{.kind = "sml"};
  t.conclude(outcome::damaged, why);
  layer_writer w(t, "transport", "SML transport (DIN VDE 0418-63-9, 8.1)", file);
  w.next(8, "start", "begin of a file, transport version 1");
  w.next(file.size(), "content", why);
  out.push_back(std::move(t));
  return file.size();
}

taken bare_messages(bytes_view in, std::vector<telegram>& out) {
  sml::decoder decoder{{.accept_kermit = true}};
  bytes_view rest = in;
  if (in.empty() || in[0] != 0x76 || !decoder.next(rest)) return 0;
  while (!rest.empty() && decoder.next(rest)) {
  }
  const auto size = in.size() - rest.size();
  telegram t{.kind = "sml", .framing = "none"};
  describe_sml(in.first(size), t);
  out.push_back(std::move(t));
  return size;
}

}  // namespace

void describe_sml(bytes_view payload, telegram& t) {
  sml::decoder decoder{{.accept_kermit = true}};
  sml::quirk_counts used;
  t.conclude(outcome::good);
  while (!payload.empty()) {
    auto rest = payload;
    const auto message = decoder.next(rest);
    const auto octets = message ? payload.first(payload.size() - rest.size()) : payload;
    {
      layer_writer w(t, "message",
                     message ? "SML " + std::string(sml::to_string(static_cast<sml::tag>(message->tag())))
                             : std::string("SML message, broken"),
                     octets);
      walk(octets, w).element(grammar::message(), 0);
      w.gap("end of message");
    }
    if (!message) return t.conclude(outcome::damaged, message.error().what);
    if (message->kermit) t.reason = "CRC-16/KERMIT instead of X.25 (Holley)";
    add_values(*message, used, t);
    payload = rest;
  }
}

taken take_sml(bytes_view in, std::vector<telegram>& out) {
  if (!starts_here(in)) return bare_messages(in, out);
  sml::transport_reader reader{{.accept_kermit = true}};
  bytes_view rest = in;
  const auto file = reader.next(rest, {});
  const auto size = in.size() - rest.size();
  if (!file) {
    reader.tick(time_point{} + std::chrono::hours{1});
    return damaged(in, refusal(reader), out);
  }
  // A broken file before this one was passed over.
  for (std::size_t i = 0; i < sml::drop_reasons; ++i)
    if (reader.dropped(static_cast<sml::drop>(i)) != 0) return damaged(in, refusal(reader), out);
  telegram t{.kind = "sml", .framing = "transport 1"};
  const auto octets = in.first(size);
  const std::size_t padding = size >= 16 ? octets[size - 3] : 0;
  {
    layer_writer w(t, "transport", "SML transport (DIN VDE 0418-63-9, 8.1)", octets);
    describe_transport(octets, size - 16 - std::min(padding, size - 16), w,
                       file->kermit ? "good as CRC-16/KERMIT (Holley)" : "good");
  }
  describe_sml(file->payload, t);
  out.push_back(std::move(t));
  return size;
}

}  // namespace smgw::dissect
