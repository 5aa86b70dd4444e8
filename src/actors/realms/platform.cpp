// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/lmn/scan.hpp"
#include "actors/platform/status_board.hpp"
#include "actors/realms/realm.hpp"

namespace smgw::realms {

std::vector<child_spec> platform(const context& c) {
  const auto h = c.handles;
  return {child(c, "scan", [h](auto* self) { return self->spawn(scan_board, [h] { return h->links(); }); }),
          child(c, "status", [h](auto* self) { return self->spawn(status_board, [h] { return h->reporters(); }); })};
}

}  // namespace smgw::realms
