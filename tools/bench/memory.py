"""The memory of a process, in megabytes, as Linux counts it."""

import ctypes
import re
from pathlib import Path


def megabytes(name: str, pid: int | str = "self") -> float:
    """Return a figure of a process, such as VmRSS, its memory, or VmHWM, the peak of that."""
    found = re.search(rf"{name}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0


def forget_peak() -> None:
    """Return free memory to the system, and let the peak of this process be what it uses now."""
    ctypes.CDLL(None).malloc_trim(0)
    Path("/proc/self/clear_refs").write_text("5")
