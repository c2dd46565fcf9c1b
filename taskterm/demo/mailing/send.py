"""Send the drafts: here that means moving them to the outbox, each exactly once."""

import os
from pathlib import Path


def main() -> None:
    """Move $WORKSPACE/drafts/*.eml to $WORKSPACE/outbox/."""
    workspace = Path(os.environ["WORKSPACE"])
    outbox = workspace / "outbox"
    outbox.mkdir(parents=True, exist_ok=True)
    drafts = sorted((workspace / "drafts").glob("*.eml"))
    if not drafts:
        raise SystemExit("there is no draft to send")
    for draft in drafts:
        os.replace(draft, outbox / draft.name)
        print(f"sent    {draft.stem}")
    print(f"{len(drafts)} sent")


if __name__ == "__main__":
    main()
