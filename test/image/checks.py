# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the smgw authors
"""How the tests of the image tell what they do, and end at what is not so."""
import sys

PATIENCE = 900  # emulation on a busy machine


def step(text: str) -> None:
    print(f"==> {text}", flush=True)


def require(holds: bool, what: str, machine=None) -> None:
    if holds:
        return
    print(f"not so: {what}", flush=True)
    if machine is not None:
        print(machine.tail(60), flush=True)
    sys.exit(1)
