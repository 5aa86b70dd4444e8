# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the smgw authors
"""Writes docs/interoperability.md from what the tests with openssl recorded.

  SMGW_INTEROPERABILITY=$PWD/build/met build/dev/test/test_crypto '[openssl]'
  SMGW_INTEROPERABILITY=$PWD/build/met build/dev/test/test_protocols '[openssl]'
  python3 test/tools/interoperability.py build/met docs/interoperability.md "$(openssl version)"
"""
import sys
from pathlib import Path

CURVES = ["brainpoolP256r1", "brainpoolP384r1", "brainpoolP512r1", "secp256r1", "secp384r1"]

HEAD = """# Interoperability

Who has met whom. Every cell is a real meeting in the tests (`[openssl]` in `test/crypto` and `test/protocols`), the
program `openssl` on the other side; none is written by hand. A cell tells our part. The tables come from
`test/tools/interoperability.py`, which tells how to make them anew.
"""

TAIL = """
## What has no table

- **TLS 1.3 with a Brainpool identity**: Botan 3.7 has no signature schemes for Brainpool curves in TLS 1.3 (RFC 8734);
  3.13 and later have. `tls13_possible` asks the library that is there; until then such identities speak TLS 1.2. As
  groups of the key exchange, Brainpool curves do work in TLS 1.3.
- **CMS with AES-CBC-CMAC**: the algorithm is the BSI's own (TR-03109-1, detail specification 5.4); openssl does not know
  it. It is checked with vectors computed apart from this code.
- **ECKA-EG by its own names**: openssl has the same key agreement by the names of RFC 5753 and with its SharedInfo; that
  is what the table was made with. The names of the BSI differ in two object identifiers and the empty SharedInfo.
- **CMS with a message digest and a signature hash that differ**: refused (REQ.CMS.SignedData.60).
- **TLS with sockets of real meters and head-ends**: not here.
"""


def cell(found):
    order = ["client", "server", "we seal", "we open", "we sign", "we verify", "both ways"]
    return ", ".join(sorted(found, key=order.index)) or "-"


def curve_of(name):  # Botan says brainpool256r1
    return name.replace("brainpool", "brainpoolP") if name.startswith("brainpool") and "P" not in name else name


def main(record, target, version):
    tables = {}
    for line in Path(record).read_text().splitlines():
        table, row, column, what = line.split("\t")
        tables.setdefault(table, {}).setdefault(row, {}).setdefault(curve_of(column), set()).add(what)
    out = [HEAD, f"The program was {version}.\n"]
    for table in sorted(tables, key=lambda t: (not t.startswith("TLS"), t)):
        rows = tables[table]
        columns = [c for c in CURVES if any(c in r for r in rows.values())] or ["any"]
        out.append(f"## {table}\n")
        out.append("| | " + " | ".join(columns) + " |")
        out.append("|---|" + "---|" * len(columns))
        out += [f"| {name} | " + " | ".join(cell(row.get(c, ())) for c in columns) + " |" for name, row in rows.items()]
        out.append("")
    Path(target).write_text("\n".join(out).rstrip() + "\n" + TAIL)


if __name__ == "__main__":
    main(*sys.argv[1:4])
