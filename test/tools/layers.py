#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the smgw authors
"""Checks every #include against the table of docs/architecture.md, file headers, and file sizes.

usage: layers.py PROJECT_DIR
"""
import re
import sys
from pathlib import Path

MAX_LINES = 600
# layer -> layers of ours it may include (besides itself)
OURS = {
    "include": set(),
    "base": {"include"},
    "domain": {"include", "base"},
    "protocols": {"include", "base"},
    "crypto": {"include", "base"},
    "store": {"include", "base"},
    "web": {"include"},
    "actors": {"include", "base", "domain", "protocols", "crypto", "store", "web"},
    "commands": {"include", "base", "domain", "protocols", "crypto", "store", "actors", "web"},
    "facade": {"include", "base", "domain", "protocols", "crypto", "store", "actors", "commands", "web"},
}
# third-party prefix -> {layer: "cpp" or "any"}
THIRD = {
    "nlohmann/": {"domain": "cpp", "protocols": "cpp", "actors": "cpp", "commands": "cpp", "facade": "cpp"},
    "botan/": {"protocols": "cpp", "crypto": "cpp"},
    "caf/": {"actors": "any", "facade": "cpp"},
    "rocksdb/": {"store": "cpp"},
    "llhttp.h": {"protocols": "cpp"},
    "pugixml.hpp": {"protocols": "cpp"},
    "zlib.h": {"protocols": "cpp"},
    "ifaddrs.h": {"actors": "cpp"},
    "spdlog/": {"actors": "cpp", "commands": "cpp", "facade": "cpp"},
    "CLI/": {"commands": "any", "facade": "cpp"},
    "tss2/": {"crypto": "cpp"},
    "p11-kit/": {"crypto": "cpp"},
    "winscard.h": {"crypto": "cpp"},
}
# the operating system's headers: sockets, files and threads live in actors; the store and the key back ends own files
SYSTEM = re.compile(r"^(sys|netinet|arpa|net|linux)/|^(ifaddrs|unistd|fcntl|termios|poll|signal|dlfcn|pthread|netdb|spawn)\.h$")
SYSTEM_IN = {"actors", "store", "crypto", "commands", "facade"}
# Botan's classes shared by several files of crypto: may include Botan, may be included only from src/crypto/
DETAIL = "crypto/detail/"
FOLDERS = {"base", "domain", "protocols", "crypto", "store", "actors", "commands", "web"}


def layer_of(path: Path, root: Path) -> str:
    parts = path.relative_to(root).parts
    if parts[0] == "include":
        return "include"
    return parts[1] if parts[1] in FOLDERS else "facade"


def check_include(name: str, quoted: bool, layer: str, is_header: bool, is_detail: bool = False):
    if quoted and name.startswith(DETAIL) and (layer != "crypto" or (is_header and not is_detail)):
        return f"{DETAIL} is for the .cpp files of crypto only"
    if name.startswith("smgw/"):
        return None if layer == "include" or "include" in OURS[layer] else "may not include smgw/"
    if quoted:
        target = name.split("/")[0]
        if target not in FOLDERS:
            return "quoted includes are written from src/, as in \"base/hex.hpp\""
        return None if target == layer or target in OURS[layer] else f"{layer} may not include {target}"
    for prefix, allowed in THIRD.items():
        if name.startswith(prefix):
            how = allowed.get(layer)
            if how is None:
                return f"{layer} may not include <{name}>"
            return f"<{name}> belongs into a .cpp, never into a header" if how == "cpp" and is_header and not is_detail else None
    if SYSTEM.match(name):
        return None if layer in SYSTEM_IN else f"{layer} does no IO: <{name}>"
    if "/" in name or name.endswith((".h", ".hpp")):
        return f"<{name}> is not in the table of layers.py"
    return None


def main() -> int:
    root = Path(sys.argv[1])
    faults = []
    count = 0
    for path in sorted([*root.glob("include/**/*.[ch]pp"), *root.glob("src/**/*.[ch]pp"),
                        *root.glob("test/**/*.[ch]pp"), *root.glob("bench/*.[ch]pp")]):
        where = path.relative_to(root)
        lines = path.read_text().splitlines()
        count += 1
        if not lines or "SPDX-License-Identifier: Apache-2.0" not in lines[0]:
            faults.append(f"{where}:1: the SPDX header is missing")
        if len(lines) > MAX_LINES:
            faults.append(f"{where}: {len(lines)} lines, at most {MAX_LINES}")
        if where.parts[0] not in ("include", "src"):
            continue
        layer = layer_of(path, root)
        for number, line in enumerate(lines, 1):
            match = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
            detail = where.as_posix().startswith("src/" + DETAIL)
            if match and (fault := check_include(match[2], match[1] == '"', layer, path.suffix == ".hpp", detail)):
                faults.append(f"{where}:{number}: {fault}")
    for fault in faults:
        print(fault)
    print(f"{count} files, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
