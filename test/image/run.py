#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the smgw authors
"""Boots the image in QEMU with a software TPM and checks from outside what it promises.

usage: run.py [start] [tampering] [updates[=refused,crashing,good]] [cuts[=COUNT[,SEED]]] [numbers]     (through ./dev image-test)

Without words: all but numbers, with 25 cuts. Emulated, a start takes one to three minutes.
"""
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import numbers_of_image  # noqa: E402
import tampering  # noqa: E402
from checks import PATIENCE, require, step  # noqa: E402
from cuts import Cuts  # noqa: E402
from machine import TELL, Machine, SoftTpm, kernels, make_setup_disk, put_on_trial  # noqa: E402
from peers import Peers  # noqa: E402
from processor import OUT  # noqa: E402
from record import faults  # noqa: E402
from updates import Updates  # noqa: E402

PARTS = ("start", "tampering", "updates", "cuts")


def first_start(m: Machine, peers: Peers) -> None:
    step("first start: the slot verifies, the data partition is made, the gateway is commissioned and delivers")
    m.start()
    require(m.waits_for("smgw: slot a verified", PATIENCE), "slot a verifies", m)
    require(m.waits_for("commissioned from SMGW-SETUP", PATIENCE), "the data partition opens and is commissioned", m)
    require(peers.waits_for_delivery(PATIENCE), "a delivery arrives at the market participant", m)
    require(m.waits_for("watchdog: armed", PATIENCE), "the service manager watches the gateway", m)
    require(kernels(m.disk) == ["smgw-1-b.efi", "smgw-2-a+2-1.efi"], "the boot loader has counted a try")
    require(m.waits_for("the firmware has proved itself and stays", 300), "a firmware on trial confirms itself", m)
    m.power_off()
    require(kernels(m.disk) == ["smgw-1-b.efi", "smgw-2-a.efi"], "the confirmed firmware stays")
    require(m.data_is_encrypted(), "the data partition is LUKS2 and holds nothing readable")


def second_start(m: Machine, peers: Peers) -> None:
    step("second start: the TPM opens the same data, deliveries go on")
    before = peers.deliveries()
    m.start()
    require(m.waits_for("smgw: slot a verified", PATIENCE), "slot a verifies again", m)
    require(peers.waits_for_delivery(PATIENCE, more_than=before + 1), "deliveries go on after a start anew", m)
    require("commissioned from" not in m.said(), "it is commissioned once only", m)
    found = faults(m.said_ever(), peers.documents)
    require(not found, f"nothing is lost or doubled: {found}", m)
    m.power_off()


def start_and_tamper(parts: dict, work: Path, disk: Path, setup: Path, peers: Peers) -> None:
    put_on_trial(disk)
    with SoftTpm(work / "tpm") as tpm:
        m = Machine(work, disk, tpm, setup)
        first_start(m, peers)
        if "start" in parts:
            second_start(m, peers)
        if "tampering" in parts:
            tampering.another_machine(work, disk, setup)
            tampering.added_words(work, disk, tpm, setup)
            tampering.altered_headers(work, disk, tpm, setup)
            tampering.altered_key(work, disk, tpm, setup)
            tampering.altered_middle(work, disk, tpm, setup, peers)
            tampering.altered_slot(work, disk, tpm, setup)


def one_part(name: str, value: str, work: Path, disk: Path, setup: Path, peers: Peers) -> None:
    with SoftTpm(work / "tpm") as tpm:
        if name == "numbers":
            numbers_of_image.measure(Machine(work, disk, tpm, setup, numbers_of_image.command_line()), peers)
            return
        m = Machine(work, disk, tpm, setup, TELL)
        if name == "updates":
            return Updates(m, peers, work).run(value)
        count, _, seed = value.partition(",")
        Cuts(m, peers, work, int(count or 25), int(seed or random.randrange(1 << 32))).run()


def on_a_new_disk(what) -> None:
    """Machine, peers and disk are made anew for each part."""
    with tempfile.TemporaryDirectory(prefix="smgw-image-") as folder:
        work = Path(folder)
        disk = work / "disk.img"
        subprocess.run(["cp", "--sparse=always", OUT / "smgw.img", disk], check=True)
        peers = Peers(work)
        setup = make_setup_disk(work)
        with peers:
            what(work, disk, setup, peers)


def main() -> int:
    words = dict(word.partition("=")[::2] for word in sys.argv[1:] or PARTS)
    if unknown := set(words) - {*PARTS, "numbers"}:
        print(f"{__doc__}\nunknown: {' '.join(unknown)}")
        return 2
    began = time.monotonic()
    if "start" in words or "tampering" in words:
        on_a_new_disk(lambda *on: start_and_tamper(words, *on))
    for name in ("updates", "cuts", "numbers"):
        if name in words:
            on_a_new_disk(lambda *on, n=name: one_part(n, words[n], *on))
    print(f"image: all well, {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
