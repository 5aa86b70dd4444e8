// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// Wired M-Bus: frames with the values another library makes of them.

#include "base/hex.hpp"
#include "kind.hpp"
#include "protocols/mbus/response.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <cmath>
#include <cstdio>

namespace smgw::vectors {
namespace {

using nlohmann::json;

bool recognises(const json& row, std::string_view file) {
  if (file.starts_with("mbus")) return true;
  const auto e = row.find("expected");
  return e != row.end() && e->is_object() && (e->contains("libmbus") || e->contains("link_frame_valid"));
}

template <class... Args>
std::string print(const char* format, Args... args) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), format, args...);
  return text.data();
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

std::string spaced_hex(bytes_view octets) {
  std::string text;
  for (const auto o : octets) text += (text.empty() ? "" : " ") + print("%02X", o);
  return text;
}

long double base_value(const mbus::record& r) {
  auto v = static_cast<long double>(r.value.value) * std::pow(10.0L, r.value.scaler);
  if (r.vif.measured == mbus::unit_minute) v *= 60;
  if (r.vif.measured == mbus::unit_hour) v *= 3600;
  if (r.vif.measured == mbus::unit_day && r.vif.what != mbus::quantity::battery_remaining) v *= 86400;
  return v;
}

bool is_number(const std::string& text, long double& value) {
  try {
    std::size_t used = 0;
    value = std::stold(text, &used);
    return used == text.size();
  } catch (const std::exception&) {
    return false;
  }
}

std::string compare_value(const std::string& want, const mbus::record& r) {
  using enum mbus::value_kind;
  switch (r.kind) {
    case not_available: return {};  // shown there as whatever the code for "no value" makes
    case manufacturer: return spaced_hex(r.raw) == want ? "" : "manufacturer data";
    case text: return mbus::text_of(r) == want ? "" : "text '" + mbus::text_of(r) + "'";
    case calendar: {
      // "Date of the end of the last excess": shown there as a number of the quantity itself.
      if ((r.vif.qualifiers & mbus::q_date_of) != 0) return {};
      auto got = print("%04d-%02d-%02d", r.when.year, r.when.month, r.when.day);
      if (want.size() > got.size()) got += print("T%02d:%02d:%02dZ", r.when.hour, r.when.minute, r.when.second);
      return got == want ? "" : "date " + got;
    }
    case number: break;
    default: return {};
  }
  long double value = 0;
  if (!is_number(want, value)) return "a number instead of " + want;
  const auto got = base_value(r);
  const auto bound = 1e-6L + 1e-9L * std::fabs(value);  // the rows have six decimals
  const auto wrap = std::pow(2.0L, static_cast<int>(8 * r.raw.size()));
  if (std::fabs(got - value) <= bound || std::fabs(got - wrap - value) <= bound) return {};
  return print("value %.9Lg instead of ", got) + want;
}

std::string compare_record(const json& want, const mbus::record& r) {
  if (!want.contains("Function")) return {};
  constexpr std::array functions{"Instantaneous value", "Maximum value", "Minimum value", "Value during error state"};
  std::string function = functions[static_cast<std::size_t>(r.function)];
  if (r.kind == mbus::value_kind::manufacturer)
    function = r.more_follows ? "More records follow" : "Manufacturer specific";
  if (want["Function"] != function) return "function " + function;
  if (want["StorageNumber"] != std::to_string(r.storage)) return "storage";
  if (want.contains("Tariff") && want["Tariff"] != std::to_string(r.tariff)) return "tariff";
  if (want.contains("Device") && want["Device"] != std::to_string(r.subunit)) return "sub-unit";
  return compare_value(want["Value"].get<std::string>(), r);
}

std::string compare_fixed(const json& want, const mbus::response& r) {
  if (want.size() != 2) return "two counters";
  for (std::size_t i = 0; i < 2; ++i)
    if (want[i]["Value"] != std::to_string(r.counters[i].value.value)) return "counter " + std::to_string(i + 1);
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

check_result check(const json& row) {
  const auto& want = row["expected"];
  const auto frame = from_hex(row["frame_hex"].get<std::string>());
  if (!frame) return want["link_frame_valid"] == false ? refused() : missed("hex");
  bytes_view in = *frame;
  const auto link = mbus::take_wired(in);
  if (link.has_value() != want["link_frame_valid"].get<bool>()) return missed("link frame");
  if (!link) return refused();
  const auto answer = mbus::read_response(*link);
  if (want["verdict"] == "accept_header_only")
    return !answer || answer->kind == mbus::response_kind::other ? refused() : missed("application data decoded");
  if (!answer) return missed(answer.error().what);
  if (want["verdict"] == "error") {
    std::string text{mbus::application_error_name(answer->error_code)};
    auto said = want["libmbus"]["slave"]["Error"].get<std::string>();
    for (auto& c : said) c = static_cast<char>(c == '-' ? ' ' : std::tolower(static_cast<unsigned char>(c)));
    for (auto& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return answer->kind == mbus::response_kind::application_error && said == text ? refused() : missed(text);
  }
  const auto& normalized = want["normalized"];
  auto fault = compare_slave(normalized["slave"], *answer);
  if (fault.empty())
    fault = answer->kind == mbus::response_kind::fixed ? compare_fixed(normalized["records"], *answer)
                                                       : compare_variable(normalized["records"], *answer);
  return fault.empty() ? accepted() : missed(fault);
}

const registration mbus_kind{{"mbus", recognises, check}};

}  // namespace
}  // namespace smgw::vectors
