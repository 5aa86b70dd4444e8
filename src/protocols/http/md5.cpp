// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/http/md5.hpp"

#include <botan/hash.h>

namespace smgw::http {

bytes md5(bytes_view data) {
  const auto hash = Botan::HashFunction::create_or_throw("MD5");
  hash->update(data.data(), data.size());
  const auto out = hash->final();
  return {out.begin(), out.end()};
}

}  // namespace smgw::http
