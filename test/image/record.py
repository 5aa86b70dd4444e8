# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the smgw authors
"""What the gateway told on its console over all its lives, held against what the market participant has received."""
import re
import xml.etree.ElementTree as xml
from datetime import datetime, timedelta
from pathlib import Path

PERIOD = timedelta(seconds=5)
# from "running" to the first value of a meter that sends each second; emulation on a busy machine
WARM_UP = timedelta(seconds=45)
TIME = r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)"
STORED = re.compile(TIME + r"\S* 1SMG0000000001: stored 1-0:1\.8\.0\*255 = (\S+) Wh")
NO_VALUE = 1 << 13
RUNNING = re.compile(TIME + r"\S* gateway: running")
ACKNOWLEDGED = re.compile(r"stadtwerk: acknowledged: (TAF \d \S+: \d+ values from \S+ to \S+) \(no\. (\d+)\)")


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text.removesuffix("Z"))


def delivered(documents: Path, contract: str = "taf7-1") -> list[tuple[datetime, str | None]]:
    """(captured, value) of each entry in the order of arrival, None where the status word says that there is no value
    (bit 13). A document sent again counts once."""
    seen: set[str] = set()
    entries = []
    for file in sorted(documents.glob("*.xml"), key=lambda f: int(f.stem.rsplit("-", 1)[-1])):
        text = file.read_text()
        if f".{contract}.sm" not in text or text in seen:
            continue
        seen.add(text)
        for entry in xml.fromstring(text).iter():
            if not entry.tag.endswith("entry_gateway_signed"):
                continue
            said = {part.tag.split("}")[1]: part for part in entry.iter()}
            number = next((said[t].text for t in said if t.startswith(("long", "double-long"))), None)
            value = int(number) * 10 ** int(said["scaler"].text)
            missing = int(said["status"].find("{*}octet-string").text[:8], 16) & NO_VALUE
            entries.append((moment(said["capture_time"].text), None if missing else f"{value:.1f}"))
    return entries


def faults(console: str, documents: Path) -> list[str]:
    """Everything that was lost, came twice, or is missing without a start of the gateway that explains it."""
    found = []
    entries = delivered(documents)
    if not entries:
        return ["nothing was delivered"]
    for (a, _), (b, value) in zip(entries, entries[1:]):
        if b <= a:
            found.append(f"delivered twice, or out of order: {value} of {b}")
        elif b - a > 1.5 * PERIOD:
            found.append(f"nothing was delivered for the time between {a} and {b}")
    measured = [(at, value) for at, value in entries if value is not None]
    starts = [moment(t) for t in RUNNING.findall(console)]
    for (a, _), (b, _) in zip(measured, measured[1:]):
        if b - a > 1.5 * PERIOD and not any(a < s + PERIOD and b - s < WARM_UP for s in starts):
            found.append(f"no values from {a} to {b} without a restart")
    values = {value for _, value in entries}
    newest = entries[-1][0]
    for at, value in STORED.findall(console):
        if moment(at) < newest and value not in values:
            found.append(f"stored at {at} and never delivered: {value}")
    numbers = ACKNOWLEDGED.findall(console)
    for i, (what, number) in enumerate(numbers):
        if any(number == other or what == before for before, other in numbers[:i]):
            found.append(f"acknowledged twice: {what} (no. {number})")
    return found
