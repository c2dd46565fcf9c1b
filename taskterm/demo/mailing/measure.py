"""Count what was sent and compare it with the list."""

import csv
import os
from pathlib import Path


def main() -> None:
    """Write $WORKSPACE/result.txt; an address that got no mail is an error."""
    workspace = Path(os.environ["WORKSPACE"])
    with open(workspace / "recipients.csv", encoding="utf-8", newline="") as file:
        wanted = {row["address"] for row in csv.DictReader(file)}
    sent = {mail.stem for mail in (workspace / "outbox").glob("*.eml")}
    result = f"{len(sent)} of {len(wanted)} mails sent\n"
    (workspace / "result.txt").write_text(result, encoding="utf-8")
    print(result, end="")
    if wanted - sent:
        raise SystemExit(f"no mail for {', '.join(sorted(wanted - sent))}")


if __name__ == "__main__":
    main()
