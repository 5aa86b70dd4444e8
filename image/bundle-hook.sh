#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the smgw authors
# Runs on the gateway that installs the bundle, after the slot is written: the slot's kernel follows it into the ESP.
set -eu
case $1 in
  slot-post-install)
    exec /usr/lib/smgw/boot-slots install "$RAUC_SLOT_BOOTNAME" "$RAUC_BUNDLE_MOUNT_POINT/kernel-$RAUC_SLOT_BOOTNAME.efi"
    ;;
  *) exit 1 ;;
esac
