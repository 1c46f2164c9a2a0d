"""Firefox and WebKitGTK, with scripts on and off."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from subprocess import DEVNULL
from tempfile import TemporaryDirectory
from typing import Any

from e2e.clients.client import Client
from e2e.clients.webdriver import ELEMENT, Connection, Driver, Marionette, WebDriverError
from tools.servers.clients import program
from tools.servers.site import free_port, is_open, wait_until

KINDS = {"link": ("a",), "button": ("button", "summary")}
ENTER = "\ue007"
CONTROLS = (
    ":is(a[href], button, summary, input, select, textarea)"
    ":not([type=hidden], [aria-hidden], details:not([open]) :not(summary))"
)
# Nothing moves, because drivers press a control where it was before the page scrolled smoothly.
PREFERENCES = """
user_pref("marionette.port", 0);
user_pref("intl.accept_languages", "en");
user_pref("ui.prefersReducedMotion", 1);
user_pref("javascript.enabled", {});
"""
GTK_SETTINGS = "[Settings]\ngtk-enable-animations=0\n"


class GraphicalClient(Client):
    """A browser that is driven by WebDriver."""

    def __init__(self, connection: Connection, *, runs_scripts: bool) -> None:
        super().__init__()
        self.connection = connection
        self.version = connection.version
        self.runs_scripts = runs_scripts

    def open(self, url: str) -> None:
        self.connection.send("Navigate", url=url)

    def back(self) -> None:
        self.connection.send("Back")

    def text(self) -> str:
        try:
            [body] = self._find("css selector", "body")
            # GetElementText runs a script that keeps Firefox from keeping the page for going back.
            return str(self.connection.send("GetElementProperty", id=body, name="innerText"))
        except (ValueError, WebDriverError):
            return ""

    def is_scrolled(self) -> bool:
        [html] = self._find("css selector", "html")
        return bool(self.connection.send("GetElementProperty", id=html, name="scrollTop"))

    def has(self, kind: str, name: str) -> bool:
        return self._control(kind, name) is not None

    def activate(self, kind: str, name: str) -> bool:
        control = self._control(kind, name)
        if not control:
            return False
        try:
            if kind == "link":
                # After a click by WebDriver, Firefox does not keep the page for going back.
                self.connection.send("ElementSendKeys", id=control, text=ENTER)
            else:
                self.connection.send("ElementClick", id=control)
        except WebDriverError:
            # A script has just replaced it, or something is moving over it.
            return False
        return True

    def type(self, label: str, text: str) -> bool:
        try:
            for field in self._fields(label):
                self.connection.send("ElementClear", id=field)
                self.connection.send("ElementSendKeys", id=field, text=text)
                return True
        except WebDriverError:
            # It is still being scrolled into view, or a script has just replaced it.
            return False
        return False

    def choose_file(self, label: str, path: Path) -> None:
        [field] = self._fields(label)
        self.connection.send("ElementSendKeys", id=field, text=str(path))

    def shows_picture(self, name: str) -> bool:
        pictures = self._find("xpath", f'//img[@alt="{name}"]')
        return any(
            self._is_displayed(picture)
            and self.connection.send("GetElementProperty", id=picture, name="naturalWidth")
            for picture in pictures
        )

    def nameless_controls(self) -> list[str]:
        return [
            str(self.connection.send("GetElementProperty", id=control, name="outerHTML"))
            for control in self._find("css selector", CONTROLS)
            if self._label(control) == "" and self._is_displayed(control)
        ]

    def forget(self) -> None:
        """Forget cookies, so that the next test starts signed out and in English."""
        self.connection.send("DeleteAllCookies")
        self.complaints = []

    def _control(self, kind: str, name: str) -> str | None:
        """Return the first control with this name that is shown."""
        for tag in KINDS[kind]:
            for control in self._find("xpath", f'//{tag}[contains(normalize-space(), "{name}")]'):
                if self._label(control) == name and self._is_displayed(control):
                    return control
        return None

    def _find(self, using: str, value: str) -> list[str]:
        found = self.connection.send("FindElements", using=using, value=value)
        return [element[ELEMENT] for element in found]

    def _fields(self, label: str) -> list[str]:
        named = f'[normalize-space()="{label}"]'
        fields = f"@id=//label{named}/@for or @aria-labelledby=//summary{named}/@id"
        return self._find("xpath", f"//*[{fields}]")

    def _label(self, element: str) -> str | None:
        """Return the accessible name, or None if the element is gone."""
        label: str | None = self._ask("GetComputedLabel", element)
        return label

    def _is_displayed(self, element: str) -> bool:
        return bool(self._ask("IsElementDisplayed", element))

    def _ask(self, command: str, element: str) -> Any:
        try:
            return self.connection.send(command, id=element)
        except WebDriverError:
            return None


@contextmanager
def firefox(*, runs_scripts: bool) -> Iterator[GraphicalClient]:
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        scripts = "true" if runs_scripts else "false"
        Path(folder, "user.js").write_text(PREFERENCES.format(scripts))
        command = [program("firefox-esr"), "--headless", "--marionette", "--no-remote"]
        command += ["--profile", folder]
        environment = os.environ | {"HOME": folder}
        with subprocess.Popen(command, env=environment, stdout=DEVNULL, stderr=DEVNULL) as process:
            try:
                port = Path(folder, "MarionetteActivePort")
                wait_until(lambda: port.exists() and port.read_text() != "", process)
                with closing(Marionette(int(port.read_text()))) as connection:
                    yield GraphicalClient(connection, runs_scripts=runs_scripts)
            finally:
                process.terminate()


@contextmanager
def webkit(*, runs_scripts: bool) -> Iterator[GraphicalClient]:
    port = free_port()
    [browser] = Path("/usr/lib").glob("*/webkit2gtk-4.1/MiniBrowser")
    arguments = ["--automation", f"--enable-javascript={str(runs_scripts).lower()}"]
    options = {"binary": str(browser), "args": arguments}
    command = [program("webkit2gtk-driver"), f"--port={port}"]
    with display() as name, TemporaryDirectory(ignore_cleanup_errors=True) as home:
        settings = Path(home, "gtk-3.0", "settings.ini")
        settings.parent.mkdir()
        settings.write_text(GTK_SETTINGS)
        environment = os.environ | {"DISPLAY": name, "HOME": home, "XDG_CONFIG_HOME": home}
        environment["LC_ALL"] = "C.UTF-8"
        with subprocess.Popen(command, env=environment, stdout=DEVNULL, stderr=DEVNULL) as process:
            try:
                wait_until(lambda: is_open(port), process)
                with closing(Driver(port, {"webkitgtk:browserOptions": options})) as connection:
                    yield GraphicalClient(connection, runs_scripts=runs_scripts)
            finally:
                process.terminate()


@contextmanager
def display() -> Iterator[str]:
    """Run an X server without a screen, and yield its name."""
    reading, writing = os.pipe()
    command = [program("xvfb"), "-displayfd", str(writing), "-screen", "0", "1280x1000x24"]
    with (
        subprocess.Popen(command, pass_fds=[writing], stdout=DEVNULL, stderr=DEVNULL) as server,
        os.fdopen(reading) as names,
    ):
        os.close(writing)
        try:
            yield f":{names.readline().strip()}"
        finally:
            server.terminate()
