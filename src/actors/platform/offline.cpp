// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/platform/offline.hpp"

#include "actors/foundation/ledger.hpp"
#include "actors/platform/assembly.hpp"
#include "actors/platform/files.hpp"
#include "base/check.hpp"
#include "domain/ledger/room.hpp"

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
  log_reader(const store::database& db, std::string log, std::uint64_t first)
      : db_(db), log_(std::move(log)), first_(first), next_(first) {}

  std::optional<ledger::keyed> next() {
    if (at_ == page_.size() && !read_page()) return std::nullopt;
    auto& r = page_[at_++];
    next_ = r.number + 1;
    return ledger::keyed{static_cast<std::uint32_t>(r.number), std::move(r.content)};
  }
  [[nodiscard]] const std::optional<error>& failed() const { return failed_; }
  [[nodiscard]] std::uint64_t count() const { return next_ - first_; }

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
  std::uint64_t first_;
  std::uint64_t next_;
  std::optional<error> failed_;
};

/// Where the chain of a log begins: behind the records that were cut off.
expected<ledger::head> begin_of(const store::database& db, const std::string& name, const ledger::log_id& log) {
  SMGW_TRY(const auto stored, db.state(begin_name(name)));
  if (!stored) return ledger::begin(log, chain_hash());
  return ledger::decode_begin(*stored, log);
}

}  // namespace

expected<log_verdict> verify_offline(const std::filesystem::path& configuration) {
  SMGW_TRY(const auto db, open(configuration));
  log_verdict verdict;
  for (const auto& name : db.logs()) {
    const auto log = log_of(name);
    if (!log) continue;
    SMGW_TRY(const auto begin, begin_of(db, name, *log));
    log_reader reader(db, name, begin.last + 1);
    const auto fault = ledger::verify(begin, std::nullopt, [&] { return reader.next(); }, chain_hash());
    const bool good = !fault && !reader.failed();
    verdict.whole = verdict.whole && good;
    verdict.lines.push_back(name + (good              ? ": verified, " + std::to_string(reader.count()) + " records"
                                    : reader.failed() ? ": " + reader.failed()->what
                                                      : ": record " + std::to_string(fault->number) + " is " +
                                                            std::string(to_string(fault->kind))));
  }
  return verdict;
}

expected<still_logs> still_logs::open(const std::filesystem::path& configuration) {
  SMGW_TRY(auto db, platform::open(configuration));
  return still_logs(std::move(db));
}

expected<log_lines> still_logs::page(const log_question& q) const {
  const auto range = db_.range(q.log);
  const auto id = log_of(q.log);
  if (range.last == 0 || !id)
    return fail(
        errc::conflict, "there is no log '" + q.log + "'; there are: " + [&] {
          std::string names;
          for (const auto& n : db_.logs()) names += (names.empty() ? "" : ", ") + n;
          return names;
        }());
  SMGW_TRY(const auto records, db_.records(q.log, first_of(q, range.first, range.last), q.count));
  SMGW_TRY(auto page, make_page(records, q));
  if (page.next > range.last) page.next = 0;
  if (page.next != 0 || q.how != ledger::show_as::evidence) return page;
  SMGW_TRY(const auto begin, begin_of(db_, q.log, *id));
  SMGW_TRY(const auto stored, db_.state(checkpoint_name(q.log)));
  std::optional<ledger::checkpoint> newest;
  if (stored) {
    SMGW_TRY(newest, ledger::decode_checkpoint(*stored));
  }
  page.end = ledger::export_end(begin, static_cast<std::uint32_t>(range.last), newest);
  return page;
}

}  // namespace smgw::platform
