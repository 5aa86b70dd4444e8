// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

/// \file
/// Delivery documents from outside: what is read is written and read again as the same.

#include "base/check.hpp"
#include "base/octets.hpp"
#include "protocols/cosem/delivery.hpp"

using namespace smgw;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto d = cosem::read(as_text({data, size}));
  if (!d) return 0;
  const auto text = cosem::write(*d);
  if (!text) return 0;
  const auto again = cosem::read(*text);
  SMGW_ASSERT(again.has_value());
  SMGW_ASSERT(again->channels.size() == d->channels.size() && again->logical_name() == d->logical_name());
  for (std::size_t i = 0; i < d->channels.size(); ++i) {
    const auto &a = d->channels[i], &b = again->channels[i];
    SMGW_ASSERT(a.logical_name() == b.logical_name() && a.entries.size() == b.entries.size());
    for (std::size_t k = 0; k < a.entries.size(); ++k) {
      // Fractions of a second are cut when written.
      const auto &x = a.entries[k].value, &y = b.entries[k].value;
      SMGW_ASSERT(x.value == y.value && x.measured == y.measured && x.status == y.status && x.meter == y.meter);
      SMGW_ASSERT(a.entries[k].signature == b.entries[k].signature);
    }
  }
  return 0;
}
