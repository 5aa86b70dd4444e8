// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// What the home network may ask for, apart from how it is asked: each dialect turns a request into a plan, and a plan
/// says which data it needs and how the answer is made of them. No dialect fetches anything itself, so what a party may
/// see is decided in one place (see permits()).

#include "protocols/http/resource_tree.hpp"

#include <functional>
#include <map>

namespace smgw::han {

/// Entries of one answer, of all its lists together (ours): four years of quarter hours of one register.
inline constexpr std::size_t max_entries = 150'000;
/// Log records of one answer (ours).
inline constexpr std::size_t max_records = 4096;

struct register_view {
  obis name;
  unit measured = unit::none;
};
struct meter_view {
  device_id id;
  std::string medium;
  std::chrono::seconds period{900};
  std::vector<register_view> registers;
};
struct input_view {
  device_id meter;
  obis register_name;
  int sign = 1;
};
struct stage_view {
  unsigned number = 0;
  std::string description;
};
struct recipient_view {
  std::string id;
  bool pseudonym = false;
};
struct billing_span {
  unsigned months = 0, days = 0;
  std::chrono::seconds seconds{0};
};
struct period_view {
  timestamp from{};
  timestamp to{};
};
/// An evaluation profile as its consumer may see it.
struct contract_view {
  std::string id;
  unsigned taf = 0;
  std::string tariff;
  std::string usage_point;
  std::string consumer;
  std::vector<input_view> inputs;
  obis register_name;
  obis profile_name;  ///< 1-0:94.49.128*F, which names the use case
  std::chrono::seconds period{900};
  std::optional<billing_span> billing;
  timestamp from{};
  std::optional<timestamp> until;
  std::vector<stage_view> stages;
  std::vector<recipient_view> recipients;
  std::vector<period_view> periods;  ///< billing periods up to now, oldest first
  [[nodiscard]] bool running(timestamp now) const noexcept { return from <= now && (!until || now < *until); }
  /// `01005e318021.taf1-1.sm`
  [[nodiscard]] std::string logical_name() const { return profile_name.hex() + "." + id + ".sm"; }
};
/// What the last self-test found.
struct self_test_view {
  timestamp at{};
  bool passed = false;
  std::vector<std::string> findings;
};
struct gateway_view {
  device_id id;
  std::string version;
  std::string firmware_hash;  ///< SHA-256 of the program, in hexadecimal digits
  timestamp started{};
  bool time_valid = true;
  bool fault = false;
  bool warning = false;
  bytes han_certificate;        ///< DER
  bytes signature_certificate;  ///< DER
  std::optional<self_test_view> self_test;
};
/// Who asks, and all that this party may know of.
struct party {
  http::role who = http::role::consumer;
  std::string user;      ///< of the login; of a certificate: the id of its profile
  std::string consumer;  ///< consumers only
  std::string token;     ///< random, of this login: for pages that carry one
  std::vector<meter_view> meters;
  std::vector<contract_view> contracts;
  [[nodiscard]] const contract_view* find_contract(std::string_view id) const noexcept;
  [[nodiscard]] const meter_view* find_meter(std::string_view id) const noexcept;  ///< either case, with or without .sm
};

/// Entries of an original list with from <= target < to.
struct list_wish {
  device_id meter{};
  obis register_name{};
  std::chrono::seconds period{900};
  timestamp from{};
  timestamp to{};
  std::size_t limit = 0;  ///< 0: all
  bool newest = false;    ///< the last one only
};
/// Derived registers of a contract.
enum class row_kind : std::uint8_t { derived, switches, daily, billing };
struct row_wish {
  std::string contract{};
  row_kind kind = row_kind::billing;
  timestamp from{};
  timestamp to{};
};
/// Records of a log, newest first.
struct log_wish {
  bool system = false;  ///< else the consumer's own
  timestamp from{};
  timestamp to{};
  std::optional<std::uint32_t> first{};  ///< from this number on
  std::optional<char> level{};
  std::optional<std::uint32_t> event{};
  std::size_t count = 0;  ///< 0: as many as max_records
  bool oldest_first = false;
};
/// The lists, registers and log of a contract by VDE-AR-E 2418-6, from <= t <= to.
struct document_wish {
  std::string contract{};
  timestamp from{};
  timestamp to{};
  bool with_log = true;
  bool current = false;  ///< only the registers as they stand
};
struct wishes {
  std::vector<list_wish> lists{};
  std::vector<row_wish> rows{};
  std::vector<device_id> live{};  ///< the newest telegram of each meter
  std::optional<log_wish> log{};
  std::optional<document_wish> document{};
  bool sending = false;    ///< how many deliveries wait
  bool self_test = false;  ///< start one
};

struct live_value {
  obis name{};
  decimal value{};
  unit measured = unit::none;
};
struct live_view {
  device_id meter{};
  std::optional<timestamp> captured{};  ///< none: no telegram yet
  std::uint32_t meter_status = 0;
  status_word status{};
  bool ok = false;
  std::vector<live_value> values{};
};
struct row_view {
  timestamp at{};
  std::optional<unsigned> stage{};
  std::vector<list_entry> registers{};
};
struct record_view {
  std::uint32_t number = 0, parent = 0, repetitions = 1, event = 0, sub_event = 0;
  std::uint64_t seconds_index = 0;
  timestamp at{};
  unsigned level = 1;  ///< 1 info to 4 fatal
  bool success = true;
  std::string vendor, subject, user, destination, text;
  std::vector<std::string> extensions{};
  bytes evidence{};
};
/// What was found, in the order of the wishes.
struct findings {
  timestamp now{};
  std::chrono::milliseconds elapsed{0};  ///< since the request came
  gateway_view gateway{};
  std::vector<std::vector<list_entry>> lists{};
  std::vector<std::vector<row_view>> rows{};
  std::vector<live_view> live{};
  std::vector<record_view> log{};
  bytes document{};
  std::int64_t waiting = 0;
  std::optional<timestamp> last_success{};
  http::outcome<bool> self_test{false};
};

/// How the finished body is signed.
enum class sealing : std::uint8_t {
  none,
  enclosed,  ///< application/cms+json: SignedData with the body inside
  detached,  ///< q.signed: PROPOSED, see seal.hpp
};
struct plan {
  wishes need{};
  std::function<http::response(const findings&)> render{};
  sealing sign = sealing::none;
  std::string sealed_type{};        ///< Content-Type of an enclosed answer; empty: application/cms+json
  std::vector<device_id> stream{};  ///< not empty: the answer goes on with events of these meters
};
/// A plan, or the answer at once.
using decision = std::expected<plan, http::response>;

/// An id as clients write it: without `.sm`.
[[nodiscard]] std::string_view without_suffix(std::string_view id) noexcept;

/// What a party may see of a list: nothing outside its contracts' validity (the tenant before had the same meter).
[[nodiscard]] bool sees(const party& p, const device_id& meter, const obis& register_name, timestamp target) noexcept;
/// Whether all that is wished for is this party's: the last line of defence behind the dialects.
[[nodiscard]] bool permits(const party& p, const wishes& need) noexcept;

}  // namespace smgw::han
