// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// The files found do not depend on how the octets come in chunks; every octet is given out, counted or kept; and what
// comes out, framed again, comes out again.

#include "base/check.hpp"
#include "protocols/sml/transport.hpp"

#include <vector>

using namespace smgw;

namespace {

struct result {
  std::vector<bytes> files;
  std::vector<std::uint64_t> dropped;
  friend bool operator==(const result&, const result&) = default;
};

result run(bytes_view in, std::size_t step) {
  sml::transport_reader reader{{.max_file = 512, .accept_kermit = true}};
  result r;
  for (std::size_t i = 0; i < in.size(); i += step) {
    auto chunk = in.subspan(i, std::min(step, in.size() - i));
    while (const auto f = reader.next(chunk, {})) r.files.emplace_back(f->payload.begin(), f->payload.end());
    SMGW_ASSERT(chunk.empty());
  }
  reader.tick(time_point{} + sml::default_silence);
  for (std::size_t i = 0; i < sml::drop_reasons; ++i) r.dropped.push_back(reader.dropped(static_cast<sml::drop>(i)));
  SMGW_ASSERT(r.files.size() == reader.files());
  return r;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const bytes_view in{data + 1, size - 1};
  const auto whole = run(in, in.size() + 1);
  SMGW_ASSERT(whole == run(in, 1));
  SMGW_ASSERT(whole == run(in, std::size_t{data[0]} + 1));
  std::size_t given = 0;
  bytes again;
  for (const auto& f : whole.files) {
    given += f.size();
    sml::put_file(again, f);
  }
  SMGW_ASSERT(given + whole.dropped[0] <= in.size());
  SMGW_ASSERT(run(again, again.size() + 1).files == whole.files);
  bytes framed;
  if (in.size() > 200) return 0;  // stays below the limit of this reader
  sml::put_file(framed, in);
  SMGW_ASSERT(run(framed, framed.size()).files == std::vector<bytes>{bytes(in.begin(), in.end())});
  return 0;
}
