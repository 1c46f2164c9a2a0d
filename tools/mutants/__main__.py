"""Break the code on purpose, one mutant at a time, and check that its tests fail.

`mutants.toml` lists the mutants. Each is applied to a copy of the project, never to the project
itself. Arguments are words: only mutants with one of them in their name or file are tried.
"""

import os
import re
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree, ignore_patterns
from tempfile import TemporaryDirectory
from time import monotonic

from tools.servers.postgres import postgres

ROOT = Path(__file__).resolve().parents[2]
NOT_COPIED = ignore_patterns(".?*", "__pycache__", "var", "test-results")
# A mutant can make its tests hang.
TIMEOUT = 1800


@dataclass(frozen=True)
class Mutant:
    """A change to a file, and the tests that must fail with it."""

    name: str
    file: str
    old: str
    new: str
    tests: Sequence[str]
    databases: Sequence[str] = ("sqlite", "postgresql")

    def mutate(self, text: str) -> str:
        """Return the text with the change."""
        if text.count(self.old) != 1:
            raise LookupError(f"{self.name}: {self.file} has `old` {text.count(self.old)} times")
        return text.replace(self.old, self.new)


def load_mutants() -> list[Mutant]:
    rows = tomllib.loads(Path(__file__).with_name("mutants.toml").read_text())
    return [Mutant(name, **row) for name, row in rows.items()]


def run(folder: Path, url: str, tests: Iterable[str]) -> str:
    """Run tests up to the first failure, and return its name, or an empty text."""
    command = [sys.executable, "-m", "pytest", "-xq", "-p", "no:cacheprovider", "--tb=no", *tests]
    env = os.environ | {"DATABASE_URL": url}
    try:
        done = subprocess.run(
            command, cwd=folder, env=env, capture_output=True, text=True, timeout=TIMEOUT
        )
    except subprocess.TimeoutExpired:
        return f"no end within {TIMEOUT} seconds"
    if done.returncode == 0:
        return ""
    failed = re.search(r"^(?:FAILED|ERROR) ([^\s\[]+)", done.stdout, re.MULTILINE)
    if done.returncode != 1 or not failed:
        raise RuntimeError(f"The tests could not run:\n{done.stdout}{done.stderr}")
    return failed[1]


def kill(folder: Path, mutant: Mutant, urls: dict[str, str]) -> bool:
    """Print the test that fails with a mutant on each database; return whether there is one."""
    path = folder / mutant.file
    text = path.read_text()
    path.write_text(mutant.mutate(text))
    failures = {name: run(folder, urls[name], mutant.tests) for name in mutant.databases}
    path.write_text(text)
    print("killed  " if all(failures.values()) else "SURVIVED", mutant.name)
    for name, failed in failures.items():
        print(f"         {name}: {failed or 'no test fails'}")
    return all(failures.values())


@contextmanager
def copied() -> Iterator[Path]:
    """Yield a copy of the project, with static files collected once for all runs."""
    with TemporaryDirectory() as parent:
        folder = copytree(ROOT, Path(parent, "copy"), ignore=NOT_COPIED)
        os.environ["STATIC_ROOT"] = os.environ["COLLECTED_STATIC"] = f"{parent}/static"
        collect = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity=0"]
        subprocess.run(collect, cwd=folder, check=True)
        yield folder


def kill_all(mutants: Sequence[Mutant]) -> list[bool]:
    """Return whether each mutant makes tests fail; exit if they fail without one."""
    with copied() as folder, postgres() as postgresql:
        urls = {"sqlite": f"sqlite:///{folder}/var/db.sqlite3", "postgresql": postgresql}
        for database, url in urls.items():
            tests = {test for one in mutants if database in one.databases for test in one.tests}
            if tests and (failed := run(folder, url, sorted(tests))):
                sys.exit(f"Without any mutant, {failed} fails on {database}.")
        return [kill(folder, mutant, urls) for mutant in mutants]


def main() -> None:
    """Run the selected mutants, or all; fail if one survives."""
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    # On SIGTERM, remove the copy and end the server, as on Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    words, start = sys.argv[1:], monotonic()
    mutants = [
        mutant
        for mutant in load_mutants()
        if not words or any(word in f"{mutant.name} {mutant.file}" for word in words)
    ]
    results = kill_all(mutants)
    runs = sum(len(mutant.databases) for mutant in mutants)
    print(
        f"{len(results)} mutants in {runs} runs on SQLite and PostgreSQL: {sum(results)} killed, "
        f"{results.count(False)} survived; {(monotonic() - start) / 60:.0f} minutes"
    )
    sys.exit(not all(results))


if __name__ == "__main__":
    main()
