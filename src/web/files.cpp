// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "web/files.hpp"

#include <algorithm>

namespace smgw::web {

const file* find(std::string_view path) noexcept {
  if (path == "/") path = "/index.html";
  const auto all = files();
  const auto found = std::ranges::lower_bound(all, path, {}, &file::path);
  return found != all.end() && found->path == path ? &*found : nullptr;
}

}  // namespace smgw::web
