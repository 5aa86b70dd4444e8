// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/platform/console.hpp"
#include "actors/platform/files.hpp"
#include "base/check.hpp"
#include "base/hex.hpp"
#include "base/octets.hpp"
#include "commands/command.hpp"
#include "protocols/dissect/dissect.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iostream>
#include <iterator>

namespace smgw::commands {
namespace {

namespace fs = std::filesystem;

/// Captures are looked at whole.
constexpr std::size_t max_capture = std::size_t{16} << 20U;

struct decode_options {
  std::vector<std::string> inputs;
  std::string key, authentication_key;
  bool json = false;
};

/// Hexadecimal digits with whatever people put between them; nothing if there is something else.
std::optional<bytes> loose_hex(std::string_view text) {
  std::string digits;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '0' && i + 1 < text.size() && (text[i + 1] == 'x' || text[i + 1] == 'X')) {
      ++i;
      continue;
    }
    if (std::string_view(" \t\r\n:,-|").find(text[i]) == std::string_view::npos) digits += text[i];
  }
  auto octets = from_hex(digits);
  return octets && !octets->empty() ? std::optional{*std::move(octets)} : std::nullopt;
}

/// The telegrams of one text of hexadecimal digits: one over several lines, or one a line.
std::vector<dissect::telegram> from_digits(dissect::dissector& d, std::string_view text, const bytes& whole) {
  auto found = d.all(whole);
  const auto unknown = [](const auto& t) { return t.kind == "unknown"; };
  if (std::ranges::count(text, '\n') < 2 || std::ranges::none_of(found, unknown)) return found;
  found.clear();
  for (std::size_t from = 0; from < text.size();) {
    const auto end = std::min(text.find('\n', from), text.size());
    if (const auto line = loose_hex(text.substr(from, end - from)))
      std::ranges::move(d.all(*line), std::back_inserter(found));
    from = end + 1;
  }
  return found;
}

expected<bytes> content_of(const std::string& input) {
  if (input == "-") return bytes(std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>());
  if (std::error_code none; fs::is_regular_file(input, none)) return platform::read_file(input, max_capture);
  if (!loose_hex(input))
    return fail(errc::malformed, "'" + input + "' is neither a file nor hexadecimal digits; - reads standard input");
  const auto text = as_bytes(input);
  return bytes(text.begin(), text.end());
}

expected<secret> key_of(const std::string& digits, std::string_view option) {
  if (digits.empty()) return secret{};
  auto octets = from_hex(digits);
  if (!octets) return fail(errc::malformed, std::string(option) + ": hexadecimal digits are wanted");
  secret key{bytes_view{*octets}};
  wipe(*octets);
  return key;
}

expected<std::vector<dissect::telegram>> decode_all(const decode_options& o) {
  SMGW_TRY(auto key, key_of(o.key, "--key"));
  SMGW_TRY(auto authentication, key_of(o.authentication_key, "--auth-key"));
  SMGW_TRY(auto d, dissect::dissector::make({std::move(key), std::move(authentication)}));
  std::vector<dissect::telegram> all;
  for (const auto& input : o.inputs) {
    SMGW_TRY(const auto content, content_of(input));
    const auto digits = loose_hex(as_text(content));
    auto found = digits ? from_digits(d, as_text(content), *digits) : d.all(content);
    std::ranges::move(found, std::back_inserter(all));
  }
  return all;
}

int decode(const decode_options& o) {
  const auto all = decode_all(o);
  if (!all) return complain(all.error());
  if (o.json) {
    std::cout << dissect::to_json(*all);
  } else {
    for (const auto& t : *all) std::cout << dissect::to_text(t) << "\n";
  }
  const auto good = [](const auto& t) { return t.result == dissect::outcome::good; };
  return !all->empty() && std::ranges::all_of(*all, good) ? success : failure;
}

int scan(const fs::path& configuration, bool json) {
  const auto data = data_directory(configuration);
  if (!data) return complain(data.error());
  const auto answer = platform::ask_console(*data, "lmn scan");
  if (!answer) return complain(answer.error());
  const auto all = nlohmann::ordered_json::parse(*answer);
  if (json) {
    std::cout << *answer;
    return all.contains("error") ? failure : success;
  }
  if (all.contains("error")) return complain({errc::unavailable, all["text"].get<std::string>()});
  for (const auto& m : all["heard"])
    std::cout << m["port"].get<std::string>() << "  " << m["meter"].get<std::string>() << "  " << m["telegrams"].dump()
              << " telegrams, last " << m["last"].get<std::string>() << ", "
              << (m["profile"].get<bool>() ? "with" : "without") << " a profile, " << m["state"].get<std::string>()
              << "\n";
  if (all["heard"].empty()) std::cout << "nothing was heard yet\n";
  return success;
}

}  // namespace

void add_lmn(CLI::App& app, context& c) {
  auto* lmn = app.add_subcommand("lmn", "meters: what they send, and what is heard");
  lmn->require_subcommand(1);
  const auto given = std::make_shared<decode_options>();
  auto* decoding = lmn->add_subcommand("decode",
                                       "take telegrams apart, octet by octet: SML, HDLC, wM-Bus, M-Bus, DLMS, "
                                       "D0, P1 (ends with 1 if one is not good)");
  decoding
      ->add_option("input", given->inputs, "a file (raw octets, hexadecimal digits or receiver lines), digits, or -")
      ->required();
  decoding->add_option("--key", given->key, "key of the meter: wM-Bus master key, or DLMS encryption key");
  decoding->add_option("--auth-key", given->authentication_key, "DLMS authentication key");
  decoding->add_flag("--json", given->json, "print JSON, see docs/lmn-decode.md");
  decoding->callback([&c, given] { c.outcome = decode(*given); });
  const auto json = std::make_shared<bool>(false);
  auto* scanning = lmn->add_subcommand("scan", "ask the running gateway which meters it hears on its ports");
  with_configuration(*scanning, c);
  scanning->add_flag("--json", *json, "print JSON");
  scanning->callback([&c, json] { c.outcome = scan(c.configuration, *json); });
}

}  // namespace smgw::commands
