"""A terminal that is high enough for a whole page."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from e2e.clients.client import wait_for
from tools.servers.clients import program

WIDTH, HEIGHT = 100, 400


class Terminal:
    """A program in a terminal: keys go in, and its screen can be read."""

    def __init__(self, command: list[str], folder: Path) -> None:
        self.tmux = [program("tmux"), "-S", str(folder / "socket"), "-f", os.devnull]
        # An empty home folder, so that no settings of this machine are read.
        self.environment = os.environ | {"HOME": str(folder), "LC_ALL": "C.UTF-8"}
        # pytest-xdist sets these, and lynx believes them.
        for name in ("LINES", "COLUMNS"):
            self.environment.pop(name, None)
        self._run("new-session", "-d", "-x", str(WIDTH), "-y", str(HEIGHT), "--", *command)

    def press(self, *keys: str) -> None:
        """Press keys that have names, such as Enter."""
        self._run("send-keys", *keys)

    def type(self, text: str) -> None:
        self._run("send-keys", "-l", text)

    def screen(self) -> str:
        return self._run("capture-pane", "-p")

    def coloured_screen(self) -> str:
        return self._run("capture-pane", "-p", "-e")

    def answer(self, prompt: str, text: str) -> None:
        """Wait for a prompt in the last lines, and replace its default by `text`."""
        wait_for(f"the prompt {prompt}", lambda: prompt in self.last_lines(), self.screen)
        self.press("C-u")
        self.type(text)
        self.press("Enter")

    def last_lines(self) -> str:
        return "\n".join(self.screen().rstrip().splitlines()[-3:])

    def wait_for_page(self, act: Callable[[], object]) -> None:
        """Do something that loads a page, and wait until the screen has changed and is still."""
        before = self.screen()
        act()
        changes = time.monotonic() + 3
        while self.screen() == before and time.monotonic() < changes:
            time.sleep(0.05)
        now = ""
        while (screen := self.screen()) != now:
            now = screen
            time.sleep(0.3)

    def close(self) -> None:
        self._run("kill-server")

    def _run(self, *command: str) -> str:
        done = subprocess.run(
            [*self.tmux, *command], env=self.environment, capture_output=True, text=True, check=True
        )
        return done.stdout


@contextmanager
def terminal(*command: str) -> Iterator[Terminal]:
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        terminal = Terminal(list(command), Path(folder))
        try:
            yield terminal
        finally:
            terminal.close()
