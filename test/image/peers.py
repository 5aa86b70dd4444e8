# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the smgw authors
"""The peers of a gateway in QEMU, on loopback: the machine sees them at 10.0.2.2."""
import json
import re
import shutil
import subprocess
import time
from pathlib import Path

from processor import SIM

METER_PORT, EMT_PORT, GWA_PORT, SERVICE_PORT = 17000, 18443, 18444, 18445
# a datagram to this port of ours reaches the gateway's wake-up service
WAKE_UP_HERE, WAKE_UP_PORT = 17803, 51803
# a gateway's own folder: what is made here is what the profiles of the gateway name
HOME = Path("/var/lib/smgw")
OWN_METHODS = "/cosem/ldevs/esmg0000000001.sm/objects/18-00002c0000ff/methods/"


def eventually(holds, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.5)
    return holds()


class Peers:
    """A meter and a market participant, and what an administrator needs to call."""

    def __init__(self, work: Path):
        self.log, self.documents, self.maker = work / "emt.log", work / "documents", work / "maker"
        self.documents.mkdir()
        self.running: list[subprocess.Popen] = []
        shutil.rmtree(HOME, ignore_errors=True)
        HOME.mkdir(parents=True, exist_ok=True)
        quiet = {"check": True, "stdout": subprocess.DEVNULL}
        subprocess.run([*SIM, "world", HOME, "--peers", "10.0.2.2", "--meter-port", str(METER_PORT), "--emt-port",
                        str(EMT_PORT)], **quiet)
        subprocess.run([*SIM, "pki", self.maker], **quiet)
        self._add_administrator(HOME / "config")

    def _add_administrator(self, config: Path) -> None:
        for use in ("tls", "sig", "enc"):
            shutil.copy(HOME / f"pki/administrator/{use}.pem", config / f"gwa-{use}.pem")
        shutil.copy(self.maker / "administrator/sig.pem", config / "manufacturer-sig.pem")
        (config / "wan/gwa.json").write_text(json.dumps({
            "profile": "wan", "version": 1, "id": "gwa", "role": "administrator", "peer": f"10.0.2.2:{GWA_PORT}",
            "service": f"10.0.2.2:{SERVICE_PORT}", "tls_certificate": "gwa-tls.pem", "signer_certificate": "gwa-sig.pem",
            "encryption_certificate": "gwa-enc.pem", "uri_prefix": "/smgw/", "retry": {"first_ms": 2000, "limit_s": 60},
            "wake_up_port": WAKE_UP_PORT}))

    def __enter__(self):
        with open(self.log, "w") as log:
            self.running = [
                subprocess.Popen([*SIM, "meter", "--port", str(METER_PORT)], stdout=subprocess.DEVNULL),
                subprocess.Popen([*SIM, "emt", HOME / "pki/stadtwerk", "--gateway", HOME / "pki/gateway", "--port",
                                  str(EMT_PORT), "--keep", self.documents], stdout=log),
            ]
        return self

    def __exit__(self, *_):
        for p in self.running:
            p.terminate()
            p.wait()
        for thing in HOME.iterdir():
            shutil.rmtree(thing) if thing.is_dir() else thing.unlink()

    def deliveries(self) -> int:
        return len(re.findall(r"values, newest", self.log.read_text()))

    def waits_for_delivery(self, seconds: float, more_than: int = 0) -> bool:
        return eventually(lambda: self.deliveries() > more_than, seconds)


class Administrator:
    """smgw-sim's administrator, told line by line; it serves the firmwares given by name and bundle."""

    def __init__(self, work: Path, firmwares: dict[str, Path]):
        self.log, self.asked = work / "gwa.log", 0
        words = [*SIM, "gwa", HOME / "pki/administrator", "--gateway", HOME / "pki/gateway", "--port", str(GWA_PORT),
                 "--service-port", str(SERVICE_PORT)]
        for name, file in firmwares.items():
            words += ["--file", f"firmware/{name}={file}"]
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=log, text=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def tell(self, line: str, seconds: float = 90) -> str:
        """What it says to one command. A word that is no command marks the end."""
        self.asked += 1
        mark, before = f"end-{self.asked}", len(self.log.read_text())
        self.process.stdin.write(f"{line}\n{mark}\n")
        self.process.stdin.flush()
        eventually(lambda: mark in self.log.read_text(), seconds)
        return self.log.read_text()[before:].split(f"not a command: {mark}")[0]

    def wake(self, seconds: float = 300) -> bool:
        return eventually(lambda: "no gateway has called" not in self.tell(f"wake 127.0.0.1:{WAKE_UP_HERE}"), seconds)

    def ask(self, line: str) -> str:
        """Over a fresh connection: one that has been silent for long may be gone."""
        self.tell("bye")
        return self.tell(line) if self.wake() else "the gateway does not call"

    def order(self, manifest: Path) -> str:
        return self.ask(f"post {OWN_METHODS}1 {manifest}")

    def begin_activation(self) -> None:
        """Without waiting for the answer."""
        self.process.stdin.write(f"post {OWN_METHODS}4\n")
        self.process.stdin.flush()

    def activate(self) -> str:
        return self.ask(f"post {OWN_METHODS}4")
