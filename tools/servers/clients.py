"""Browsers other than Chromium, for the tests of clients. Run as a module, it installs them."""

import shutil
import sys

from tools.servers.packages import install

# Each Debian package, and programs of it. One of them is enough.
PACKAGES = {
    "firefox-esr": ("firefox-esr", "firefox"),
    "webkit2gtk-driver": ("WebKitWebDriver",),
    "xvfb": ("Xvfb",),
    "w3m": ("w3m",),
    "lynx": ("lynx",),
    # The terminal in which the text browsers run.
    "tmux": ("tmux",),
}
INSTALL_HINT = "The tests of clients need the packages {}: install them, then try again."


def program(package: str) -> str:
    """Return the path of a package's program, or exit with the names of all missing packages."""
    found = next(filter(None, map(shutil.which, PACKAGES[package])), None)
    if not found:
        sys.exit(INSTALL_HINT.format(" ".join(missing())))
    return found


def missing() -> list[str]:
    return [name for name, programs in PACKAGES.items() if not any(map(shutil.which, programs))]


def main() -> None:
    """Install the packages that are missing, or exit with the names of those that cannot be."""
    if missing():
        install(*missing())
    for package in PACKAGES:
        program(package)


if __name__ == "__main__":
    main()
