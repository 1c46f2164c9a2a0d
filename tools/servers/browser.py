"""The Chromium of the browser tests. Run as a module, it installs one."""

import shutil
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserType, Error, sync_playwright

from tools.servers.packages import IS_ROOT, install, run

# It needs half the memory of full Chromium, which creates windows even when headless.
HEADLESS = "chromium-headless-shell"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
INSTALL_HINT = (
    "The browser tests need the packages chromium and libatomic1: install them, then try again."
)
PLAYWRIGHT = (sys.executable, "-m", "playwright")
# Chromium refuses to sandbox itself for root.
ARGUMENTS = ["--disable-background-networking", "--disable-gpu"] + ["--no-sandbox"] * IS_ROOT


def launch_options(chromium: BrowserType, *, full: bool = False) -> dict[str, Any] | None:
    """Return the options to start Playwright's Chromium or one on the machine; None if none starts.

    The `full` browser has a back-forward cache and view transitions.
    """
    headless = None if full else shutil.which(HEADLESS)
    for path in filter(None, (headless, chromium.executable_path, *map(shutil.which, NAMES))):
        options: dict[str, Any] = {"executable_path": path, "args": ARGUMENTS}
        try:
            chromium.launch(**options).close()
        except Error:
            continue
        return options
    return None


def has_playwright_browser() -> bool:
    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path).exists()


def can_start() -> bool:
    with sync_playwright() as playwright:
        return launch_options(playwright.chromium, full=True) is not None


def get_browser() -> None:
    """Get a browser from the first source that has one, or exit with a hint."""
    # Playwright's Node.js needs a library that a minimal Debian lacks.
    if not run(*PLAYWRIGHT, "--version") and not install("libatomic1"):
        sys.exit(INSTALL_HINT)
    downloaded = has_playwright_browser() or run(*PLAYWRIGHT, "install", "chromium")
    if not downloaded and not shutil.which(HEADLESS):
        install(HEADLESS)
    if can_start():
        return
    if IS_ROOT and downloaded and run(*PLAYWRIGHT, "install-deps", "chromium") and can_start():
        return
    if not install("chromium") or not can_start():
        sys.exit(INSTALL_HINT)


if __name__ == "__main__":
    get_browser()
