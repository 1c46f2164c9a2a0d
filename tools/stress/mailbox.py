"""The mails that workers have sent, in files of Django's file backend."""

import os
import re
from collections import Counter
from pathlib import Path

from web.models import Mail


def received(folder: Path) -> Counter[tuple[str, str]]:
    """Return how often each mail was sent, by its recipient and its Message-ID."""
    mails: Counter[tuple[str, str]] = Counter()
    for path in folder.glob("*.log"):
        # The file ends each mail with a line. A worker may have been killed before.
        for text in re.split("^-{79}$", path.read_text(), flags=re.MULTILINE):
            headers = text.strip().partition("\n\n")[0]
            found = {
                name: re.search(f"^{name}:\\s+(\\S+)", headers, re.MULTILINE)
                for name in ("To", "Message-ID")
            }
            if found["To"] and found["Message-ID"]:
                mails[found["To"][1], found["Message-ID"][1]] += 1
    return mails


def queued_or_sent() -> set[str]:
    """Return the recipients of all mail."""
    # A mail may be sent between the two steps.
    contents = Mail.objects.filter(sent=None).values_list("content", flat=True)
    queued = {to for content in contents for to in content["to"]}
    return queued | {to for to, _ in received(Path(os.environ["FOLDER"], "mails"))}
