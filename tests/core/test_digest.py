"""The digest is the one that hashlib makes, without what hashlib loads."""

from __future__ import annotations

import hashlib
import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from taskterm.core.digest import sha256


@given(st.lists(st.binary(max_size=200)))
def test_a_digest_is_the_same_as_that_of_hashlib(parts: list[bytes]) -> None:
    digest = sha256()
    for part in parts:
        digest.update(part)
    assert digest.hexdigest() == hashlib.sha256(b"".join(parts)).hexdigest()


def test_neither_trust_nor_the_screen_loads_openssl() -> None:
    script = """
import sys
from taskterm.tui.quiet_start import Loading
with Loading():
    import taskterm.tui.app
    from taskterm.runner import owner, trust
    from taskterm.tui.drafts import DraftFile
DraftFile("tasks.db").path
print(sorted({"_hashlib", "_ssl"} & set(sys.modules)))
"""
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert told == "[]\n"
