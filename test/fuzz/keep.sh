#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the smgw authors
# usage: keep.sh PROGRAM — puts into the tree those found inputs that reach code which its seeds do not, 4 KiB each at
# most. How often a line is passed does not count here: that would keep many times as many.
set -eu
program=$1
name=$(basename "$program")
seeds=$(dirname "$0")/corpus/${name%_fuzz}
small=$program.small
rm -rf "$small"
mkdir -p "$small" "$seeds"
find "$program.corpus" -type f -size -9 -exec cp {} "$small" \;
before=$(ls "$seeds" | wc -l)
"$program" -merge=1 -use_counters=0 "$seeds" "$small" >"$program.merge.log" 2>&1 || { tail -n 20 "$program.merge.log"; exit 1; }
rm -rf "$small"
printf '%-28s %6s seeds, %s of them new\n' "$name" "$(ls "$seeds" | wc -l)" "$(($(ls "$seeds" | wc -l) - before))"
