#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the smgw authors
# usage: run.sh PROGRAM LIMIT — one fuzz target over its corpus, LIMIT being SECONDS or a number of runs, as 10000000x, or
# as 10000000x2048 with inputs of at most 2048 octets: those are many times as fast, and telegrams are no longer.
# New inputs go to the build folder, not the tree. What fails is printed; the line of a good end has what was run.
set -eu
program=$1
longest=65536 patience=10
case $2 in
  *x*)
    limit="-runs=${2%x*}"
    longest=${2#*x}
    patience=300 # on the clock: hours of it run beside other work, which may hold a unit for long
    ;;
  *) limit="-max_total_time=$2" ;;
esac
name=$(basename "$program")
seeds=$(dirname "$0")/corpus/${name%_fuzz}
found=$program.corpus
mkdir -p "$found" "$seeds"
if "$program" "$found" "$seeds" "$limit" -timeout="$patience" -rss_limit_mb=2048 -max_len="${longest:-65536}" \
  -print_final_stats=1 >"$program.log" 2>&1; then
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$program.log")
  edges=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$program.log" | tail -n 1)
  printf '%-28s %12s runs, %6s edges, %6s inputs, no finding\n' "$name" "$runs" "$edges" "$(ls "$found" | wc -l)"
else
  tail -n 60 "$program.log"
  printf '%s: FAILED (log %s.log)\n' "$name" "$program"
  exit 1
fi
