// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// Wired M-Bus: frames with the values another library makes of them.

#include "base/hex.hpp"
#include "kind.hpp"
#include "mbus_normal.hpp"
#include "protocols/mbus/response.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <cctype>

namespace smgw::vectors {
namespace {

using nlohmann::json;

bool recognises(const json& row, std::string_view file) {
  if (file.starts_with("mbus")) return true;
  const auto e = row.find("expected");
  return e != row.end() && e->is_object() && (e->contains("libmbus") || e->contains("link_frame_valid"));
}

std::string stripped_zeros(std::string text) {
  const auto first = text.find_first_not_of('0');
  return first == std::string::npos ? "0" : text.substr(first);
}

std::string compare_slave(const json& want, const mbus::response& r) {
  const auto differs = [&](const char* field, const std::string& got) {
    return want.contains(field) && want[field] != got;
  };
  auto id = stripped_zeros(mbus::id_text(r.meter));
  for (auto& c : id) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  if (differs("Id", id)) return "id " + id;
  if (differs("AccessNumber", std::to_string(r.access))) return "access number";
  if (differs("Status", print("%02X", r.status))) return "status";
  if (r.kind == mbus::response_kind::fixed) return {};
  if (differs("Manufacturer", mbus::manufacturer_text(r.meter.manufacturer))) return "manufacturer";
  if (differs("Version", std::to_string(r.meter.version))) return "version";
  if (differs("Signature", print("%04X", r.signature))) return "signature";
  return {};
}

std::string compare_record(const json& want, const mbus::record& r) {
  if (!want.contains("Function")) return {};
  constexpr std::array functions{"Instantaneous value", "Maximum value", "Minimum value", "Value during error state"};
  std::string function = functions[static_cast<std::size_t>(r.function)];
  if (r.kind == mbus::value_kind::manufacturer)
    function = r.more_follows ? "More records follow" : "Manufacturer specific";
  if (want["Function"] != function) return "function " + function;
  if (want.at("StorageNumber") != std::to_string(r.storage)) return "storage";
  if (want.contains("Tariff") && want["Tariff"] != std::to_string(r.tariff)) return "tariff";
  if (want.contains("Device") && want["Device"] != std::to_string(r.subunit)) return "sub-unit";
  return compare_normal(want.at("Value").get<std::string>(), r);
}

std::string compare_fixed(const json& want, const mbus::response& r) {
  if (want.size() != 2) return "two counters";
  for (std::size_t i = 0; i < 2; ++i)
    if (want[i].at("Value") != std::to_string(r.counters[i].value.value)) return "counter " + std::to_string(i + 1);
  return {};
}

std::string compare_variable(const json& want, const mbus::response& r) {
  mbus::record_reader reader{r.records};
  mbus::record rec;
  std::size_t n = 0;
  for (;; ++n) {
    const auto more = reader.next(rec);
    if (!more) return "record " + std::to_string(n) + ": " + more.error().what;
    if (!*more) break;
    if (n == want.size()) return "more records than expected";
    if (const auto fault = compare_record(want[n], rec); !fault.empty())
      return "record " + std::to_string(n) + ": " + fault;
  }
  return n == want.size() ? "" : "fewer records than expected";
}

// Whether the application data are whole: what is refused there must not come out as records here.
bool is_readable(const mbus::response& r) {
  if (r.kind == mbus::response_kind::other) return false;
  mbus::record_reader reader{r.records};
  mbus::record rec;
  for (;;)
    if (const auto more = reader.next(rec); !more || !*more) return more.has_value();
}

// Letters and digits alone: spelling differs in hyphens, apostrophes and how numbers are written.
std::string letters_of(std::string_view text) {
  std::string out;
  for (const auto c : text)
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 && static_cast<unsigned char>(c) < 0x80)
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (const auto ten = out.find("10"); ten != std::string::npos) out.replace(ten, 2, "ten");
  return out;
}

check_result check(const json& row) {
  const auto& want = row["expected"];
  const auto frame = from_hex(row["frame_hex"].get<std::string>());
  if (!frame) return want["link_frame_valid"] == false ? refused() : missed("hex");
  bytes_view in = *frame;
  const auto link = mbus::take_wired(in);
  if (link.has_value() != want["link_frame_valid"].get<bool>()) return missed("link frame");
  if (!link) return refused();
  const auto answer = mbus::read_response(*link);
  if (want.at("verdict") == "accept_header_only")
    return answer && is_readable(*answer) ? missed("application data decoded") : refused();
  if (!answer) return missed(answer.error().what);
  if (want.at("verdict") == "error") {
    const auto name = mbus::application_error_name(answer->error_code);
    const auto said = want.at("libmbus").at("slave").at("Error").get<std::string>();
    return answer->kind == mbus::response_kind::application_error && letters_of(said) == letters_of(name)
               ? refused()
               : missed(std::string{name});
  }
  const auto& normalized = want.at("normalized");
  auto fault = compare_slave(normalized.at("slave"), *answer);
  if (fault.empty())
    fault = answer->kind == mbus::response_kind::fixed ? compare_fixed(normalized.at("records"), *answer)
                                                       : compare_variable(normalized.at("records"), *answer);
  return fault.empty() ? accepted() : missed(fault);
}

const registration mbus_kind{{"mbus", recognises, check}};

}  // namespace
}  // namespace smgw::vectors
