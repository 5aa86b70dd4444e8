#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the smgw authors
"""Boots the image in QEMU with a software TPM and checks from outside what it promises.

usage: run.py [IMAGE]     (through ./dev image-test; about five minutes on two emulated cores)
"""
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from machine import Machine, Peers, SoftTpm, alter_root, kernels, make_setup_disk, put_on_trial  # noqa: E402

PATIENCE = 900  # emulation on a busy machine


def step(text: str) -> None:
    print(f"==> {text}", flush=True)


def require(holds: bool, what: str, machine: Machine | None = None) -> None:
    if holds:
        return
    print(f"not so: {what}", flush=True)
    if machine is not None:
        print(machine.tail(60), flush=True)
    sys.exit(1)


def first_start(m: Machine, peers: Peers) -> None:
    step("first start: the slot verifies, the data partition is made, the gateway is commissioned and delivers")
    m.start()
    require(m.waits_for("smgw: slot a verified", PATIENCE), "slot a verifies", m)
    require(m.waits_for("commissioned from SMGW-SETUP", PATIENCE), "the data partition opens and is commissioned", m)
    require(peers.waits_for_delivery(PATIENCE), "a delivery arrives at the market participant", m)
    require(m.waits_for("watchdog: armed", PATIENCE), "the service manager watches the gateway", m)
    require(kernels(m.disk) == ["smgw-1-b.efi", "smgw-2-a+2-1.efi"], "the boot loader has counted a try")
    require(m.waits_for("the firmware has proved itself and stays", PATIENCE), "a firmware on trial confirms itself", m)
    m.power_off()
    require(kernels(m.disk) == ["smgw-1-b.efi", "smgw-2-a.efi"], "the confirmed firmware stays")
    require(m.data_is_encrypted(), "the data partition is LUKS2 and holds nothing readable")


def second_start(m: Machine, peers: Peers) -> None:
    step("second start: the TPM opens the same data, deliveries go on")
    before = peers.deliveries()
    m.start()
    require(m.waits_for("smgw: slot a verified", PATIENCE), "slot a verifies again", m)
    require(peers.waits_for_delivery(PATIENCE, more_than=before), "deliveries go on after a start anew", m)
    require("commissioned from" not in m.said(), "it is commissioned once only", m)
    m.power_off()


def another_machine(m: Machine) -> None:
    step("the disk in another machine: its TPM does not open the data")
    m.start()
    require(m.waits_for("Failed to start smgw-data.service", PATIENCE), "the data partition stays closed", m)
    require("gateway: running" not in m.said(), "no gateway runs without its data", m)
    m.stop()


def altered_slot(m: Machine) -> None:
    step("one altered bit in slot a: it does not start, and slot b takes over")
    alter_root(m.disk, "a")
    m.start()
    require(m.waits_for("slot a does not verify", PATIENCE), "the altered bit is found", m)
    require(m.waits_for("smgw: slot b verified", PATIENCE), "slot b starts in its place", m)
    m.stop()
    require("smgw-2-a+0-3.efi" in kernels(m.disk), "slot a has no tries left")


def main() -> int:
    image = Path(sys.argv[1] if len(sys.argv) > 1 else "build/image/out/smgw.img")
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="smgw-image-") as folder:
        work = Path(folder)
        disk = work / "disk.img"
        subprocess.run(["cp", "--sparse=always", image, disk], check=True)
        put_on_trial(disk)
        peers = Peers(work)
        setup = make_setup_disk(work)
        with SoftTpm(work / "tpm") as tpm, peers:
            m = Machine(work, disk, tpm, setup)
            first_start(m, peers)
            second_start(m, peers)
        with SoftTpm(work / "other-tpm") as other:
            another_machine(Machine(work, disk, other, setup))
            altered = work / "altered.img"
            shutil.copy(disk, altered)
            altered_slot(Machine(work, altered, other, setup))
    print(f"image: all well, {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
