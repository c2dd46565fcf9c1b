"""Install the built shop, and switch to it. install [--switch]"""

import os
import shutil
import sys

from pace import pause

from tools.files import artefact, record, recorded, sha256, target


def install() -> None:
    """Copy the artefact to $TARGET/releases/$VERSION/, if it is what its checksum promises."""
    source, promised = artefact(), recorded(artefact())
    if sha256(source) != promised:
        raise SystemExit(f"{source.name} is not the file that was built: expected sha256 {promised}")
    print(f"checked    {source.name}")
    release = target() / "releases" / os.environ["VERSION"]
    release.mkdir(parents=True, exist_ok=True)
    installed, partial = release / source.name, release / (source.name + ".partial")
    if installed.exists() and sha256(installed) != promised:
        raise SystemExit(f"another shop {release.name} is installed already; a release is never replaced")
    pause(1)
    shutil.copy(source, partial)
    if sha256(partial) != promised:
        raise SystemExit("the copy differs from the file that was built")
    os.replace(partial, installed)  # whole or not at all
    record(installed, promised)
    print(f"installed  {installed.relative_to(target())}")


def switch() -> None:
    """Point $TARGET/current to the release; what ran before stays, to go back to."""
    current, following = target() / "current", target() / "current.next"
    before = os.readlink(current) if current.is_symlink() else "nothing"
    following.unlink(missing_ok=True)
    following.symlink_to(os.path.join("releases", os.environ["VERSION"]), target_is_directory=True)
    pause(1)
    os.replace(following, current)
    print(f"switched   {before} -> {os.readlink(current)}")


if __name__ == "__main__":
    (switch if "--switch" in sys.argv else install)()
