#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the smgw authors
"""Writes the bill of materials of an image as SPDX 2.3 JSON: each Debian package with its source, and what is ours.

usage: sbom.py DPKG_STATUS STAGE VERSION EPOCH ROOT_HASH
"""
import datetime
import hashlib
import json
import re
import sys
from pathlib import Path


def paragraphs(text: str):
    for block in text.split("\n\n"):
        fields = dict(m.groups() for m in re.finditer(r"^(\S+): (.*)$", block, re.M))
        if "installed" in fields.get("Status", "").split():
            yield fields


def spdx_id(*words: str) -> str:
    return "SPDXRef-" + re.sub(r"[^A-Za-z0-9.-]", "-", "-".join(words))


def debian_package(fields: dict) -> dict:
    name, version, arch = fields["Package"], fields["Version"], fields["Architecture"]
    source = fields.get("Source", name)
    match = re.match(r"(\S+)(?: \((.*)\))?$", source)
    return {
        "SPDXID": spdx_id("deb", name, arch),
        "name": name,
        "versionInfo": version,
        "supplier": "Organization: Debian",
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": "NOASSERTION",
        "copyrightText": "NOASSERTION",
        "sourceInfo": f"built from {match[1]} {match[2] or version}",
        "externalRefs": [{
            "referenceCategory": "PACKAGE-MANAGER",
            "referenceType": "purl",
            "referenceLocator": f"pkg:deb/debian/{name}@{version.replace(':', '%3A').replace('+', '%2B')}?arch={arch}&distro=debian-13",
        }],
    }


def own_package(stage: Path, version: str) -> tuple[dict, list[dict]]:
    files = []
    for path in sorted(p for p in stage.rglob("*") if p.is_file()):
        data = path.read_bytes()
        files.append({
            "SPDXID": spdx_id("file", str(path.relative_to(stage))),
            "fileName": "./" + str(path.relative_to(stage)),
            "checksums": [{"algorithm": a, "checksumValue": hashlib.new(a.lower(), data).hexdigest()}
                          for a in ("SHA1", "SHA256")],
            "licenseConcluded": "Apache-2.0",
            "licenseInfoInFiles": ["NOASSERTION"],
            "copyrightText": "NOASSERTION",
        })
    code = hashlib.sha1("".join(sorted(f["checksums"][0]["checksumValue"] for f in files)).encode()).hexdigest()
    return {
        "SPDXID": "SPDXRef-smgw",
        "name": "smgw",
        "versionInfo": version,
        "supplier": "Organization: the smgw authors",
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": True,
        "packageVerificationCode": {"packageVerificationCodeValue": code},
        "licenseConcluded": "Apache-2.0",
        "licenseDeclared": "Apache-2.0",
        "licenseInfoFromFiles": ["NOASSERTION"],
        "copyrightText": "Copyright 2026 the smgw authors",
        "hasFiles": [f["SPDXID"] for f in files],
    }, files


def main() -> int:
    status, stage, version, epoch, root_hash = sys.argv[1:6]
    debian = sorted((debian_package(f) for f in paragraphs(Path(status).read_text())), key=lambda p: p["SPDXID"])
    own, files = own_package(Path(stage), version)
    image = {
        "SPDXID": "SPDXRef-image",
        "name": "smgw-image",
        "versionInfo": version,
        "supplier": "Organization: the smgw authors",
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": "NOASSERTION",
        "copyrightText": "NOASSERTION",
        "comment": f"dm-verity root hash {root_hash}",
        "primaryPackagePurpose": "FIRMWARE",
    }
    created = datetime.datetime.fromtimestamp(int(epoch), datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    json.dump({
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"smgw-image-{version}",
        "documentNamespace": f"https://smgw.invalid/spdx/image-{version}-{root_hash[:16]}",
        "creationInfo": {"created": created, "creators": ["Tool: image/sbom.py"]},
        "packages": [image, own, *debian],
        "files": files,
        "relationships": [
            {"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-image"},
            *({"spdxElementId": "SPDXRef-image", "relationshipType": "CONTAINS", "relatedSpdxElement": p["SPDXID"]}
              for p in [own, *debian]),
        ],
    }, sys.stdout, indent=1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
