// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// A meter protocol of the maker's own: the gateway asks `?`, the meter answers a line
/// `!1SMG0000000001;1-0:1.8.0;12345678;5A` with its level in Wh and the sum of the octets before the last `;`.

#include <smgw/ports/meter_protocol.hpp>

#include <string>

namespace acme {

/// What a meter of this make answers.
std::string answer_line(std::string_view id, std::int64_t level_wh);

class protocol final : public smgw::ports::meter_protocol {
 public:
  explicit protocol(std::chrono::milliseconds ask_every) : every_(ask_every) {}
  smgw::expected<smgw::ports::protocol_output> open(smgw::time_point now) override;
  smgw::expected<smgw::ports::protocol_output> feed(smgw::bytes_view octets, smgw::time_point now) override;
  smgw::expected<smgw::ports::protocol_output> tick(smgw::time_point now) override;

 private:
  std::chrono::milliseconds every_;
  std::string line_;          ///< what has come of a line; bounded
  smgw::time_point began_{};  ///< when its first octet came
  smgw::time_point next_question_{};
};

}  // namespace acme
