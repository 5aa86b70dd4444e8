// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/platform/console.hpp"
#include "actors/platform/offline.hpp"
#include "commands/command.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <memory>

namespace smgw::commands {
namespace {

namespace fs = std::filesystem;

/// Asks the running gateway, or reads its store when none runs.
expected<std::string> verify(const fs::path& configuration) {
  auto data = data_directory(configuration);
  if (!data) return std::unexpected(data.error());
  if (auto running = platform::ask_console(*data, "log verify")) return running;
  auto verdict = platform::verify_offline(configuration);
  if (!verdict) return std::unexpected(verdict.error());
  return platform::to_json(*verdict);
}

int log_verify(const fs::path& configuration, bool json) {
  const auto answer = verify(configuration);
  if (!answer) return complain(answer.error());
  const auto verdict = nlohmann::ordered_json::parse(*answer);
  if (json) {
    std::cout << *answer;
  } else if (verdict.contains("error")) {
    std::cout << verdict["text"].get<std::string>() << "\n";
  } else {
    for (const auto& line : verdict["logs"]) std::cout << line.get<std::string>() << "\n";
  }
  return verdict.value("whole", false) ? success : failure;
}

/// Pages from the running gateway, or from the store of one that stands still.
class log_source {
 public:
  static expected<log_source> open(const fs::path& configuration) {
    auto data = data_directory(configuration);
    if (!data) return std::unexpected(data.error());
    log_source s;
    s.data_ = *data;
    if (auto running = platform::ask_console(*data, "log show")) return s;  // refused, but someone answers
    auto still = platform::still_logs::open(configuration);
    if (!still) return std::unexpected(still.error());
    s.still_ = std::make_unique<platform::still_logs>(std::move(*still));
    return s;
  }
  [[nodiscard]] expected<platform::log_lines> page(const platform::log_question& q) const {
    if (still_) return still_->page(q);
    auto answer = platform::ask_console(data_, "log show " + platform::to_words(q));
    if (!answer) return std::unexpected(answer.error());
    return platform::parse_log_lines(*answer);
  }

 private:
  fs::path data_;
  std::unique_ptr<platform::still_logs> still_;
};

int print_all(const log_source& source, platform::log_question q, std::size_t wanted, std::ostream& out) {
  while (wanted > 0) {
    q.count = std::min(wanted, platform::max_log_page);
    const auto page = source.page(q);
    if (!page) return complain(page.error());
    for (const auto& line : page->lines) out << line << "\n";
    if (!page->end.empty()) out << page->end << "\n";
    if (page->next == 0) break;
    wanted -= page->lines.size();
    q.from = page->next;
  }
  return out.good() ? success : failure;
}

int log_show(const fs::path& configuration, const std::string& log, std::size_t count, bool json) {
  const auto source = log_source::open(configuration);
  if (!source) return complain(source.error());
  platform::log_question q{.log = log, .count = std::min(count, platform::max_log_page)};
  if (json) q.how = ledger::show_as::json;
  if (count > platform::max_log_page) {
    // The newest ones, over several pages: where they begin follows from the newest number.
    const auto newest = source->page({.log = log, .count = 1, .how = ledger::show_as::json});
    if (!newest) return complain(newest.error());
    const auto last =
        newest->lines.empty() ? 0 : nlohmann::json::parse(newest->lines.front()).value("number", std::uint64_t{0});
    q.from = last >= count ? last - count + 1 : 1;
  }
  return print_all(*source, q, count, std::cout);
}

int log_export(const fs::path& configuration, const std::string& log, const std::string& file) {
  const auto source = log_source::open(configuration);
  if (!source) return complain(source.error());
  const platform::log_question q{.log = log, .from = 1, .how = ledger::show_as::evidence};
  if (file.empty()) return print_all(*source, q, SIZE_MAX, std::cout);
  std::ofstream out{file};
  if (!out) return complain({errc::unavailable, file + ": cannot be written"});
  return print_all(*source, q, SIZE_MAX, out);
}

}  // namespace

void add_log(CLI::App& app, context& c) {
  struct options {
    bool json = false;
    std::string log = "system";
    std::size_t count = 50;
    std::string file;
  };
  const auto given = std::make_shared<options>();
  auto* logs = app.add_subcommand("log", "the three logs");
  logs->require_subcommand(1);
  auto* verifying = logs->add_subcommand("verify", "verify the hash chains of all logs");
  with_configuration(*verifying, c);
  verifying->add_flag("--json", given->json, "print JSON");
  verifying->callback([&c, given] { c.outcome = log_verify(c.configuration, given->json); });
  auto* showing = logs->add_subcommand("show", "print the newest records of a log");
  with_configuration(*showing, c);
  showing->add_option("log", given->log, "system, calibration or consumer/ID")->capture_default_str();
  showing->add_option("-n,--count", given->count, "how many")->capture_default_str();
  showing->add_flag("--json", given->json, "one JSON object a line");
  showing->callback([&c, given] { c.outcome = log_show(c.configuration, given->log, given->count, given->json); });
  auto* exporting = logs->add_subcommand("export", "write a whole log with all that is needed to verify it");
  with_configuration(*exporting, c);
  exporting->add_option("log", given->log, "system, calibration or consumer/ID")->capture_default_str();
  exporting->add_option("-o,--output", given->file, "a file; else the standard output");
  exporting->callback([&c, given] { c.outcome = log_export(c.configuration, given->log, given->file); });
}

}  // namespace smgw::commands
