#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the smgw authors
# usage: run.sh PROGRAM SECONDS — one fuzz target over its corpus; new inputs go to the build folder, not the tree.
set -eu
program=$1 seconds=$2
name=$(basename "$program")
seeds=$(dirname "$0")/corpus/${name%_fuzz}
found=$program.corpus
mkdir -p "$found" "$seeds"
if "$program" "$found" "$seeds" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=65536 \
  -print_final_stats=1 >"$program.log" 2>&1; then
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$program.log")
  printf '%-28s %12s runs, no finding\n' "$name" "$runs"
else
  tail -n 60 "$program.log"
  printf '%s: FAILED (log %s.log)\n' "$name" "$program"
  exit 1
fi
