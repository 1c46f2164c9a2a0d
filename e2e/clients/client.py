"""The interface of a client for the journeys, and the faults that they note on a page."""

import re
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path

SECONDS = 20
# Text that stands on a page only if something has failed or never ends.
FAILURES = re.compile(r"did not load|Fetching|Try again|Laden fehlgeschlagen")


class Client(ABC):
    """A browser with one open page. Controls are found by the names that a person sees or hears."""

    runs_scripts = False
    version = ""

    def __init__(self) -> None:
        # What a person would find awkward on the pages that were read.
        self.complaints: list[str] = []
        self.checked = ""

    @abstractmethod
    def open(self, url: str) -> None: ...

    @abstractmethod
    def back(self) -> None: ...

    @abstractmethod
    def text(self) -> str:
        """Return the text that the client shows, in the order in which it shows it."""

    def is_scrolled(self) -> bool:
        """Return whether the page was scrolled down. A text browser shows all of it."""
        return False

    @abstractmethod
    def has(self, kind: str, name: str) -> bool:
        """Return whether a "link" or "button" of this name is shown."""

    @abstractmethod
    def activate(self, kind: str, name: str) -> bool:
        """Follow a link or press a button, and return whether there was one of this name."""

    @abstractmethod
    def type(self, label: str, text: str) -> bool:
        """Replace the text of the field with this label, and return whether that was possible."""

    @abstractmethod
    def choose_file(self, label: str, path: Path) -> None: ...

    @abstractmethod
    def shows_picture(self, name: str) -> bool:
        """Return whether the picture with this text alternative is shown, or else the text."""

    @abstractmethod
    def nameless_controls(self) -> list[str]: ...

    def fill(self, label: str, text: str) -> None:
        wait_for(f"the field {label}", lambda: self.type(label, text), self.text)

    def follow(self, name: str) -> None:
        wait_for(f"the link {name}", lambda: self.activate("link", name))

    def press(self, name: str) -> None:
        wait_for(f"the button {name}", lambda: self.activate("button", name))

    def upload(self, label: str, path: Path, button: str) -> None:
        """Choose a file as the last thing in a form, and send the form."""
        self.choose_file(label, path)
        self.press(button)

    def sees(self, *texts: str) -> None:
        """Wait until the page shows these texts, and check the page."""
        for text in texts:
            wait_for(text, lambda text=text: text in self.read(), self.text)  # type: ignore[misc]
        self.check()

    def sees_in_order(self, *texts: str) -> None:
        """Wait until the page shows these texts, one after another."""
        order = re.compile(".*".join(map(re.escape, texts)))
        wait_for(f"in this order: {texts}", lambda: order.search(self.read()), self.text)
        self.check()

    def sees_button(self, name: str) -> None:
        wait_for(f"the button {name}", lambda: self.has("button", name), self.text)
        self.check()

    def read(self) -> str:
        """Return the text of the page on one line."""
        return " ".join(self.text().split())

    def check(self) -> None:
        """Note what is wrong with the page, unless it was checked already."""
        text = self.text()
        if text != self.checked:
            self.checked = text
            found = self.find_faults(text)
            self.complaints += [fault for fault in found if fault not in self.complaints]

    def find_faults(self, text: str) -> list[str]:
        return FAILURES.findall(text) + [
            f"a control without a name: {control}" for control in self.nameless_controls()
        ]

    def choose_in_menu(self, owner: str, kind: str, item: str) -> None:
        """Activate an item of the menu, which bears its owner's name where it has to be opened."""
        if not self.has(kind, item):
            self.press(owner)
        wait_for(item, lambda: self.activate(kind, item))


def wait_for[Found](
    what: str, find: Callable[[], Found], describe: Callable[[], str] = lambda: ""
) -> Found:
    """Wait until `find` returns something that is true, and return it."""
    end = time.monotonic() + SECONDS
    while not (found := find()):
        if time.monotonic() > end:
            raise AssertionError(f"Not seen within {SECONDS} seconds: {what}\n{describe()}")
        time.sleep(0.1)
    return found
