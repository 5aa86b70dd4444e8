// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/discipline.hpp"

namespace smgw {

/// Sends `request` to `to` and runs `ok(reply)` or `failed(error)` in the context of `self`.
/// There is no overload without a budget or without a failure handler: in CAF 0.17 a requester without one dies of the
/// callee's error. `failed` does one of four things: retry later, answer the error on, raise a ledger event, quit.
template <class Self, class Handle, class Request, class Ok, class Failed>
void ask(Self* self, const Handle& to, std::chrono::milliseconds budget, Request request, Ok ok, Failed failed) {
  self->request(to, budget, std::move(request))
      .then(std::move(ok), [failed = std::move(failed)](const caf::error& e) mutable { failed(from_caf(e)); });
}

}  // namespace smgw
