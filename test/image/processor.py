# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the smgw authors
"""What differs between the processors that an image is made for: SMGW_PROCESSOR is x86-64 (default) or arm64."""
import os
from pathlib import Path

ARM64 = os.environ.get("SMGW_PROCESSOR", "x86-64") == "arm64"
# the root of arm64's packages, which `./dev arm64` lays beside this machine's own
_ARM64_FILES = os.environ.get("SMGW_SYSROOT", "/arm64")

OUT = Path("build/image-arm64/out" if ARM64 else "build/image/out")
CONSOLE = "ttyAMA0" if ARM64 else "ttyS0"
BUSYBOX = (_ARM64_FILES if ARM64 else "") + "/usr/bin/busybox"
# The simulated world runs beside the machine; that of an arm64 build in the emulator of its processor.
SIM = ["qemu-aarch64", "-L", _ARM64_FILES, "build/arm64/smgw-sim"] if ARM64 else ["build/release/smgw-sim"]
# ukify takes this machine's stub if it is not told
UKIFY = ["--efi-arch=aa64", f"--stub={_ARM64_FILES}/usr/lib/systemd/boot/efi/linuxaa64.efi.stub"] if ARM64 else []

# Debian's plain firmware for arm64 knows no TPM; the one for secure boot does, which is off without keys.
FIRMWARE_CODE = "/usr/share/AAVMF/AAVMF_CODE.secboot.fd" if ARM64 else "/usr/share/OVMF/OVMF_CODE_4M.fd"
FIRMWARE_VARIABLES = "/usr/share/AAVMF/AAVMF_VARS.fd" if ARM64 else "/usr/share/OVMF/OVMF_VARS_4M.fd"
# QEMU's own signature scheme for pointers is several times as fast as that of the architecture.
MACHINE = ["qemu-system-aarch64", "-machine", "virt,gic-version=3", "-cpu", "max,pauth-impdef=on"] if ARM64 else [
    "qemu-system-x86_64", "-machine", "q35", "-cpu", "max"]
TPM = "tpm-tis-device" if ARM64 else "tpm-crb"
