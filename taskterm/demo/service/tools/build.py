"""Pack the shop into one file that Python runs, the same bytes each time. build [--verify]"""

import io
import os
import sys
import zipfile
from pathlib import Path

from pace import pause

from tools.files import artefact, record, recorded, sha256, sources

LONG_AGO = (1980, 1, 1, 0, 0, 0)  # a fixed date, or no two builds would be the same
ENTRY = "from shop.__main__ import main\n\nmain()\n"


def packed(version: str) -> bytes:
    """The content of a zip application: a first line for the system, then an archive for Python."""
    members = {f"shop/{path.name}": path.read_bytes() for path in sources("shop") if path.name != "_version.py"}
    members["shop/_version.py"] = f'VERSION = "{version}"\n'.encode()
    members["__main__.py"] = ENTRY.encode()
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for name in sorted(members):
            file.writestr(zipfile.ZipInfo(name, LONG_AGO), members[name], zipfile.ZIP_DEFLATED)
            print(f"packed  {name}  {len(members[name])} bytes")
            pause(0.4)
    return b"#!/usr/bin/env python3\n" + archive.getvalue()


def build(path: Path, version: str) -> None:
    """Write the artefact and, beside it, its checksum."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(packed(version))
    path.chmod(0o755)
    record(path, sha256(path))
    print(f"built   {path.name}  sha256 {sha256(path)}")


def verify(path: Path, version: str) -> None:
    """Build once more beside the artefact; both and the record must be the same."""
    again = path.with_name(path.name + ".again")
    try:
        again.write_bytes(packed(version))
        sums = {sha256(path), sha256(again), recorded(path)}
    finally:
        again.unlink(missing_ok=True)
    if len(sums) != 1:
        raise SystemExit(f"two builds of {version} are not the same: {', '.join(sorted(sums))}")
    print(f"verified: a second build has the same sha256 {sums.pop()}")


if __name__ == "__main__":
    (verify if "--verify" in sys.argv else build)(artefact(), os.environ["VERSION"])
