// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "acme_protocol.hpp"

#include <charconv>
#include <format>
#include <optional>

namespace acme {
namespace {

constexpr std::size_t longest_line = 80;

unsigned sum(std::string_view text) {
  unsigned s = 0;
  for (const char c : text) s += static_cast<unsigned char>(c);
  return s & 0xFFU;
}

/// The text before the next `;`, which is taken off.
std::string_view field(std::string_view& rest) {
  const auto end = rest.find(';');
  const auto found = rest.substr(0, end);
  rest = end == rest.npos ? std::string_view{} : rest.substr(end + 1);
  return found;
}

/// A line that is not whole or not right is noise: the meter is asked again soon.
std::optional<smgw::ports::meter_report> parse(std::string_view line, smgw::time_point began) {
  const auto last = line.rfind(';');
  if (!line.starts_with('!') || last == line.npos ||
      line.substr(last + 1) != std::format("{:02X}", sum(line.substr(0, last))))
    return std::nullopt;
  auto rest = line.substr(1, last - 1);
  const auto id = smgw::device_id::parse(field(rest));
  const auto name = smgw::obis::parse(field(rest));
  std::int64_t level = 0;
  const auto [stop, failure] = std::from_chars(rest.data(), rest.data() + rest.size(), level);
  if (!id || !name || failure != std::errc{} || stop != rest.data() + rest.size()) return std::nullopt;
  return smgw::ports::meter_report{*id, began, 0, {{*name, {level, 0}, smgw::unit::watt_hour}}};
}

}  // namespace

std::string answer_line(std::string_view id, std::int64_t level_wh) {
  auto line = std::format("!{};1-0:1.8.0;{}", id, level_wh);
  line += std::format(";{:02X}\r\n", sum(line));
  return line;
}

smgw::expected<smgw::ports::protocol_output> protocol::open(smgw::time_point now) {
  line_.clear();
  return tick(now);
}

smgw::expected<smgw::ports::protocol_output> protocol::feed(smgw::bytes_view octets, smgw::time_point now) {
  smgw::ports::protocol_output out;
  for (const auto octet : octets) {
    const char c = static_cast<char>(octet);
    if (c == '!') line_.clear(), began_ = now;
    if (c != '\n' && c != '\r') {
      if (line_.size() < longest_line) line_ += c;
      continue;
    }
    if (auto report = parse(line_, began_)) out.reports.push_back(std::move(*report));
    line_.clear();
  }
  out.wake_at = std::max(next_question_, now + std::chrono::milliseconds{1});
  return out;
}

smgw::expected<smgw::ports::protocol_output> protocol::tick(smgw::time_point now) {
  next_question_ = now + every_;
  return smgw::ports::protocol_output{{}, {'?'}, next_question_};
}

}  // namespace acme
