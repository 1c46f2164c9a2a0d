"""How many processor cores Magpie may use."""

import os
import re
from math import ceil
from pathlib import Path

PROCESS = Path("/proc/self/cgroup")
GROUPS = Path("/sys/fs/cgroup")


def usable() -> int:
    """Return how many cores this process may use, at least 1."""
    # Python 3.12 can only count those of the machine.
    count = getattr(os, "process_cpu_count", os.cpu_count)() or 1
    return min([count, *map(ceil, quotas(PROCESS, GROUPS))])


def quotas(process: Path, groups: Path) -> list[float]:
    """Return the quotas of a process and of the groups around it, in cores.

    Linux calls them control groups. `CPUQuota=` of systemd and `cpus:` of a container set quotas.
    """
    # A container sees its own group as the root. Version 1 of control groups has other lines.
    own = re.search("^0::/(.*)$", text_of(process), re.MULTILINE)
    folder = groups / (own[1] if own else "")
    found = [text_of(group / "cpu.max").split() for group in [folder, *folder.parents]]
    # Microseconds of processor time, or "max", in a period of so many microseconds.
    return [int(pair[0]) / int(pair[1]) for pair in found if pair and pair[0] != "max"]


def text_of(path: Path) -> str:
    """Return the text of a file, or nothing if it cannot be read."""
    try:
        return path.read_text()
    except OSError:
        return ""
