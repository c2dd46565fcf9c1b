"""Write a draft of the mail for each recipient."""

import csv
import os
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from string import Template


def main() -> None:
    """Fill in the letter and write $WORKSPACE/drafts/ADDRESS.eml for everyone on the list."""
    workspace = Path(os.environ["WORKSPACE"])
    letter = Template((Path(__file__).parent / "letter.txt").read_text(encoding="utf-8"))
    drafts = workspace / "drafts"
    drafts.mkdir(parents=True, exist_ok=True)
    with open(workspace / "recipients.csv", encoding="utf-8", newline="") as file:
        recipients = list(csv.DictReader(file))
    for recipient in recipients:
        mail = EmailMessage(policy=SMTP)
        mail["From"] = "shop@shop.example"
        mail["To"] = recipient["address"]
        mail["Subject"] = os.environ["SUBJECT"]
        mail.set_content(letter.substitute(recipient, season=os.environ["SEASON"]))
        (drafts / f"{recipient['address']}.eml").write_bytes(mail.as_bytes())
        print(f"draft   {recipient['address']}")
    print(f"{len(recipients)} drafts")


if __name__ == "__main__":
    main()
