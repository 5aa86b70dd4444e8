#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the smgw authors
"""What a corpus reaches, by folder: reads gcov's notes and counts of a build folder and prints lines run of lines there.

usage: coverage.py BUILD [--files]

--files prints each source file's share instead of each folder's. A line that several objects hold (headers) counts as
run when one of them ran it.
"""
import argparse
import collections
import json
import pathlib
import subprocess


def read_notes(build):
    """Yields gcov's JSON documents, one for each object under `build` that was run."""
    counts = sorted(str(p.resolve()) for p in pathlib.Path(build).rglob("*.gcda"))
    for start in range(0, len(counts), 50):
        out = subprocess.run(
            ["gcov-14", "--json-format", "--stdout", *counts[start : start + 50]],
            cwd=build, capture_output=True, check=True, text=True,
        ).stdout
        yield from (json.loads(line) for line in out.splitlines() if line.strip())


def lines_by_file(build, root):
    """{path below src/: {line: run?}}"""
    found = collections.defaultdict(dict)
    for document in read_notes(build):
        for file in document["files"]:
            path = pathlib.Path(document["current_working_directory"], file["file"]).resolve()
            if not path.is_relative_to(root):
                continue
            lines = found[str(path.relative_to(root))]
            for line in file["lines"]:
                number = line["line_number"]
                lines[number] = lines.get(number, False) or line["count"] > 0
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build")
    parser.add_argument("--files", action="store_true", help="each file instead of each folder")
    options = parser.parse_args()
    root = pathlib.Path(__file__).resolve().parents[2] / "src"
    groups = collections.defaultdict(lambda: [0, 0])
    for path, lines in lines_by_file(options.build, root).items():
        group = groups[path if options.files else str(pathlib.PurePath(path).parent)]
        group[0] += sum(lines.values())
        group[1] += len(lines)
    for name in sorted(groups):
        run, all_lines = groups[name]
        print(f"{name:44} {run:6} of {all_lines:6} lines  {100 * run / all_lines:5.1f} %")


if __name__ == "__main__":
    main()
