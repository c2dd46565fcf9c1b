"""Make the entry of a new colleague in the directory, and their groups. accounts directory|groups"""

import json
import sys

from people import NAME, START, TEAM, account, write

GROUPS = {"shop": ["shop-read", "shop-write"], "service": ["tickets", "phone"], "office": ["finance-read"]}


def main(part: str) -> None:
    """Write the directory entry, or the list of groups."""
    if part == "directory":
        entry = {"account": account(), "name": NAME, "team": TEAM, "valid_from": START}
        write("accounts", f"{account()}.json", json.dumps(entry, indent=2, ensure_ascii=False) + "\n")
        return
    groups = ["everyone", *GROUPS[TEAM]]
    for group in groups:
        print(f"{account()} joins {group}")
    write("accounts", f"{account()}.groups", "\n".join(groups) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
