# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the smgw authors
"""Sizes, times, memory and load of the image, as a table: ./dev image-test numbers. QEMU emulates the processor, so the
times are those of a slow machine, by the guest's own clock; the firmware before the kernel is not in them."""
import re
import subprocess
from pathlib import Path

from checks import PATIENCE, require
from machine import TELL, Machine
from peers import Peers
from processor import CONSOLE, OUT

SETTLE, WATCH = 60, 120
# Run in the guest, as root, by words that the machine's maker adds to the command line and a file on the set-up volume:
# what looks is not in the image.
LOOK = f"""
look() {{ echo "jiffies$1 $(sed -n 's/^cpu //p' /proc/stat)"; echo "gateway$1 $(systemctl show -P CPUUsageNSec smgw)"; }}
until systemctl -q is-active smgw; do sleep 1; done
sleep {SETTLE}
one=$(look 1)
sleep {WATCH}
{{ echo; echo "$one"; look 2; cat /proc/meminfo "/proc/$(systemctl show -P MainPID smgw)/status"; echo looked; }} >/dev/{CONSOLE}
"""
MOUNT = "mount -o ro /dev/disk/by-label/SMGW-SETUP /mnt; exec sh /mnt/look"


def command_line() -> str:
    return f'{TELL} systemd.wants=multi-user.target systemd.run_success_action=none systemd.run="/bin/sh -c \'{MOUNT}\'"'


def put_look(setup: Path) -> None:
    subprocess.run(["mcopy", "-i", setup, "-", "::look"], input=LOOK.encode(), check=True)


def size(file: Path) -> str:
    return f"{file.stat().st_size / (1 << 20):.0f} MiB"


def number(said: str, name: str) -> int:
    return int(re.search(name + r"\s+(\d+)", said)[1])


def idle_percent(said: str) -> float:
    one, two = ([int(n) for n in re.search(rf"jiffies{i} ([\d ]+)", said)[1].split()] for i in (1, 2))
    spent = [b - a for a, b in zip(one, two)]
    return 100 * (spent[3] + spent[4]) / sum(spent)


def measure(m: Machine, peers: Peers) -> None:
    put_look(m.setup)
    m.start()
    require(peers.waits_for_delivery(PATIENCE), "the gateway delivers", m)
    require(m.waits_for("\nlooked", PATIENCE), "the guest looks at itself", m)
    said = m.said().replace("\r", "")
    first = re.search(r"\[ *([\d.]+)\][^\n]*: stored ", said)[1]
    running = re.search(r"\[ *([\d.]+)\][^\n]*gateway: running", said)[1]
    total = number(said, "MemTotal:") - number(said, "MemAvailable:")
    cpu = (number(said, "gateway2") - number(said, "gateway1")) / 1e9 / WATCH
    m.stop()
    for what, value in (
        ("disk, as it is written to storage", size(OUT / "smgw.img")),
        ("root file system with its hash tree", size(OUT / "work/rootfs.img")),
        ("kernel of a slot", size(OUT / "work/kernel-a.efi")),
        ("bundle", size(OUT / "smgw.raucb")),
        ("kernel to a running gateway, first start", f"{float(running):.0f} s"),
        ("kernel to the first stored reading, first start", f"{float(first):.0f} s"),
        ("memory in use, whole system", f"{total / 1024:.0f} MiB"),
        ("memory of the gateway, resident", f"{number(said, 'VmRSS:') / 1024:.0f} MiB"),
        ("processor idle, one meter read each 5 s", f"{idle_percent(said):.1f} %"),
        ("processor of the gateway", f"{100 * cpu:.1f} %"),
    ):
        print(f"| {what} | {value} |", flush=True)
