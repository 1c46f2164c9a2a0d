"""The oldest Chromium that Magpie supports. Run as a module, it downloads that with npm."""

import subprocess
import sys
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory

import brotli

from tools.servers.packages import get_program
from tools.servers.site import ROOT

# The package has the version of its Chromium.
VERSION = "109.0.6"
CHROMIUM = ROOT / "var" / f"chromium-{VERSION}" / "chromium"
INSTALL_HINT = "The old Chromium needs the package npm: install it, then try again."


def get_old_browser() -> None:
    """Download the browser, or exit with a hint."""
    if CHROMIUM.exists():
        return
    get_program("npm", INSTALL_HINT)
    with TemporaryDirectory() as folder:
        command = ["npm", "pack", f"@sparticuz/chromium@{VERSION}", "--loglevel=error"]
        if subprocess.run(command, cwd=folder, check=False, stdout=subprocess.DEVNULL).returncode:
            sys.exit("npm could not download the old Chromium.")
        (package,) = Path(folder).glob("*.tgz")
        with tarfile.open(package) as archive:
            compressed = archive.extractfile("package/bin/chromium.br")
            assert compressed
            browser = brotli.decompress(compressed.read())
    CHROMIUM.parent.mkdir(exist_ok=True)
    CHROMIUM.write_bytes(browser)
    CHROMIUM.chmod(0o755)


if __name__ == "__main__":
    get_old_browser()
