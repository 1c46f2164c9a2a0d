"""w3m: the cursor goes to where a control is."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from e2e.clients.client import wait_for
from e2e.clients.terminal import terminal
from e2e.clients.text_browser import Control, TextBrowser
from tools.servers.clients import program

OPTIONS = "-cookie -o color=1 -o anchor_color=blue -o image_color=blue -o form_color=red".split()
OPTIONS += "-o accept_language=en -o use_history=0".split()
# w3m marks links blue, and fields and buttons red.
COLOUR = re.compile(r"\x1b\[([\d;]*)m")
LINK, FORM = "34", "31"


class W3m(TextBrowser):
    """w3m in a terminal."""

    def open(self, url: str) -> None:
        self.terminal.press("U")
        self.terminal.wait_for_page(lambda: self.terminal.answer("Goto URL", url))

    def back(self) -> None:
        self.terminal.wait_for_page(lambda: self.terminal.press("B"))

    def go_to(self, control: Control) -> None:
        self.terminal.type(f"{control.line + 1}G^")
        if control.column:
            self.terminal.type(f"{control.column}l")
        self.terminal.press("Enter")

    def type(self, label: str, text: str) -> bool:
        self.go_to(self.field(label))
        wait_for(
            "a prompt", lambda: re.search(r"^(TEXT|Password):", self.terminal.last_lines(), re.M)
        )
        self.terminal.answer(":", text)
        return True

    def choose_file(self, label: str, path: Path) -> None:
        self.go_to(self.field(label))
        self.terminal.answer("Filename", str(path))

    def upload(self, label: str, path: Path, button: str) -> None:
        # w3m sends a form as soon as a file is chosen in a field that accepts certain types only.
        self.terminal.wait_for_page(lambda: self.choose_file(label, path))

    def controls(self) -> list[Control]:
        found: list[Control] = []
        colour = ""
        for number, line in enumerate(self.terminal.coloured_screen().splitlines()):
            before = ""
            parts = COLOUR.split(line)
            for code, text in zip(["", *parts[1::2]], parts[::2], strict=True):
                colour = code if code in {LINK, FORM, "39", "0"} else colour
                if text and colour in {LINK, FORM}:
                    is_field = colour == FORM and before.endswith("[")
                    kind = "link" if colour == LINK else "field" if is_field else "button"
                    name = "a field" if is_field else text.strip()
                    found.append(Control(kind, name, number, len(before)))
                before += text
        return found


@contextmanager
def w3m() -> Iterator[W3m]:
    path = program("w3m")
    with terminal(path, *OPTIONS, "-v") as screen:
        wait_for("w3m", lambda: "Viewing" in screen.last_lines(), screen.screen)
        yield W3m(screen, path)
