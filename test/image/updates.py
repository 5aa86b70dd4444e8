# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the smgw authors
"""Updates over the WAN, as an administrator orders them: what must not be taken is not, what crashes falls back, what is
good stays. After each the gateway's logs are whole, and the market participant lacks nothing."""
from pathlib import Path

import bundles
from checks import PATIENCE, require, step
from machine import Machine, kernels
from peers import Administrator, Peers
from record import faults

VERIFIED, ACTIVATED = "firmware: {} verified", "firmware: {} activated"


class Updates:
    def __init__(self, m: Machine, peers: Peers, work: Path):
        self.m, self.peers, self.work = m, peers, work
        root, root_hash, tree = bundles.crashing_root(work)
        small = {"b": bundles.kernel(work, "b", root_hash, tree)}
        crashing = bundles.bundle(work, "crashing", root, small)
        self.files = {
            "crashing": crashing,
            "stranger": bundles.bundle(work, "stranger", root, small, bundles.other_keys(work)),
            "altered": bundles.altered(work, "altered", crashing, crashing.stat().st_size // 3),
            "good": bundles.OUT / "smgw.raucb",
        }
        self.gwa = Administrator(work, self.files)

    def manifest(self, name: str, version: str, by: str = "administrator") -> Path:
        return bundles.manifest(self.work, self.peers.maker / by, name, self.files[name], version)

    def all_is_well(self, after: str) -> None:
        before = self.peers.deliveries()
        require(self.peers.waits_for_delivery(PATIENCE, more_than=before + 1), f"deliveries go on after {after}", self.m)
        found = faults(self.m.said_ever(), self.peers.documents)
        require(not found, f"after {after} nothing is lost or doubled: {found}", self.m)
        verdict = self.gwa.ask("self-test")
        require("200 OK" in verdict and "FAULT" not in verdict, f"after {after} the logs are whole: {verdict}", self.m)

    def refused_orders(self) -> None:
        step("a manifest of somebody else, and one of an older firmware: refused before an octet is fetched")
        require("403" in self.gwa.order(self.manifest("crashing", "0.9.1", by="stadtwerk")), "a stranger's is denied", self.m)
        require("409" in self.gwa.order(self.manifest("crashing", "0.0.1")), "an older one is refused", self.m)

    def refused_image(self, name: str, version: str, why: str) -> None:
        step(f"{why}: fetched, and refused by the device; the running firmware stays")
        began = kernels(self.m.disk)
        require("200" in self.gwa.order(self.manifest(name, version)), "the order is taken", self.m)
        require(self.m.waits_for(VERIFIED.format(version), PATIENCE), "the image is that of the manifest", self.m)
        answer = self.gwa.activate()
        require("200 OK" not in answer and ACTIVATED.format(version) not in self.m.said(), f"not activated: {answer}", self.m)
        require([k for k in kernels(self.m.disk) if "-a" in k] == [k for k in began if "-a" in k], "slot a stays first")
        self.all_is_well(why)

    def install(self, name: str, version: str) -> None:
        require("200" in self.gwa.order(self.manifest(name, version)), "the order is taken", self.m)
        require(self.m.waits_for(VERIFIED.format(version), PATIENCE), "the image is that of the manifest", self.m)
        self.gwa.activate()  # a slow machine answers later than the administrator waits
        require(self.m.waits_for(ACTIVATED.format(version), PATIENCE), "the firmware is activated", self.m)

    def crashing(self) -> None:
        step("a firmware that crashes: three tries, then the old one is back by itself")
        self.install("crashing", "0.9.4")
        require(self.m.waits_for("smgw: crashing firmware", 3 * PATIENCE, times=3), "it has its three tries", self.m)
        require(self.m.waits_for("firmware: 0.9.4 rolled back", PATIENCE), "the gateway says that it is back", self.m)
        require("smgw-3-b+0-3.efi" in kernels(self.m.disk), "slot b has no tries left")
        self.all_is_well("a crashing firmware")

    def good(self) -> None:
        step("a good firmware: starts from slot b, confirms itself, stays after a power cut")
        self.install("good", "0.9.5")
        require(self.m.waits_for("smgw: slot b verified", PATIENCE), "slot b starts", self.m)
        require(self.m.waits_for("the firmware has proved itself and stays", PATIENCE), "it confirms itself", self.m)
        require(self.m.waits_for("firmware: 0.9.5 confirmed", PATIENCE), "and its update is over", self.m)
        require("smgw-3-b.efi" in kernels(self.m.disk), "slot b is not on trial any more")
        self.m.cut()
        self.m.start()
        require(self.m.waits_for("smgw: slot b verified", PATIENCE), "slot b starts again", self.m)
        self.all_is_well("a good firmware")

    def refused(self) -> None:
        self.refused_orders()
        self.refused_image("stranger", "0.9.2", "a bundle that somebody else signed")
        self.refused_image("altered", "0.9.3", "a bundle with one altered bit")

    def run(self, which: str) -> None:
        """`which`: refused, crashing or good; all in this order where it is empty."""
        with self.gwa:
            self.m.start()
            require(self.peers.waits_for_delivery(PATIENCE), "the gateway delivers", self.m)
            for name in which.split(",") if which else ("refused", "crashing", "good"):
                getattr(self, name)()
            self.m.power_off()
