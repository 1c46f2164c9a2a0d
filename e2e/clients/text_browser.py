"""Browsers in a terminal, driven by keys. What they print is what a person reads."""

import re
import subprocess
from abc import abstractmethod
from dataclasses import dataclass

from e2e.clients.client import Client
from e2e.clients.terminal import Terminal

FILE_NAME = re.compile(r"\[(?:[0-9a-f]{16,}|mag|magpie)[^\]\s]*\]")


@dataclass
class Control:
    """A link, button or field on the screen."""

    kind: str
    name: str
    line: int
    column: int
    number: str = ""


class TextBrowser(Client):
    """A browser in a terminal, which shows a whole page at once."""

    empty_bullet = re.compile(r"^\s*[•*]\s*$(?!\n+\s+\S)", re.MULTILINE)

    def __init__(self, terminal: Terminal, path: str) -> None:
        super().__init__()
        self.terminal = terminal
        said = subprocess.run([path, "-version"], capture_output=True, text=True, check=False)
        found = re.search(r"\d+\.[\w.]+", said.stdout)
        self.version = found.group() if found else ""

    @abstractmethod
    def controls(self) -> list[Control]: ...

    @abstractmethod
    def go_to(self, control: Control) -> None:
        """Follow a link, press a button or enter a field."""

    def text(self) -> str:
        return re.sub(r"\n\n+", "\n\n", self.terminal.screen().strip("\n"))

    def has(self, kind: str, name: str) -> bool:
        return self._control(kind, name) is not None

    def activate(self, kind: str, name: str) -> bool:
        control = self._control(kind, name)
        if control:
            self.terminal.wait_for_page(lambda: self.go_to(control))
        return control is not None

    def shows_picture(self, name: str) -> bool:
        return name in self.read()

    def nameless_controls(self) -> list[str]:
        return [control.kind for control in self.controls() if not control.name]

    def find_faults(self, text: str) -> list[str]:
        faults = super().find_faults(text) + FILE_NAME.findall(text)
        return faults + ["an empty bullet"] * bool(self.empty_bullet.search(text))

    def field(self, label: str) -> Control:
        """Return the first field after its label."""
        start = re.compile(rf"\s*{re.escape(label)}\s*(\[|$)")
        lines = self.terminal.screen().splitlines()
        labels = [number for number, line in enumerate(lines) if start.match(line)]
        fields = [control for control in self.controls() if control.kind == "field"]
        return next(field for field in fields if field.line >= labels[0])

    def _control(self, kind: str, name: str) -> Control | None:
        found = (control for control in self.controls() if control.kind == kind)
        return next((control for control in found if self.is_named(control, name)), None)

    def is_named(self, control: Control, name: str) -> bool:
        return control.name == name
