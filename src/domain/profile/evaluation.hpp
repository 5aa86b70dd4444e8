// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "domain/calendar/periods.hpp"
#include "domain/profile/tariff_extras.hpp"
#include "domain/profile/wan.hpp"
#include "domain/schedule/dispatch.hpp"

#include <smgw/types.hpp>

#include <optional>
#include <string>
#include <vector>

namespace smgw::profile {

inline constexpr std::size_t max_inputs = 32;      ///< of one evaluation profile (ours)
inline constexpr std::size_t max_recipients = 16;  ///< of one evaluation profile (ours)

/// One register that enters an evaluation; `sign` makes sums and differences of meters visible (PTB05).
struct evaluation_input {
  device_id meter;
  obis register_name;
  int sign = 1;  ///< +1 or -1
  friend bool operator==(const evaluation_input&, const evaluation_input&) = default;
};

struct recipient {
  std::string wan{};                 ///< id of a WAN profile
  schedule::plan sending{};          ///< when results leave
  std::optional<cms_suite> suite{};  ///< overrides that of the WAN profile
  bool pseudonym = false;            ///< identifiers are replaced (FPR_PSE.1)
  friend bool operator==(const recipient&, const recipient&) = default;
};

/// The evaluation profile [Auswertungsprofil]: which values become what for whom.
struct evaluation {
  std::string name;  ///< the file it came from
  std::string id;
  unsigned taf = 0;  ///< tariff use case 1..14
  std::string tariff;
  std::string usage_point;  ///< metering point [Zählpunktbezeichnung], 33 characters
  std::string consumer;
  std::string invoicing_party;  ///< the supplier's code, for the consumer's transparency software; empty: none
  std::vector<evaluation_input> inputs;
  obis register_name;                ///< of the derived register (total)
  std::chrono::seconds period{900};  ///< a multiple of the registration period of each input's meter
  calendar::span billing{.months = 1};
  calendar::span delivery{.days = 1};  ///< TAF 7, 10, 13, 14: how much one series covers
  timestamp valid_from{};
  std::optional<timestamp> valid_until;
  bool inner_signature = false;  ///< each registered value is signed (overview 6.3)
  std::vector<recipient> recipients;

  std::vector<tariff_stage> stages;             ///< TAF 2, 3, 4, 5
  unsigned initial_stage = 0;                   ///< TAF 2, 3, 5: stage outside all rules
  std::optional<switching_calendar> switching;  ///< TAF 2
  std::vector<load_step> load_steps;            ///< TAF 3
  std::vector<stage_quota> quotas;              ///< TAF 4
  std::vector<stage_event> events;              ///< TAF 5
  bool event_at_once = false;                   ///< TAF 5: else with the next registration period
  extremes extreme;                             ///< TAF 8
  std::vector<threshold_trigger> triggers;      ///< TAF 9, 10
  std::optional<prepayment> prepaid;            ///< TAF 12
  std::string source;                           ///< TAF 13: id of the evaluation whose results are shown
  unsigned shown = 0;  ///< TAF 13: use case of the source, filled in with its fields when the set is loaded
  std::chrono::seconds day_start{0};  ///< TAF 6: local time at which the billing day begins
  friend bool operator==(const evaluation&, const evaluation&) = default;
};

}  // namespace smgw::profile
