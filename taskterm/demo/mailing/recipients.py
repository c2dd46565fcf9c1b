"""Make the mailing list: each address once, none that is no address, none that asked us to stop."""

import csv
import os
from pathlib import Path

HERE = Path(__file__).parent


def main() -> None:
    """Write $WORKSPACE/recipients.csv and say who was left out and why."""
    stopped = set((HERE / "unsubscribed.txt").read_text(encoding="utf-8").split())
    chosen: dict[str, str] = {}
    with open(HERE / "customers.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            address = row["address"].strip().casefold()
            reason = (
                "no address" if address.count("@") != 1
                else "asked us to stop" if address in stopped
                else "there already" if address in chosen
                else ""
            )  # fmt: skip
            print(f"{address or '-':28} {reason or 'ok'}")
            if not reason:
                chosen[address] = row["name"]
    workspace = Path(os.environ["WORKSPACE"])
    workspace.mkdir(parents=True, exist_ok=True)
    with open(workspace / "recipients.csv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("name", "address"), *((name, address) for address, name in chosen.items())])
    print(f"{len(chosen)} recipients")


if __name__ == "__main__":
    main()
