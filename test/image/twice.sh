#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the smgw authors
# Makes the image twice from the same packages, program and keys: every octet must be the same. (./dev image-test twice)
set -eu
processor=${SMGW_PROCESSOR:-x86-64}
folder=build/image$([ "$processor" = x86-64 ] || echo "-$processor")
base=$(ls -t "$folder"/base-*.tar | head -1)
export SOURCE_DATE_EPOCH=1764000000
for n in one two; do
  image/build.sh "$base" "$folder/stage" 0.0.0 "$folder/$n" build/image/keys "$processor"
  sleep 2  # another second on the clock
done
for file in smgw.img smgw.spdx.json root-hash; do
  cmp "$folder/one/$file" "$folder/two/$file"
  echo "the same: $file"
done
rm -rf "$folder/one" "$folder/two"
