"""Print what pages and requests cost, in a town whose size is SCALE million actions.

`python -m tools.bench PART` measures one part. With `pages --beside FOLDER`, the pages of another
checkout are measured in turns with these, and the ratios are printed.
"""

import os
import platform
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from contextlib import suppress
from importlib import import_module
from pathlib import Path

from tools.bench import growth, pages
from tools.bench.databases import ROOT, environments
from tools.bench.town import Town

PARTS = ["decoder", "photos", "hostile", "pages", "growth", "feed", "server"]


def main() -> None:
    options = parsed(sys.argv[1:])
    scale = float(os.environ.get("SCALE", "1"))
    parts = [options.part] if options.part else PARTS
    print(f"# SCALE={scale:g}\n\n{machine()}\n", flush=True)
    sys.path.append(str(ROOT / "site"))
    if "decoder" in parts:
        import_module("tools.bench.decoder").measure()
    if "photos" in parts:
        import_module("tools.bench.photos").measure()
    if "hostile" in parts:
        import_module("tools.bench.hostile_pages").measure()
    if "pages" in parts:
        pages.measure(options.beside)
    if "growth" in parts:
        growth.measure(scale)
    if one_by_one := [part for part in parts if part in {"feed", "server"}]:
        for environment in environments(Town(scale)).values():
            command = [sys.executable, "-m", "tools.bench.measure", str(scale), *one_by_one]
            subprocess.run(command, env=environment, cwd=ROOT, check=True)


def parsed(arguments: list[str]) -> Namespace:
    parser = ArgumentParser("python -m tools.bench", description=__doc__)
    parser.add_argument("part", nargs="?", choices=PARTS, help="by default, all of them")
    parser.add_argument("--beside", type=Path, help="another checkout to compare the pages with")
    return parser.parse_args(arguments)


def machine() -> str:
    """Describe the machine: processor, cores, memory, Python."""
    processor = platform.processor() or platform.machine()
    with suppress(OSError):
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        names = [line.partition(": ")[2] for line in lines if line.startswith("model name")]
        processor = names[0] if names else processor
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    python = f"Python {platform.python_version()}"
    return f"{processor}, {os.cpu_count()} cores, {memory:.0f} GiB, {python}"


if __name__ == "__main__":
    main()
