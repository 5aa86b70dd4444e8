#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the smgw authors
"""Writes docs/conformance.md to standard output: which requirement ids have a test, by the tests' own tags.

usage: conformance.py   (from the top of the tree; the table of requirements is read where ../shared has it)
"""
import csv
import re
from collections import defaultdict
from pathlib import Path

TABLE = Path("../shared/spec/requirements.csv")
CASE = re.compile(r'TEST_CASE(?:_METHOD)?\s*\((?:\s*\w+\s*,)?\s*"((?:[^"\\]|\\.)*)"(?:\s*"((?:[^"\\]|\\.)*)")*\s*(?:,\s*((?:"[^"]*"\s*)+))?')


def tagged():
    """requirement id -> [(file, test name)]"""
    found = defaultdict(list)
    for path in sorted(Path("test").rglob("*_test.cpp")):
        for match in CASE.finditer(path.read_text()):
            for tag in re.findall(r"\[(REQ(?:\.[A-Za-z0-9]+)+)\]", match[3] or ""):
                found[tag].append((str(path), match[1]))
    return found


def main():
    found = tagged()
    print("# Conformance\n")
    print("Generated from the tags of the tests by `./dev conformance`; a requirement stands here only if a test names it.\n")
    areas = defaultdict(list)
    for requirement in sorted(found):
        areas[".".join(requirement.split(".")[1:3])].append(requirement)
    for area in sorted(areas):
        print(f"## {area}\n\n| requirement | tests |\n|---|---|")
        for requirement in areas[area]:
            tests = "; ".join(f"{name} (`{path}`)" for path, name in found[requirement])
            print(f"| {requirement} | {tests.replace('|', ' ')} |")
        print()
    if TABLE.exists():
        rows = [row for row in csv.DictReader(TABLE.open()) if row["role"] != "cls"]
        missing = defaultdict(list)
        for row in rows:
            if row["id"] not in found:
                missing[row["area"]].append(row["id"])
        covered = sum(1 for row in rows if row["id"] in found)
        count = f"{covered} of {len(rows)} requirements that concern the gateway have a test."
        print(f"## Without a test\n\n{count}" + (" The others, by area:\n" if missing else ""))
        for area in sorted(missing):
            print(f"- **{area}**: {', '.join(missing[area])}")
        print()
    print(Path("docs/conformance_notes.md").read_text(), end="")


if __name__ == "__main__":
    main()
