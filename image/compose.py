#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the smgw authors
"""Makes the root file system's tar from Debian's and ours, without privileges and always the same.

usage: compose.py BASE.tar STAGE OVERLAY EPOCH OUT_DIR

Writes OUT_DIR/root.tar, and from BASE OUT_DIR/vmlinuz, OUT_DIR/modules/ with OUT_DIR/modules.order (what the initramfs
loads, decompressed, dependencies first) and OUT_DIR/dpkg-status.
"""
import io
import lzma
import sys
import tarfile
from pathlib import Path

# What a gateway's root does not need: the kernel lies in the UKI, package managers cannot write a verified root.
DROP = ("boot/", "dev/", "var/", "usr/share/initramfs-tools/", "etc/initramfs-tools/",
        "usr/share/man/", "usr/share/locale/", "usr/share/bash-completion/", "usr/lib/udev/hwdb.bin", "usr/lib/udev/hwdb.d/",
        "usr/bin/perl", "usr/lib/x86_64-linux-gnu/perl-base/", "usr/lib/aarch64-linux-gnu/perl-base/")
# Of the kernel: what shows, sounds and films, and file systems that it never mounts.
DROP_MODULES = ("sound/", *(f"drivers/{d}/" for d in ("accel gpu media infiniband iio staging comedi hid/amd-sfh-hid scsi/lpfc "
                "scsi/qla2xxx net/wireless net/ethernet/mellanox bluetooth target").split()),
                *(f"fs/{d}/" for d in "bcachefs btrfs ceph f2fs gfs2 jfs nfs nfsd ntfs3 ocfs2 reiserfs smb xfs".split()))
# Storage, and what verifies it, before the root is there.
INITRAMFS = ("virtio_pci virtio_blk virtio_scsi ahci sd_mod nvme mmc_block sdhci_pci sdhci_acpi xhci_pci usb_storage uas "
             "sha256_generic dm_mod dm_verity squashfs vfat nls_cp437 nls_ascii nls_utf8").split()
LINKS = {
    "etc/systemd/system/multi-user.target.wants/smgw.service": "../smgw.service",
    "etc/systemd/system/multi-user.target.wants/smgw-data.service": "../smgw-data.service",
    "etc/resolv.conf": "/run/systemd/resolve/stub-resolv.conf",
    "etc/mtab": "/proc/self/mounts",
}
FILES = {"etc/machine-id": b"", "etc/hostname": b"smgw\n", "usr/lib/modules-load.d/smgw.conf": b"dm_crypt\n"}


def entry(name: str, epoch: int, mode: int, kind=tarfile.REGTYPE) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.mtime, info.mode, info.type = epoch, mode, kind
    return info


class Tree:
    """Names and what is there; later ones replace earlier ones."""

    def __init__(self, epoch: int):
        self.epoch = epoch
        self.items: dict[str, tuple[tarfile.TarInfo, bytes | None]] = {}

    def put(self, info: tarfile.TarInfo, data: bytes | None = None) -> None:
        info.mtime = min(int(info.mtime), self.epoch)
        if data is not None:
            info.size = len(data)
        self.items[info.name.rstrip("/")] = (info, data)

    def folders_above(self, name: str) -> None:
        for parent in list(Path(name).parents)[:-1]:
            if str(parent) not in self.items and not self.is_link(parent):
                self.put(entry(str(parent), self.epoch, 0o755, tarfile.DIRTYPE))

    def is_link(self, path: Path) -> bool:
        found = self.items.get(str(path))
        return found is not None and found[0].issym()

    def overlay(self, folder: Path) -> None:
        for path in sorted(folder.rglob("*")):
            name = str(path.relative_to(folder))
            if path.is_dir():
                continue
            self.folders_above(name)
            mode = 0o755 if path.stat().st_mode & 0o100 else 0o644
            self.put(entry(name, self.epoch, mode), path.read_bytes())

    def write(self, out: Path) -> None:
        with tarfile.open(out, "w", format=tarfile.PAX_FORMAT) as tar:
            # hard links come after what they name: all of them last
            for name in sorted(self.items, key=lambda n: (self.items[n][0].islnk(), n)):
                info, data = self.items[name]
                info.name = name
                info.pax_headers = {k: v for k, v in info.pax_headers.items() if k.startswith("SCHILY.xattr.")}
                tar.addfile(info, io.BytesIO(data) if data is not None else None)


def is_dropped_module(name: str) -> bool:
    _, found, inside = name.partition("/kernel/")
    return name.startswith("usr/lib/modules/") and bool(found) and inside.startswith(DROP_MODULES)


def read_base(base: Path, tree: Tree, out: Path) -> dict[str, bytes]:
    """Fills the tree; answers the kernel's modules by name, and their dependencies as `modules.dep`."""
    modules: dict[str, bytes] = {}
    with tarfile.open(base) as tar:
        for info in tar:
            info.name = info.name.removeprefix("./").rstrip("/")
            data = tar.extractfile(info).read() if info.isreg() else None
            if info.name.startswith("boot/vmlinuz-"):
                (out / "vmlinuz").write_bytes(data)
            if info.name == "var/lib/dpkg/status":
                (out / "dpkg-status").write_bytes(data)
            if info.name.startswith("usr/lib/modules/") and info.isreg():
                modules[info.name.split("/", 4)[4]] = data
            if info.name and info.name != "." and not info.name.startswith(DROP) and not is_dropped_module(info.name):
                if info.islnk():
                    info.linkname = info.linkname.removeprefix("./")
                tree.put(info, data)
    return modules


def write_modules(modules: dict[str, bytes], out: Path) -> None:
    needs = {}
    for line in modules["modules.dep"].decode().splitlines():
        path, _, rest = line.partition(":")
        needs[path] = rest.split()
    by_name = {Path(p).name.split(".")[0].replace("-", "_"): p for p in needs}
    order: list[str] = []

    def visit(path: str) -> None:
        if path in order:
            return
        for other in needs[path]:
            visit(other)
        order.append(path)

    for name in INITRAMFS:
        if name in by_name:  # else it is built in
            visit(by_name[name])
    (out / "modules").mkdir(exist_ok=True)
    for path in order:
        data = modules[path]
        (out / "modules" / Path(path).name.removesuffix(".xz")).write_bytes(
            lzma.decompress(data) if path.endswith(".xz") else data)
    (out / "modules.order").write_text("".join(Path(p).name.removesuffix(".xz") + "\n" for p in order))


def main() -> int:
    base, stage, overlay, epoch, out = (*map(Path, sys.argv[1:4]), int(sys.argv[4]), Path(sys.argv[5]))
    out.mkdir(parents=True, exist_ok=True)
    tree = Tree(epoch)
    modules = read_base(base, tree, out)
    write_modules(modules, out)
    tree.overlay(stage)
    tree.overlay(overlay)
    for name, data in FILES.items():
        tree.items.pop(name, None)
        tree.folders_above(name)
        tree.put(entry(name, epoch, 0o644), data)
    for name, target in LINKS.items():
        tree.folders_above(name)
        link = entry(name, epoch, 0o777, tarfile.SYMTYPE)
        link.linkname = target
        tree.put(link)
    for name in ("dev", "proc", "sys", "run", "tmp", "var", "boot"):
        tree.put(entry(name, epoch, 0o755, tarfile.DIRTYPE))
    tree.write(out / "root.tar")
    return 0


if __name__ == "__main__":
    sys.exit(main())
