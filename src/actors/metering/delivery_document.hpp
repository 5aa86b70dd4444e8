// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "domain/profile/wan.hpp"
#include "domain/tariff/contract.hpp"

#include <functional>

namespace smgw::metering {

/// Values of one delivery, at most: three registers of quarter hours in a month are 8,928 (ours).
inline constexpr std::size_t max_delivery_values = 10'000;

/// What goes out as one delivery each: the results of one interval, cut where they hold more than max_delivery_values
/// or more lists than a document has columns. Whoever was away for months sends many deliveries, each of usual size.
/// Order and values are kept.
[[nodiscard]] std::vector<std::vector<tariff::result>> split_deliveries(std::vector<tariff::result> results);

/// The document that carries results of one contract to a market participant (clients' shape: DKE XML, one object of
/// class 7; or the same as JSON). All results of one call belong to the same contract. exhausted: more than
/// split_deliveries leaves together.
[[nodiscard]] expected<bytes> delivery_document(const std::vector<tariff::result>& results,
                                                profile::body_format format = profile::body_format::cosem_xml);

/// The same for a recipient who must not know whose values they are: instead of the contract and the meters stand
/// pseudonyms, and no inner signature is left. `name` yields one for a device; for an empty one, that of the usage
/// point.
[[nodiscard]] expected<bytes> pseudonymous_document(std::vector<tariff::result> results,
                                                    const std::function<std::string(std::string_view device)>& name,
                                                    profile::body_format format = profile::body_format::cosem_xml);

/// How many values the results hold.
[[nodiscard]] std::uint32_t count_values(const std::vector<tariff::result>& results);

/// For people and for the consumer's log: what, how many, from when to when.
[[nodiscard]] std::string describe(const std::vector<tariff::result>& results);

/// The logical name's block of a tariff use case, 1-0:94.49.128*F: a table, since field devices do not follow one rule.
[[nodiscard]] obis profile_name(unsigned taf);

}  // namespace smgw::metering
