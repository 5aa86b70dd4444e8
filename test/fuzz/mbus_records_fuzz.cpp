// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "base/check.hpp"
#include "protocols/mbus/format.hpp"
#include "protocols/mbus/obis_map.hpp"
#include "protocols/mbus/profile.hpp"
#include "protocols/mbus/response.hpp"

using namespace smgw;

// Records as they come, profiles expanded; what decodes in full decodes the same as a compact frame.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const bytes_view in{data, size};
  mbus::record r;
  mbus::record_reader reader{in};
  bytes values;
  bool whole = true;
  for (;;) {
    const auto more = reader.next(r);
    if (!more || !*more) {
      whole = more.has_value();
      break;
    }
    SMGW_ASSERT(r.header.data() >= data && r.header.data() + r.header.size() <= data + size);
    (void)mbus::text_of(r);
    (void)mbus::obis_of(r, 7);
    if (r.data_field == 0x0D) values.push_back(r.lvar);
    values.insert(values.end(), r.raw.begin(), r.raw.end());
    if (r.kind != mbus::value_kind::profile) continue;
    auto points = mbus::profile_reader::over(r, mbus::find_base(in, r));
    mbus::profile_point p;
    while (points && points->next(p)) {
    }
  }
  mbus::format_cache cache;
  const auto signature = cache.learn(in);
  if (whole && signature && !cache.find(*signature).empty())
    SMGW_ASSERT(mbus::full_frame_crc(cache.find(*signature), values).has_value());
  bytes_view wired = in;
  while (const auto frame = mbus::take_wired(wired)) (void)mbus::read_response(*frame);
  return 0;
}
