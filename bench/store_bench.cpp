// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// Claims: a synced commit costs little more than the sync itself; sealing every value costs less than a tenth of a
// synced commit; a month of quarter hours is read in some milliseconds; after a crash with 100,000 readings the store
// is open again in well under a second; it needs a few MiB of memory.
// Takes the folder to write to (default: the working directory): where /tmp is memory, a sync there says nothing.

#include "base/secret.hpp"
#include "crypto/aead.hpp"
#include "crypto/mac.hpp"
#include "store/database.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <string>

using namespace smgw;
using clock_type = std::chrono::steady_clock;

namespace {

class plain_cipher final : public store::cell_cipher {
 public:
  expected<bytes> seal(bytes_view, bytes_view plaintext) override { return bytes(plaintext.begin(), plaintext.end()); }
  expected<bytes> open(bytes_view, bytes_view sealed) override { return bytes(sealed.begin(), sealed.end()); }
  expected<store::hidden_name> name_key(bytes_view name) override {
    store::hidden_name out{};
    for (std::size_t i = 0; i < name.size(); ++i)
      out[i % out.size()] = static_cast<std::uint8_t>(out[i % 16] * 31 + name[i]);
    return out;
  }
};

class gcm_cipher final : public store::cell_cipher {
 public:
  expected<bytes> seal(bytes_view associated, bytes_view plaintext) override {
    return aead_.seal(associated, plaintext);
  }
  expected<bytes> open(bytes_view associated, bytes_view sealed) override { return aead_.open(associated, sealed); }
  expected<store::hidden_name> name_key(bytes_view name) override {
    const auto full = crypto::hmac_sha256(key_, name);
    store::hidden_name out{};
    std::copy_n(full.begin(), out.size(), out.begin());
    return out;
  }

 private:
  bytes key_ = bytes(32, 7);
  crypto::aead aead_ = std::move(*crypto::aead::create(secret(bytes_view{key_})));
};

std::shared_ptr<store::cell_cipher> make(bool sealed) {
  if (sealed) return std::make_shared<gcm_cipher>();
  return std::make_shared<plain_cipher>();
}

constexpr std::chrono::seconds quarter{900};

list_entry entry(int n) {
  list_entry e;
  e.target = timestamp{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}} + n * quarter;
  e.value.meter = *device_id::parse("1EMH0010482201");
  e.value.register_name = *obis::parse("1-0:1.8.0");
  e.value.value = {1'000'000 + n, -1};
  e.value.measured = unit::watt_hour;
  e.value.captured = e.target;
  return e;
}
const store::list_name list{*device_id::parse("1EMH0010482201"), *obis::parse("1-0:1.8.0"), quarter};

template <class F>
double seconds(F f) {
  const auto from = clock_type::now();
  f();
  return std::chrono::duration<double>(clock_type::now() - from).count();
}

struct distribution {
  double per_second, p50_ms, p99_ms;
};
template <class F>
distribution measure(int rounds, F f) {
  std::vector<double> times;
  for (int n = 0; n < rounds; ++n) times.push_back(seconds([&] { f(n); }));
  double sum = 0;
  for (const auto t : times) sum += t;
  std::ranges::sort(times);
  return {rounds / sum, times[times.size() / 2] * 1000, times[times.size() * 99 / 100] * 1000};
}

store::database open(const std::filesystem::path& at, bool sealed) {
  auto db = store::database::open({.path = at, .cipher = make(sealed), .max_bytes = std::uint64_t{1} << 30});
  if (!db) {
    std::printf("open: %s\n", db.error().what.c_str());
    std::exit(1);
  }
  return std::move(*db);
}
void commit(store::database& db, const store::batch& b, store::durability how = store::durability::synced) {
  if (const auto r = db.commit(b, how); !r) {
    std::printf("commit: %s\n", r.error().what.c_str());
    std::exit(1);
  }
}

std::string memory_now() {
  std::ifstream in("/proc/self/status");
  std::string line, out;
  while (std::getline(in, line))
    if (line.starts_with("VmRSS") || line.starts_with("RssAnon") || line.starts_with("Threads")) {
      std::ranges::replace(line, '\t', ' ');
      out += line + "; ";
    }
  return out;
}

distribution raw_sync(const std::filesystem::path& at) {
  const int fd = ::open(at.c_str(), O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600);
  const bytes record(200, 1);
  const auto d = measure(500, [&](int) {
    if (::write(fd, record.data(), record.size()) < 0 || ::fdatasync(fd) != 0) std::exit(1);
  });
  ::close(fd);
  std::filesystem::remove(at);
  return d;
}

void commits(const std::filesystem::path& at, bool sealed, double raw) {
  std::filesystem::remove_all(at);
  auto db = open(at, sealed);
  const char* name = sealed ? "AES-256-GCM" : "plain";
  const auto one = measure(1000, [&](int n) { commit(db, store::batch{}.append(quarter, entry(n))); });
  std::printf(
      "%-12s synced commits of 1 entry:     %6.0f /s (%.2f of bare write+fdatasync), p50 %.2f ms, p99 %.2f ms\n", name,
      one.per_second, one.per_second / raw, one.p50_ms, one.p99_ms);
  const auto hundred = measure(200, [&](int n) {
    store::batch b;
    for (int i = 0; i < 100; ++i) b.append(quarter, entry(10'000 + n * 100 + i));
    commit(db, b);
  });
  std::printf("%-12s synced commits of 100 entries: %6.0f /s = %.0f entries/s, p50 %.2f ms, p99 %.2f ms\n", name,
              hundred.per_second, hundred.per_second * 100, hundred.p50_ms, hundred.p99_ms);
  const auto step = measure(300, [&](int n) {
    store::outbox_item item;
    item.recipient = "emt";
    item.content = bytes(2000, 1);
    store::batch b;
    b.append(quarter, entry(100'000 + n)).put_state("cursor", bytes(64)).enqueue(std::move(item));
    b.append_record("system", static_cast<std::uint64_t>(n) + 1, bytes(200, 2));
    commit(db, b);
  });
  std::printf("%-12s entry + cursor + item + record: %5.0f /s, p50 %.2f ms, p99 %.2f ms\n", name, step.per_second,
              step.p50_ms, step.p99_ms);
  const auto buffered = measure(20'000, [&](int n) {
    commit(db, store::batch{}.append(quarter, entry(200'000 + n)), store::durability::buffered);
  });
  std::printf("%-12s buffered commits of 1 entry:  %7.0f /s\n", name, buffered.per_second);
  std::size_t told = 0;
  const auto month = measure(50, [&](int n) {
    told += *db.scan(list, entry(200'000 + n * 96).target, entry(200'000 + n * 96 + 31 * 96).target, store::max_page,
                     [](const list_entry&) { return true; });
  });
  std::printf("%-12s 31 days x 96 entries:          %6.0f /s = %.0f entries/s, p50 %.2f ms, p99 %.2f ms\n", name,
              month.per_second, month.per_second * static_cast<double>(told) / 50, month.p50_ms, month.p99_ms);
  std::filesystem::remove_all(at);
}

void reopen(const std::filesystem::path& at, bool sealed) {
  std::filesystem::remove_all(at);
  const auto before = memory_now();
  if (const auto pid = ::fork(); pid == 0) {
    auto db = open(at, sealed);
    for (int n = 0; n < 100'000; n += 100) {
      store::batch b;
      for (int i = 0; i < 100; ++i) b.append(quarter, entry(n + i));
      commit(db, b, n + 100 == 100'000 ? store::durability::synced : store::durability::buffered);
    }
    std::raise(SIGKILL);
  } else {
    ::waitpid(pid, nullptr, 0);
  }
  const char* name = sealed ? "AES-256-GCM" : "plain";
  std::optional<store::database> db;
  const auto took = seconds([&] { db = open(at, sealed); });
  std::printf("%-12s open after a crash with 100,000 readings: %.0f ms, %.1f MB on disk, last one there: %s\n", name,
              took * 1000, static_cast<double>(db->usage()->used) / 1e6,
              (*db->last_entry(list)).value() == entry(99'999) ? "yes" : "NO");
  std::printf("             memory before %s\n             memory open   %s\n", before.c_str(), memory_now().c_str());
  std::size_t told = 0;
  const auto all = seconds([&] {
    told = *db->scan(list, timestamp::min(), timestamp::max(), store::max_page, [](const list_entry&) { return true; });
  });
  std::printf("             all %zu entries read in %.2f s; memory then %s\n", told, all, memory_now().c_str());
  const auto verified = seconds([&] {
    if (!db->verify()->faults.empty()) std::printf("FAULTS\n");
  });
  std::printf("             verify: %.2f s\n", verified);
  db.reset();
  const auto again = seconds([&] { db = open(at, sealed); });
  std::printf("             open after an orderly end: %.0f ms\n", again * 1000);
  db.reset();
  std::filesystem::remove_all(at);
}

}  // namespace

int main(int argc, char** argv) {
  const std::filesystem::path folder = argc > 1 ? argv[1] : ".";
  const auto at = folder / ("store_bench." + std::to_string(::getpid()));
  // In processes of their own, and before anything else starts threads here.
  for (const bool sealed : {true, false}) {
    std::fflush(stdout);
    if (const auto pid = ::fork(); pid == 0) {
      reopen(at, sealed);
      std::fflush(stdout);
      std::_Exit(0);
    } else {
      ::waitpid(pid, nullptr, 0);
    }
  }
  const auto raw = raw_sync(folder / "store_bench.raw");
  std::printf("write+fdatasync of 200 octets: %.0f /s, p50 %.2f ms, p99 %.2f ms\n", raw.per_second, raw.p50_ms,
              raw.p99_ms);
  for (const bool sealed : {false, true}) commits(at, sealed, raw.per_second);
}
