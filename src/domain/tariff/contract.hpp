// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "domain/profile/evaluation.hpp"

#include <smgw/types.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

/// Tariff use cases [Tarifanwendungsfälle]: from original value lists to what a recipient may know.
namespace smgw::tariff {

/// A missing entry of one input holds the others up at most so long after its nominal instant.
inline constexpr std::chrono::seconds patience{3600};
inline constexpr std::size_t max_pending_rows = 200'000;  ///< assembled but incomplete instants (ours)

enum class result_kind : std::uint8_t {
  series,     ///< values of original lists, unchanged (TAF 7, 13) or for the moment only (TAF 9, 10, 14)
  registers,  ///< levels of derived registers at the end of a period (TAF 1..5)
  daily,      ///< one reading of a chosen day (TAF 6)
  extremes,   ///< smallest and largest mean powers (TAF 8)
  event,      ///< something happened: stage change, steering, prepayment (TAF 5, 11, 12)
};
[[nodiscard]] std::string_view to_string(result_kind k) noexcept;

/// What a contract hands over for its recipients: one list of one register.
struct result {
  std::string contract;  ///< id of the evaluation profile
  unsigned taf = 0;
  result_kind kind = result_kind::series;
  device_id meter;  ///< of an original list; empty for derived registers of several meters
  obis register_name;
  std::vector<list_entry> entries;
  timestamp from{};  ///< the period is from < target <= to
  timestamp to{};
  std::vector<std::string> recipients;  ///< ids of WAN profiles
  std::string note;                     ///< events: which one
  bool keep = true;                     ///< false: forgotten once sent (TAF 9, 10, 14)
  friend bool operator==(const result&, const result&) = default;
};

/// Where a contract stands: its whole state after consuming its original lists up to and including `until`.
/// A contract built from a cursor and fed the entries after `until` behaves as the one that emitted it. So results and
/// cursor go into one batch of the store, and nothing is counted twice or lost when the process dies.
struct cursor {
  timestamp until{};
  bytes state;  ///< meaning known to the tariff use case only
  friend bool operator==(const cursor&, const cursor&) = default;
};
[[nodiscard]] bytes encode(const cursor& c);
[[nodiscard]] expected<cursor> decode_cursor(bytes_view in);

/// The lists a contract keeps for its consumer, beside the original ones (overview 6.1; CONEXA's databases).
enum class list_kind : std::uint8_t {
  derived,   ///< registers at each registration period [abgeleitete Messwertliste]
  switches,  ///< registers whenever the active stage changes [Tarifumschaltliste]
  daily,     ///< registers at the beginning of each local day [Tageswerte]
  billing,   ///< registers at the end of each billing period [Abrechnungsturnusliste]
};
[[nodiscard]] std::string_view to_string(list_kind k) noexcept;

/// All derived registers of a contract at one instant.
struct register_row {
  timestamp at{};
  std::optional<unsigned> stage;      ///< that the energy before `at` went to; absent: use case without stages
  std::vector<list_entry> registers;  ///< total first, then stages by number, the error register last
  friend bool operator==(const register_row&, const register_row&) = default;
};
/// A row that outlives the original values it came from.
struct kept_row {
  list_kind kind = list_kind::daily;
  register_row row;
  friend bool operator==(const kept_row&, const kept_row&) = default;
};

/// What one call brought about. When `advanced` is set, results, rows and cursor are to be stored together.
struct step {
  std::vector<result> results;
  std::vector<kept_row> rows;
  std::optional<cursor> advanced;
};

/// Something that happened outside the meters (from the administrator, a controllable system, or an operator's wish).
struct tariff_event {
  std::string
      id;  ///< TAF 5: event of the profile; TAF 6: `release`; TAF 9: `query`; TAF 11: steering signal; TAF 12: `credit`
  timestamp at{};
  std::optional<decimal> amount{};  ///< TAF 12: energy paid
  std::optional<timestamp> day{};   ///< TAF 6: any instant of the day wanted; absent: the newest
};

/// One evaluation profile at work. Pure: entries, events and time come in, results go out.
class contract {
 public:
  virtual ~contract() = default;
  contract(const contract&) = delete;
  contract& operator=(const contract&) = delete;

  /// Takes an entry of one of its inputs; each input in order of targets, inputs in any interleaving. Entries it has
  /// consumed already, of other registers or outside its validity are ignored, so a replay may begin too early.
  /// internal: a register overflows.
  [[nodiscard]] virtual expected<step> consume(const list_entry& entry) = 0;
  /// Time passed. After a restart call it only when all inputs are replayed.
  [[nodiscard]] virtual expected<step> tick(timestamp now) = 0;
  /// unsupported: this use case knows no such event. denied: not an event of the profile. unavailable: no value for it.
  [[nodiscard]] virtual expected<step> happened(const tariff_event& event) = 0;
  /// When `tick` may next have something to do; absent: never.
  [[nodiscard]] virtual std::optional<timestamp> next_deadline() const = 0;
  /// The derived registers as they stand; nothing before the first value, and for use cases without registers.
  [[nodiscard]] virtual std::optional<register_row> levels() const = 0;
  /// The state now (pending incomplete instants excluded; they are replayed).
  [[nodiscard]] virtual cursor position() const = 0;
  [[nodiscard]] virtual const profile::evaluation& profile() const noexcept = 0;

 protected:
  contract() = default;
};

/// Builds the contract of a profile. Without cursor it begins at the start of validity.
/// unsupported: the use case is not built. malformed: the cursor is of another kind. unavailable: no tz database.
[[nodiscard]] expected<std::unique_ptr<contract>> make_contract(profile::evaluation p,
                                                                const std::optional<cursor>& from = {});
/// Whether `make_contract` knows this use case.
[[nodiscard]] bool supported(unsigned taf) noexcept;

}  // namespace smgw::tariff
