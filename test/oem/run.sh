#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the smgw authors
# usage: run.sh BUILD_DIR COMPILER FLAGS — installs what OEMs get, builds the appliance against it from a copy that has
# no project around it, and runs it and the contracts.
set -eu
build=$(realpath "$1") compiler=$2 flags=$3
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
work=$build/oem
rm -rf "$work"
mkdir -p "$work"
cmake --install "$build" --component devel --prefix "$work/prefix" >"$work/install.log"
cp -r "$here" "$work/source"

echo "== the library shows names of smgw:: only, and its headers use the standard library only"
for name in libsmgw.so libsmgw-testkit.so; do
  library=$(find "$work/prefix" -name "$name")
  nm -DC --defined-only "$library" | cut -d' ' -f3- >"$work/names"
  grep -q 'smgw::' "$work/names"
  if grep -vE '^(vtable for |typeinfo for |typeinfo name for )?smgw::' "$work/names"; then
    echo "$library shows names that are not its own"
    exit 1
  fi
done
if grep -rhE '^ *# *include' "$work/prefix/include" | grep -vE '<smgw/[a-z_/]+\.hpp>|<[a-z_]+>'; then
  echo "these includes need more than the standard library"
  exit 1
fi

echo "== the appliance builds against the installed tree alone"
cmake -S "$work/source" -B "$work/build" -G Ninja -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_CXX_FLAGS="$flags" \
  -DCMAKE_BUILD_TYPE=Debug -DCMAKE_PREFIX_PATH="$work/prefix" -DCMAKE_EXPORT_COMPILE_COMMANDS=ON >"$work/configure.log"
cmake --build "$work/build"
if grep -E -- "-I[^ ]*/(src|include|test/sim)( |$)" "$work/build/compile_commands.json" | grep -v "$work/prefix"; then
  echo "the appliance sees the project's own folders"
  exit 1
fi

echo "== contracts"
"$work/build/contracts"
echo "== appliance"
"$work/build/appliance"
