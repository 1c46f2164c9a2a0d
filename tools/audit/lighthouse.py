"""Lighthouse on the Chromium of the browser tests. Run as a module, it installs Lighthouse."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.servers.browser import ARGUMENTS
from tools.servers.packages import get_program
from tools.servers.site import ROOT

# The newest that runs on Node 18 and 20.
VERSION = "12.8.2"
FOLDER = ROOT / "var" / "lighthouse"
INSTALL_HINT = (
    "The audit needs the packages nodejs (18.16 or newer) and npm: install them, then try again."
)
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
METRICS = ("largest-contentful-paint", "cumulative-layout-shift", "total-blocking-time")


@dataclass
class Report:
    """The results of one page; scores are out of 100."""

    scores: list[int]
    metrics: list[str]
    failures: list[str]
    runs: int = 1

    @property
    def performance(self) -> int:
        return self.scores[0]


def audit(url: str, chromium: str, profile: Path) -> Report:
    """Audit a page as seen on a phone, in a browser with this profile."""
    flags = ["--headless=new", f"--user-data-dir={profile}", *ARGUMENTS]
    command = [str(FOLDER / "node_modules" / ".bin" / "lighthouse"), url, "--quiet"]
    command += ["--output=json", "--no-enable-error-reporting", f"--chrome-flags={' '.join(flags)}"]
    environment = os.environ | {"CHROME_PATH": chromium}
    # Sometimes the browser's trace is incomplete.
    for _ in range(3):
        run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if not run.returncode:
            break
    else:
        sys.exit(run.stderr or run.stdout)
    found = json.loads(run.stdout)
    if found["finalDisplayedUrl"] != url:
        sys.exit(f"{url} led to {found['finalDisplayedUrl']}.")
    return Report(
        scores=[round(100 * found["categories"][name]["score"]) for name in CATEGORIES],
        metrics=[found["audits"][name]["displayValue"] for name in METRICS],
        failures=list(failures(found)),
    )


def failures(found: dict[str, Any]) -> Iterator[str]:
    """Yield the audits that keep a category below 100, with their details."""
    for category in map(found["categories"].get, CATEGORIES):
        for check in (found["audits"][ref["id"]] for ref in category["auditRefs"] if ref["weight"]):
            if category["score"] < 1 and check["score"] is not None and check["score"] < 1:
                value = check.get("displayValue", "")
                yield f"{category['title']}: {check['title']} ({check['id']}) {value}"
                for item in check.get("details", {}).get("items", []):
                    node = item.get("node", {}).get("snippet")
                    yield f"  {node or item.get('url') or json.dumps(item)[:200]}"


def get_lighthouse() -> None:
    """Install Lighthouse, or exit with a hint."""
    get_program("npm", INSTALL_HINT)
    command = ["npm", "install", "--prefix", str(FOLDER), "--no-save", "--no-package-lock"]
    command += ["--no-audit", "--no-fund", "--loglevel=error", f"lighthouse@{VERSION}"]
    if subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode:
        sys.exit("npm could not install Lighthouse.")


if __name__ == "__main__":
    get_lighthouse()
