# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the smgw authors
"""Firmwares for the tests of updates, made of what ./dev image leaves in build/image."""
import os
import shutil
import subprocess
from pathlib import Path

from processor import BUSYBOX, CONSOLE, OUT, SIM, UKIFY

KEYS = Path(os.environ.get("SMGW_IMAGE_KEYS", "build/image/keys"))


def run(*words, **more) -> subprocess.CompletedProcess:
    return subprocess.run(words, check=True, capture_output=True, **more)


def crashing_root(work: Path) -> tuple[Path, str, int]:
    """A root that verifies and whose init ends at once: the kernel panics. (root, its hash, where the hash tree begins)"""
    tree, root = work / "crashing", work / "crashing.img"
    for folder in ("bin", "sbin", "dev", "proc", "sys", "run"):
        (tree / folder).mkdir(parents=True)
    shutil.copy(BUSYBOX, tree / "bin/sh")
    (tree / "sbin/init").write_text("#!/bin/sh\necho smgw: crashing firmware >/dev/console\nexit 1\n")
    (tree / "sbin/init").chmod(0o755)
    run("mksquashfs", tree, root, "-all-root", "-noappend")
    size = root.stat().st_size
    said = run("veritysetup", "format", root, root, f"--hash-offset={size}").stdout.decode()
    return root, said.split("Root hash:")[1].strip(), size


def kernel(work: Path, slot: str, root_hash: str, tree: int) -> Path:
    made = work / f"crashing-{slot}.efi"
    run("ukify", "build", *UKIFY, f"--linux={OUT}/work/vmlinuz", f"--initrd={OUT}/work/initramfs.img",
        f"--os-release=@{OUT}/work/os-release", "--uname=smgw",
        f"--cmdline=rauc.slot={slot} smgw.slot={slot} smgw.hash={root_hash} smgw.tree={tree} console={CONSOLE} panic=5 quiet",
        f"--output={made}")
    return made


def bundle(work: Path, name: str, root: Path, kernels: dict[str, Path], keys: Path = KEYS) -> Path:
    folder, made = work / f"bundle-{name}", work / f"{name}.raucb"
    folder.mkdir()
    shutil.copy(root, folder / "rootfs.img")
    for slot, file in kernels.items():
        shutil.copy(file, folder / f"kernel-{slot}.efi")
    shutil.copy("image/bundle-hook.sh", folder / "hook.sh")
    shutil.copy(OUT / "work/bundle/manifest.raucm", folder / "manifest.raucm")
    run("rauc", "bundle", f"--cert={keys}/bundle.pem", f"--key={keys}/bundle.key", folder, made)
    shutil.rmtree(folder)
    return made


def other_keys(work: Path) -> Path:
    """Somebody else's: the same kind of certificate as the maker's."""
    keys = work / "other-keys"
    keys.mkdir()
    run("openssl", "req", "-x509", "-newkey", "rsa:3072", "-noenc", "-days", "10", "-subj", "/O=somebody/CN=firmware",
        "-addext", "keyUsage=critical,digitalSignature", "-addext", "extendedKeyUsage=codeSigning,emailProtection",
        "-keyout", keys / "bundle.key", "-out", keys / "bundle.pem")
    return keys


def altered(work: Path, name: str, of: Path, where: int) -> Path:
    made = work / f"{name}.raucb"
    content = bytearray(of.read_bytes())
    content[where] ^= 1
    made.write_bytes(content)
    return made


def manifest(work: Path, maker: Path, name: str, image: Path, version: str) -> Path:
    """What the administrator posts to order it."""
    made = work / f"{name}-{version}.xml"
    run(*SIM, "firmware", maker, "--image", image, "--version", version, "--path", f"firmware/{name}", "-o", made)
    return made
