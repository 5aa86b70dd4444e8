# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the smgw authors
"""A machine in QEMU with its TPM, and its disk seen from outside."""
import json
import shutil
import socket
import subprocess
from pathlib import Path

from peers import HOME, WAKE_UP_HERE, WAKE_UP_PORT, eventually
from processor import FIRMWARE_CODE, FIRMWARE_VARIABLES, MACHINE, TPM

MIB = 1 << 20
# as image/build.sh lays the disk out
ROOT_A, ROOT_B, DATA = 129 * MIB, 769 * MIB, 1409 * MIB
# the journal on the console
TELL = "systemd.journald.forward_to_console=1"


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

    def cut(self) -> None:
        self.process.kill()
        self.off()

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


def alter(disk: Path, where: int, step: int = 1, end: int = 0) -> int:
    """Turns one bit of each octet at `where`, `where + step`… before `end`, but not where nothing was ever written."""
    turned = 0
    with open(disk, "r+b") as f:
        for at in range(where, max(end, where + 1), step):
            f.seek(at)
            block = f.read(64)
            if step == 1 or any(block):
                f.seek(at)
                f.write(bytes([block[0] ^ 1]))
                turned += 1
    return turned


def alter_root(disk: Path, slot: str) -> None:
    alter(disk, (ROOT_A if slot == "a" else ROOT_B) + 20 * MIB)


def kernels(disk: Path) -> list[str]:
    """The kernels in the EFI partition, by name: their priorities, slots and tries."""
    listing = subprocess.run(["mdir", "-b", "-i", f"{disk}@@{MIB}", "::EFI/Linux"], check=True, capture_output=True)
    return sorted(line.split("/")[-1] for line in listing.stdout.decode().split())


def put_on_trial(disk: Path) -> None:
    """As after an update: slot a has three tries to prove itself."""
    subprocess.run(["mren", "-i", f"{disk}@@{MIB}", "::EFI/Linux/smgw-2-a.efi", "smgw-2-a+3.efi"], check=True)


class Machine:
    """`command_line` is added by the machine's maker; it is measured into PCR 12."""

    def __init__(self, work: Path, disk: Path, tpm: SoftTpm, setup: Path, command_line: str = TELL):
        self.disk, self.tpm, self.setup = disk, tpm, setup
        self.strings = work / "smbios"
        self.strings.write_text("io.systemd.stub.kernel-cmdline-extra=" + command_line)
        self.before = ""  # what was said until the last start
        self.console, self.control = work / "console.log", work / "qmp"
        self.firmware = work / "firmware.fd"
        self.process: subprocess.Popen | None = None
        shutil.copy(FIRMWARE_VARIABLES, self.firmware)

    def start(self) -> None:
        control = self.tpm.on()
        self.before = self.said_ever() if self.process else ""
        self.console.write_bytes(b"")
        self.process = subprocess.Popen([
            *MACHINE, "-accel", "tcg,thread=multi", "-smp", "1", "-m", "1024",
            "-display", "none", "-no-user-config", "-nodefaults",
            "-serial", f"file:{self.console}", "-qmp", f"unix:{self.control},server=on,wait=off",
            "-drive", f"if=pflash,format=raw,readonly=on,file={FIRMWARE_CODE}",
            "-drive", f"if=pflash,format=raw,file={self.firmware}",
            "-drive", f"if=none,id=disk,format=raw,file={self.disk}", "-device", "virtio-blk-pci,drive=disk",
            "-drive", f"if=none,id=setup,format=raw,readonly=on,file={self.setup}", "-device", "virtio-blk-pci,drive=setup",
            "-netdev", f"user,id=wan,restrict=off,hostfwd=udp:127.0.0.1:{WAKE_UP_HERE}-:{WAKE_UP_PORT}", "-device", "virtio-net-pci,netdev=wan",
            "-chardev", f"socket,id=tpm,path={control}", "-tpmdev", "emulator,id=tpm0,chardev=tpm",
            "-device", f"{TPM},tpmdev=tpm0", "-device", "i6300esb", "-action", "watchdog=reset",
            "-object", "rng-random,id=rng,filename=/dev/urandom", "-device", "virtio-rng-pci,rng=rng",
            "-smbios", f"type=11,path={self.strings}",
        ])

    def said(self) -> str:
        return self.console.read_bytes().decode(errors="replace")

    def said_ever(self) -> str:
        return self.before + self.said()

    def tail(self, lines: int) -> str:
        return "\n".join(self.said().splitlines()[-lines:])

    def waits_for(self, text: str, seconds: float, times: int = 1) -> bool:
        def there():
            return self.said().count(text) >= times

        return eventually(lambda: there() or self.process.poll() is not None, seconds) and there()

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

    def cut(self) -> None:
        """The power is gone: nothing ends in order, the TPM neither."""
        self.process.kill()
        self.process.wait()
        self.tpm.cut()

    def data_is_encrypted(self) -> bool:
        with open(self.disk, "rb") as f:
            f.seek(DATA)
            content = f.read()
        return content.startswith(b"LUKS\xba\xbe") and not any(
            text in content for text in (b"lmn_ports", b"BEGIN CERTIFICATE", b"smgw-data\0"))
