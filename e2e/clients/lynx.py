"""lynx: each control has a number."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from e2e.clients.client import wait_for
from e2e.clients.terminal import terminal
from e2e.clients.text_browser import Control, TextBrowser
from tools.servers.clients import program

CONFIG = """
ACCEPT_ALL_COOKIES:TRUE
DEFAULT_KEYPAD_MODE:LINKS_AND_FIELDS_ARE_NUMBERED
TEXTFIELDS_NEED_ACTIVATION:TRUE
PREFERRED_LANGUAGE:en
INFOSECS:0
MESSAGESECS:0
"""
# Links are [1]Home, fields [2]____, buttons ([3]BUTTON) Save.
CONTROL = re.compile(r"(\(?)\[(\d+)\](\w+\))?([^\[\]]*?_{3,})?\s*(.*?)(?=\s*\(?\[\d+\]|\s{3,}|$)")


class Lynx(TextBrowser):
    """lynx in a terminal."""

    # A heading begins on the next line, at the left.
    empty_bullet = re.compile(r"^\s*\*\s*$(?!\n+\s*[^\s*])", re.MULTILINE)

    def open(self, url: str) -> None:
        self.terminal.press("g")
        self.terminal.wait_for_page(lambda: self.terminal.answer("URL to open", url))

    def back(self) -> None:
        self.terminal.wait_for_page(lambda: self.terminal.press("Left"))

    def go_to(self, control: Control) -> None:
        self.terminal.type(control.number)
        wait_for("the prompt", lambda: f"number: {control.number}" in self.terminal.last_lines())
        self.terminal.press("Enter")
        if control.kind != "link":
            mark = re.compile("Inactive|File entry" if control.kind == "field" else "ubmit")
            wait_for("the control", lambda: mark.search(self.terminal.last_lines()), self.text)
            self.terminal.press("Enter")

    def type(self, label: str, text: str) -> bool:
        self.go_to(self.field(label))
        wait_for("the field", lambda: "Enter text" in self.terminal.last_lines())
        self.terminal.press("C-u")
        self.terminal.type(text)
        self.terminal.press("Enter")
        wait_for("its end", lambda: "Enter text" not in self.terminal.last_lines())
        return True

    def choose_file(self, label: str, path: Path) -> None:
        self.type(label, str(path))

    def is_named(self, control: Control, name: str) -> bool:
        # lynx does not show where a link ends.
        return control.name.startswith(name)

    def controls(self) -> list[Control]:
        return [
            Control(
                "button" if bracket and code else "field" if field else "link",
                name or field,
                number,
                0,
                count,
            )
            for number, line in enumerate(self.terminal.screen().splitlines())
            for bracket, count, code, field, name in CONTROL.findall(line)
        ]


@contextmanager
def lynx() -> Iterator[Lynx]:
    path = program("lynx")
    with TemporaryDirectory() as folder:
        config = Path(folder, "lynx.cfg")
        config.write_text(CONFIG)
        with terminal(path, f"-cfg={config}", f"file://{folder}") as screen:
            wait_for("lynx", lambda: "Arrow keys" in screen.last_lines(), screen.screen)
            yield Lynx(screen, path)
