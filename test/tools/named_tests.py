#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the smgw authors
"""usage: named_tests.py ROOT - the tests that docs/lmn-peers.md names must exist: `file: "test", "test"`."""

import pathlib
import re
import sys


def cases_of(path):
    """The names of a file's test cases; a name that goes on in the next line's literal is one."""
    text = re.sub(r'"\s*\n\s*"', "", path.read_text())
    return set(re.findall(r'TEST_CASE(?:_METHOD)?\(\s*(?:\w+,\s*)?"([^"]+)"', text))


def main():
    root = pathlib.Path(sys.argv[1])
    document = root / "docs/lmn-peers.md"
    named = re.findall(r'`([\w/]+_test\.cpp)`: ((?:"[^"]+"(?:, )?)+)', document.read_text())
    faults = []
    for file, names in named:
        path = root / "test" / file
        known = cases_of(path) if path.is_file() else set()
        faults += [f"{document.name}: {file} has no test {n!r}" for n in re.findall(r'"([^"]+)"', names) if n not in known]
    print("\n".join(faults) or f"{document.name}: tests of {len(named)} places are there")
    return 1 if faults or not named else 0


sys.exit(main())
