# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the smgw authors
"""Power cuts at random moments, of normal operation and of an update. After each the machine boots and delivers; at the
end nothing that was stored is lost, and nothing that was acknowledged came twice."""
import random
import time
from pathlib import Path

import bundles
from checks import PATIENCE, require, step
from machine import Machine
from peers import Administrator, Peers
from record import faults

# an update is cut while it is fetched, written to the slot, and started on trial
PHASES = ("operation", "firmware: 0.9.{} loading", "firmware: 0.9.{} verified", "firmware: 0.9.{} activated")


class Cuts:
    def __init__(self, m: Machine, peers: Peers, work: Path, count: int, seed: int):
        self.m, self.peers, self.work, self.count = m, peers, work, count
        self.random = random.Random(seed)
        step(f"{count} power cuts, seed {seed}")
        root, root_hash, tree = bundles.crashing_root(work)
        self.image = bundles.bundle(work, "small", root, {s: bundles.kernel(work, s, root_hash, tree) for s in "ab"})
        self.gwa = Administrator(work, {"small": self.image})

    def order(self, version: int) -> None:
        order = bundles.manifest(self.work, self.peers.maker / "administrator", "small", self.image, f"0.9.{version}")
        self.gwa.order(order)

    def reach(self, phase: str, number: int) -> None:
        if phase == "operation":
            return
        self.order(number)
        begun = PHASES[2] if phase == PHASES[3] else phase
        require(self.m.waits_for(begun.format(number), PATIENCE), f"the update gets as far as {begun}", self.m)
        if phase != PHASES[1]:
            self.gwa.tell("bye")
            require(self.gwa.wake(), "the gateway calls", self.m)
            self.gwa.begin_activation()
        if phase == PHASES[3]:
            require(self.m.waits_for(phase.format(number), PATIENCE), "the update is activated", self.m)

    def one(self, number: int) -> None:
        phase = PHASES[1 + number // 2 % 3] if number % 2 else PHASES[0]
        self.reach(phase, number)
        wait = self.random.uniform(0, 25 if phase == PHASES[0] else 8)
        step(f"cut {number + 1} of {self.count}: {phase.split(': ')[-1].format(number)}, {wait:.1f} s in")
        time.sleep(wait)
        self.m.cut()
        before = self.peers.deliveries()
        self.m.start()
        require(self.peers.waits_for_delivery(3 * PATIENCE, more_than=before + 1), "it boots and delivers", self.m)
        found = faults(self.m.said_ever(), self.peers.documents)
        require(not found, f"nothing is lost or doubled: {found}", self.m)

    def run(self) -> None:
        with self.gwa:
            self.m.start()
            require(self.peers.waits_for_delivery(PATIENCE), "the gateway delivers", self.m)
            for number in range(self.count):
                self.one(number)
            verdict = self.gwa.ask("self-test")
            require("200 OK" in verdict, f"the logs are whole: {verdict}", self.m)
            self.m.power_off()
