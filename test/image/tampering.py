# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the smgw authors
"""A disk that somebody has had in his hands: whatever is altered, no gateway delivers from it what is not so."""
import subprocess
from pathlib import Path

from checks import PATIENCE, require, step
from machine import DATA, MIB, TELL, Machine, SoftTpm, alter, alter_root, kernels
from peers import Peers, eventually


def copy_of(disk: Path, name: str) -> Path:
    made = disk.parent / name
    subprocess.run(["cp", "--sparse=always", disk, made], check=True)
    return made


def stays_closed(m: Machine, why: str) -> None:
    m.start()
    require(m.waits_for("Failed to start smgw-data.service", PATIENCE), f"the data partition stays closed: {why}", m)
    require("gateway: running" not in m.said(), "no gateway runs without its data", m)
    m.stop()


def another_machine(work: Path, disk: Path, setup: Path) -> None:
    step("the disk in another machine: its TPM does not open the data")
    with SoftTpm(work / "other-tpm") as other:
        stays_closed(Machine(work, disk, other, setup), "another TPM")


def added_words(work: Path, disk: Path, tpm: SoftTpm, setup: Path) -> None:
    step("words added to the command line, as by an add-on in the EFI partition: the TPM does not open the data")
    stays_closed(Machine(work, disk, tpm, setup, TELL + " systemd.debug_shell"), "another command line")


def altered_headers(work: Path, disk: Path, tpm: SoftTpm, setup: Path) -> None:
    step("the data partition's header and its copy altered: it stays closed")
    headers = copy_of(disk, "headers.img")
    for header in (0, 16 << 10):  # where LUKS2 keeps them: the binary one, then its JSON
        alter(headers, DATA + header + 64, 64, DATA + header + 4096)
        alter(headers, DATA + header + 4096, 16, DATA + header + 8192)
    stays_closed(Machine(work, headers, tpm, setup), "its headers are altered")
    headers.unlink()


def altered_key(work: Path, disk: Path, tpm: SoftTpm, setup: Path) -> None:
    step("the key's area altered: it stays closed")
    keys = copy_of(disk, "keys.img")
    require(alter(keys, DATA + (32 << 10), 512, DATA + 16 * MIB) > 0, "there is a key")
    stays_closed(Machine(work, keys, tpm, setup), "its key is altered")
    keys.unlink()


def altered_middle(work: Path, disk: Path, tpm: SoftTpm, setup: Path, peers: Peers) -> None:
    step("a bit of each 64 KiB of the stored data altered: nothing is delivered from it")
    middle = copy_of(disk, "middle.img")
    require(alter(middle, DATA + 17 * MIB, 64 << 10, DATA + 1024 * MIB) > 10, "there is data")
    before = peers.deliveries()
    m = Machine(work, middle, tpm, setup)
    m.start()
    found = ("Failed to start smgw-data.service", "smgw.service: Failed with result", "orruption", "integrity")
    require(eventually(lambda: any(f in m.said() for f in found), PATIENCE), "the alteration is found", m)
    step("found: " + next(line for line in m.said().splitlines() if any(f in line for f in found)))
    require(peers.deliveries() == before, "nothing is delivered", m)
    m.stop()
    middle.unlink()


def altered_slot(work: Path, disk: Path, tpm: SoftTpm, setup: Path) -> None:
    step("one altered bit in slot a: it does not start, and slot b takes over")
    altered = copy_of(disk, "altered.img")
    alter_root(altered, "a")
    m = Machine(work, altered, tpm, setup)
    m.start()
    require(m.waits_for("slot a does not verify", PATIENCE), "the altered bit is found", m)
    require(m.waits_for("smgw: slot b verified", PATIENCE), "slot b starts in its place", m)
    m.stop()
    require("smgw-2-a+0-3.efi" in kernels(altered), "slot a has no tries left")
    altered.unlink()
