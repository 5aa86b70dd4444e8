// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include <cstdio>
#include <cstdlib>

namespace smgw::detail {

[[noreturn]] inline void bug(const char* what, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: broken assumption: %s\n", file, line, what);
  std::abort();
}

}  // namespace smgw::detail

/// Stays on in release builds: a broken assumption of ours ends the process, and the watchdog starts it anew.
#define SMGW_ASSERT(condition) ((condition) ? void(0) : ::smgw::detail::bug(#condition, __FILE__, __LINE__))

/// Binds `decl` to the value of `expr`, or returns its error from the enclosing function.
#define SMGW_CAT_(a, b) a##b
#define SMGW_CAT(a, b) SMGW_CAT_(a, b)
#define SMGW_TRY_(tmp, decl, expr)                                         \
  auto tmp = (expr);                                                       \
  if (!tmp) return std::unexpected<::smgw::error>{std::move(tmp).error()}; \
  decl = *std::move(tmp)
#define SMGW_TRY(decl, expr) SMGW_TRY_(SMGW_CAT(try_, __LINE__), decl, expr)
/// Returns the error of `expr` from the enclosing function, if it has one.
#define SMGW_CHECK(expr)                                                                                    \
  do {                                                                                                      \
    if (auto checked = (expr); !checked) return std::unexpected<::smgw::error>{std::move(checked).error()}; \
  } while (false)
