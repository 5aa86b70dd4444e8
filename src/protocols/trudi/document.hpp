// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include <smgw/types.hpp>

#include <optional>
#include <string>
#include <vector>

/// VDE-AR-E 2418-6: what the consumer's transparency software reads (PTB-A 50.8). Writing only.
namespace smgw::trudi {

// Bounds of the schema (AR_2418-6.xsd 1.2), and ours where it has none.
inline constexpr std::size_t max_id = 64;           ///< usage point, customer, invoicing party, meter
inline constexpr std::size_t max_name = 256;        ///< tariff, reading id, qualified logical name
inline constexpr std::size_t max_smgw_id = 32;      ///< smgwId, obisCode
inline constexpr std::size_t max_text = 8192;       ///< of a log event
inline constexpr std::size_t max_lists = 256;       ///< ours
inline constexpr std::size_t max_log = 100'000;     ///< ours
inline constexpr std::size_t max_values = 500'000;  ///< of all lists together (ours): four years of three registers
/// espi:Int48.
inline constexpr std::int64_t max_value = (std::int64_t{1} << 47) - 1;

/// espi:ServiceCategory/kind.
enum class service : std::uint8_t { electricity = 0, gas = 1, water = 2, heat = 5, cold = 6 };

enum class certificate_type : std::uint8_t { smgw_signature = 1, sub_ca = 2, smgw_han = 3 };
struct certificate {
  certificate_type type = certificate_type::smgw_signature;
  bytes content;  ///< X.509, DER
};

/// An entry of the consumer's log.
struct log_entry {
  std::uint32_t number = 0;
  std::uint32_t parent = 0;
  std::uint32_t repetitions = 1;
  std::uint8_t level = 1;    ///< 1 info, 2 warning, 3 error, 4 fatal
  std::uint8_t outcome = 0;  ///< 0 success, 1 failure
  timestamp at{};
  std::uint32_t event = 0;
  std::string vendor;
  std::string text;
};

/// One value. Slots without a value are not written: the schema has no place for them, and a level of 0 would be read
/// as one.
struct value {
  decimal level;
  timestamp captured{};
  timestamp target{};
  status_word status;
  unsigned grade = 0;  ///< PTB's: written where the status word does not fit the form that readers accept
  bytes signature;     ///< inner signature, plain r‖s; may be empty
};

/// A billing period or the time asked for, with the values in it.
struct block {
  timestamp from{};
  timestamp to{};
  std::vector<value> values;  ///< oldest first
};

/// One list of one register.
struct list {
  std::string meter;  ///< as printed on the device; of sums of several meters: all of them, joined by '+'
  obis register_name;
  std::string
      source;  ///< logical device: for original lists the same as `meter`, letter by letter; else the evaluation
  unit measured = unit::watt_hour;
  std::optional<std::chrono::seconds> period;  ///< registration period
  bool original = false;      ///< of a meter, by capture time; else derived, by the instant it holds for
  std::vector<block> blocks;  ///< without gaps and overlaps
};

/// Which lists are combined how (PTB05): exactly two can be named.
struct combination {
  std::size_t first = 0;   ///< index of a list
  std::size_t second = 0;  ///< index of another one
  bool subtract = false;
};

struct document {
  service kind = service::electricity;
  std::string usage_point;         ///< metering point [Zählpunktbezeichnung]
  std::string customer;            ///< consumer's logical device, without `.sm`
  std::string invoicing_party;     ///< the supplier's code
  std::string smgw;                ///< the gateway's device id
  std::string firmware;            ///< may be empty
  trudi::certificate certificate;  ///< the schema takes exactly one
  std::string tariff;
  std::optional<combination> math;
  std::vector<log_entry> log;
  std::vector<list> lists;
};

/// Whether the FNN form of a status word passes the masks of public readers: gateway bits 0 and 2 set, 1, 8, 9, 12, 13
/// and 14 free; meter bit 2 set, 8 to 20 free; all others 0. Wireless and gas meters do not fit.
[[nodiscard]] bool fits_fnn(const status_word& s) noexcept;

/// Writes the document: valid by the schema, and such that each check of the transparency software holds.
/// malformed: a mandatory field is empty or too long, a list without values, blocks with gaps between them, a value
/// outside its block, a unit without code; exhausted: a bound above, or a value beyond 48 bits.
[[nodiscard]] expected<std::string> write(const document& d);

}  // namespace smgw::trudi
