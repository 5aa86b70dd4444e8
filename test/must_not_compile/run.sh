#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the smgw authors
# usage: run.sh COMPILER SOURCE_DIR — the file compiles as it is, and each case is refused.
set -u
compiler=$1 top=$2
compile() {
  "$compiler" -std=c++23 -fsyntax-only -w -DCAF_ENABLE_TYPE_ID_CHECKS -I"$top/src" -I"$top/include" "$@" \
    "$top/test/must_not_compile/interfaces.cpp" 2>&1
}
compile >/dev/null || { echo "does not compile even without a fault:"; compile | head -20; exit 1; }
failed=0
for case in MISSING_HANDLER WRONG_REPLY UNKNOWN_MESSAGE UNDECLARED_MESSAGE; do
  if compile -DCASE_$case >/dev/null; then
    echo "case $case compiles, and must not"
    failed=1
  else
    echo "case $case is refused"
  fi
done
exit $failed
