# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the smgw authors
"""A machine in QEMU, its TPM, and the peers of the gateway in it, on loopback."""
import json
import re
import shutil
import socket
import subprocess
import time
from pathlib import Path

MIB = 1 << 20
# as image/build.sh lays the disk out
ROOT_A, ROOT_B, DATA = 129 * MIB, 769 * MIB, 1409 * MIB
METER_PORT, EMT_PORT = 17000, 18443
# a gateway's own folder: what is made here is what the profiles of the gateway name
HOME = Path("/var/lib/smgw")
SIM = Path("build/release/smgw-sim")


def eventually(holds, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.5)
    return holds()


class Peers:
    """A meter and a market participant; the machine sees them at 10.0.2.2."""

    def __init__(self, work: Path):
        self.log = work / "emt.log"
        self.running: list[subprocess.Popen] = []
        shutil.rmtree(HOME, ignore_errors=True)
        HOME.mkdir(parents=True)
        subprocess.run([SIM, "world", HOME, "--peers", "10.0.2.2", "--meter-port", str(METER_PORT), "--emt-port",
                        str(EMT_PORT)], check=True, stdout=subprocess.DEVNULL)

    def __enter__(self):
        with open(self.log, "w") as log:
            self.running = [
                subprocess.Popen([SIM, "meter", "--port", str(METER_PORT)], stdout=subprocess.DEVNULL),
                subprocess.Popen([SIM, "emt", HOME / "pki/stadtwerk", "--gateway", HOME / "pki/gateway", "--port",
                                  str(EMT_PORT)], stdout=log),
            ]
        return self

    def __exit__(self, *_):
        for p in self.running:
            p.terminate()
            p.wait()
        shutil.rmtree(HOME, ignore_errors=True)

    def deliveries(self) -> int:
        return len(re.findall(r"values, newest", self.log.read_text()))

    def waits_for_delivery(self, seconds: float, more_than: int = 0) -> bool:
        return eventually(lambda: self.deliveries() > more_than, seconds)


class SoftTpm:
    """A TPM 2.0 whose state outlives the machine's starts."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.process: subprocess.Popen | None = None
        folder.mkdir()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.off()

    def on(self) -> Path:
        self.off()
        control = self.folder / "control"
        self.process = subprocess.Popen(["swtpm", "socket", "--tpm2", "--tpmstate", f"dir={self.folder}", "--ctrl",
                                         f"type=unixio,path={control}", "--terminate"])
        eventually(control.exists, 10)
        return control

    def off(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait()
            self.process = None


def make_setup_disk(work: Path) -> Path:
    """The volume from which a gateway is commissioned."""
    disk = work / "setup.img"
    subprocess.run(["truncate", "-s", "8M", disk], check=True)
    subprocess.run(["mformat", "-i", disk, "-v", "SMGW-SETUP", "::"], check=True)
    subprocess.run(["mcopy", "-s", "-i", disk, HOME / "config", HOME / "data", "::"], check=True)
    return disk


def alter_root(disk: Path, slot: str) -> None:
    with open(disk, "r+b") as f:
        f.seek((ROOT_A if slot == "a" else ROOT_B) + 20 * MIB)
        octet = f.read(1)[0]
        f.seek(-1, 1)
        f.write(bytes([octet ^ 1]))


def kernels(disk: Path) -> list[str]:
    """The kernels in the EFI partition, by name: their priorities, slots and tries."""
    listing = subprocess.run(["mdir", "-b", "-i", f"{disk}@@{MIB}", "::EFI/Linux"], check=True, capture_output=True)
    return sorted(line.split("/")[-1] for line in listing.stdout.decode().split())


def put_on_trial(disk: Path) -> None:
    """As after an update: slot a has three tries to prove itself."""
    subprocess.run(["mren", "-i", f"{disk}@@{MIB}", "::EFI/Linux/smgw-2-a.efi", "smgw-2-a+3.efi"], check=True)


class Machine:
    def __init__(self, work: Path, disk: Path, tpm: SoftTpm, setup: Path):
        self.disk, self.tpm, self.setup = disk, tpm, setup
        self.console, self.control = work / "console.log", work / "qmp"
        self.firmware = work / "firmware.fd"
        self.process: subprocess.Popen | None = None
        shutil.copy("/usr/share/OVMF/OVMF_VARS_4M.fd", self.firmware)

    def start(self) -> None:
        control = self.tpm.on()
        self.console.write_bytes(b"")
        self.process = subprocess.Popen([
            "qemu-system-x86_64", "-machine", "q35", "-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "1", "-m", "1024",
            "-display", "none", "-no-user-config", "-nodefaults",
            "-serial", f"file:{self.console}", "-qmp", f"unix:{self.control},server=on,wait=off",
            "-drive", "if=pflash,format=raw,readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.fd",
            "-drive", f"if=pflash,format=raw,file={self.firmware}",
            "-drive", f"if=none,id=disk,format=raw,file={self.disk}", "-device", "virtio-blk-pci,drive=disk",
            "-drive", f"if=none,id=setup,format=raw,readonly=on,file={self.setup}", "-device", "virtio-blk-pci,drive=setup",
            "-netdev", "user,id=wan,restrict=off", "-device", "virtio-net-pci,netdev=wan",
            "-chardev", f"socket,id=tpm,path={control}", "-tpmdev", "emulator,id=tpm0,chardev=tpm",
            "-device", "tpm-crb,tpmdev=tpm0", "-device", "i6300esb", "-action", "watchdog=reset",
            "-object", "rng-random,id=rng,filename=/dev/urandom", "-device", "virtio-rng-pci,rng=rng",
            # the journal on the console: measured into PCR 12, which nothing is bound to
            "-smbios", "type=11,value=io.systemd.stub.kernel-cmdline-extra=systemd.journald.forward_to_console=1",
        ])

    def said(self) -> str:
        return self.console.read_bytes().decode(errors="replace")

    def tail(self, lines: int) -> str:
        return "\n".join(self.said().splitlines()[-lines:])

    def waits_for(self, text: str, seconds: float) -> bool:
        return eventually(lambda: text in self.said() or self.process.poll() is not None, seconds) and text in self.said()

    def power_off(self) -> None:
        """The power button: everything ends in order."""
        with socket.socket(socket.AF_UNIX) as s:
            s.connect(str(self.control))
            talk = s.makefile("rw")
            talk.readline()
            for command in ("qmp_capabilities", "system_powerdown"):
                talk.write(json.dumps({"execute": command}) + "\n")
                talk.flush()
                talk.readline()
            try:
                self.process.wait(300)
            except subprocess.TimeoutExpired:
                print(self.tail(40), flush=True)
                raise
        self.stop()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()
        self.tpm.off()

    def data_is_encrypted(self) -> bool:
        with open(self.disk, "rb") as f:
            f.seek(DATA)
            content = f.read()
        return content.startswith(b"LUKS\xba\xbe") and not any(
            text in content for text in (b"lmn_ports", b"BEGIN CERTIFICATE", b"smgw-data\0"))
