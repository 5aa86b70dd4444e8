#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the smgw authors
# Makes the image twice from the same packages, program and keys: every octet must be the same. (./dev image-test twice)
set -eu
base=$(ls -t build/image/base-*.tar | head -1)
export SOURCE_DATE_EPOCH=1764000000
for n in one two; do
  image/build.sh "$base" build/image/stage 0.0.0 "build/image/$n" build/image/keys
  sleep 2  # another second on the clock
done
for file in smgw.img smgw.spdx.json root-hash; do
  cmp "build/image/one/$file" "build/image/two/$file"
  echo "the same: $file"
done
rm -rf build/image/one build/image/two
