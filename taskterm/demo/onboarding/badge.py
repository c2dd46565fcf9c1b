"""Set the text of a badge."""

from people import NAME, TEAM, account, write


def main() -> None:
    """Write the badge, ready for the printer, and show it."""
    text = f"{NAME}\n{TEAM}\n{account()}@shop.example\n"
    print(text, end="")
    write("badges", f"{account()}.txt", text)


if __name__ == "__main__":
    main()
