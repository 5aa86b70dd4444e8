// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/check.hpp"
#include "base/octets.hpp"
#include "domain/profile/profile_set.hpp"
#include "domain/tariff/contract.hpp"

using namespace smgw;

namespace {

constexpr const char* gateway = R"({"profile":"gateway","version":1,"device_id":"EBSI0012345678","data_directory":"/x",
  "key_store":"soft","lmn_ports":[{"id":"rs485-1","protocol":"sml","serial":"/dev/ttyS1"}]})";
constexpr const char* meter = R"({"profile":"meter","version":1,"device_id":"1EMH0010482201","port":"rs485-1",
  "registers":[{"obis":"1-0:1.8.0","unit":"Wh"},{"obis":"1-0:2.8.0","unit":"Wh"}]})";
constexpr const char* supplier = R"({"profile":"wan","version":1,"id":"supplier","role":"market_participant",
  "peer":"emt.example:443","tls_certificate":"a.pem","encryption_certificate":"b.pem"})";

}  // namespace

/// Any text as one profile among good ones: all problems have a reason, whatever is accepted can be worked with.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text{as_text({data, size})};
  const auto got = profile::load({{"a.json", gateway}, {"b.json", meter}, {"c.json", supplier}, {"x.json", text}});
  SMGW_ASSERT(got.set.has_value() == got.found.empty());
  for (const auto& p : got.found) SMGW_ASSERT(!p.profile.empty() && !p.reason.empty() && !p.fix.empty());
  if (!got.set) return 0;
  SMGW_ASSERT(profile::diff(*got.set, *got.set).empty());
  for (const auto& e : got.set->evaluations) {
    auto c = tariff::make_contract(e);
    SMGW_ASSERT(c.has_value());
    list_entry entry;
    entry.value.meter = e.inputs.front().meter;
    entry.value.register_name = e.inputs.front().register_name;
    for (int i = 0; i < 4; ++i) {
      entry.target = e.valid_from + i * e.period;
      entry.value.value.value = 10 * i;
      (void)(*c)->consume(entry);
    }
    SMGW_ASSERT(tariff::make_contract(e, (*c)->position()).has_value());
  }
  return 0;
}
