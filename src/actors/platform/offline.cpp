// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/platform/offline.hpp"

#include "actors/foundation/ledger.hpp"
#include "actors/platform/assembly.hpp"
#include "actors/platform/files.hpp"
#include "base/check.hpp"

namespace smgw::platform {
namespace {

constexpr std::size_t page_size = 256;

expected<store::database> open(const std::filesystem::path& configuration) {
  SMGW_TRY(const auto loaded, load_profiles(configuration));
  if (!loaded.set) return fail(errc::malformed, "the profiles are wrong; see smgw check-config");
  const std::filesystem::path data = loaded.set->self.data_directory;
  SMGW_TRY(const auto keys, open_key_store(loaded.set->self.key_store, data));
  return open_store(data, *keys);
}

/// Reads a log page by page, as the chain's verification wants it.
class log_reader {
 public:
  log_reader(const store::database& db, std::string log) : db_(db), log_(std::move(log)) {}

  std::optional<ledger::keyed> next() {
    if (at_ == page_.size() && !read_page()) return std::nullopt;
    auto& r = page_[at_++];
    next_ = r.number + 1;
    return ledger::keyed{static_cast<std::uint32_t>(r.number), std::move(r.content)};
  }
  [[nodiscard]] const std::optional<error>& failed() const { return failed_; }
  [[nodiscard]] std::uint64_t count() const { return next_ - 1; }

 private:
  bool read_page() {
    auto found = db_.records(log_, next_, page_size);
    if (!found) {
      failed_ = found.error();
      return false;
    }
    page_ = std::move(*found);
    at_ = 0;
    return !page_.empty();
  }

  const store::database& db_;
  std::string log_;
  std::vector<store::log_record> page_;
  std::size_t at_ = 0;
  std::uint64_t next_ = 1;
  std::optional<error> failed_;
};

}  // namespace

expected<log_verdict> verify_offline(const std::filesystem::path& configuration) {
  SMGW_TRY(const auto db, open(configuration));
  log_verdict verdict;
  for (const auto& name : db.logs()) {
    const auto log = log_of(name);
    if (!log) continue;
    log_reader reader(db, name);
    const auto fault =
        ledger::verify(ledger::begin(*log, chain_hash()), std::nullopt, [&] { return reader.next(); }, chain_hash());
    const bool good = !fault && !reader.failed();
    verdict.whole = verdict.whole && good;
    verdict.lines.push_back(name + (good              ? ": verified, " + std::to_string(reader.count()) + " records"
                                    : reader.failed() ? ": " + reader.failed()->what
                                                      : ": record " + std::to_string(fault->number) + " is " +
                                                            std::string(to_string(fault->kind))));
  }
  return verdict;
}

expected<std::vector<std::string>> show_offline(const std::filesystem::path& configuration, const std::string& log,
                                                std::size_t count) {
  SMGW_TRY(const auto db, open(configuration));
  const auto range = db.range(log);
  if (range.last == 0)
    return fail(
        errc::conflict, "there is no log '" + log + "'; there are: " + [&] {
          std::string names;
          for (const auto& n : db.logs()) names += (names.empty() ? "" : ", ") + n;
          return names;
        }());
  const auto from = range.last >= count ? std::max(range.first, range.last - count + 1) : range.first;
  SMGW_TRY(const auto records, db.records(log, from, count));
  std::vector<std::string> lines;
  for (const auto& r : records) {
    SMGW_TRY(const auto stored, ledger::decode_stored(r.content));
    lines.push_back(ledger::to_text(stored.value));
  }
  return lines;
}

}  // namespace smgw::platform
