"""What whole pages cost: in this checkout and another, and beside a bare template."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from tools.bench.worker import Worker, working

ROOT = Path(__file__).parents[2]
SCRIPT = Path(__file__).with_name("page_costs.py")
ROUNDS = 15
REQUESTS = 7
# The pages, and the bare template with the cards of each.
PAGES = {
    "gallery": "image_cards.html",
    "people": "person_cards.html",
    "feed": "entries.html",
    "profile": "image_cards.html",
    "image": "photos.html",
    "home": "",
}


def measure(beside: Path | None = None) -> None:
    """Print a table for this checkout, and if there is another, one for it and the ratios."""
    with ExitStack() as stack:
        checkouts = [ROOT, *([beside.resolve()] if beside else [])]
        workers = [stack.enter_context(worker_for(checkout)) for checkout in checkouts]
        found = [rounds_of(name, workers) for name in PAGES]
    templates = bare_templates([pages[0][0]["items"] for pages in found])
    for number in range(len(checkouts)):
        print(f"Pages of {'the other' if number else 'this'} checkout, CPU ms:\n")
        print_costs([pages[number] for pages in found], templates)
    if beside:
        print_ratios(found)


def rounds_of(name: str, workers: list[Worker]) -> list[list[dict[str, Any]]]:
    """Return what each worker answers in each round; they take turns."""
    answers: list[list[dict[str, Any]]] = [[] for _ in workers]
    for _ in range(ROUNDS):
        for worker, given in zip(workers, answers, strict=True):
            answer = worker.ask(f"{name} {REQUESTS}")
            given.append(answer | {"ms": median(answer["times"])})
    return answers


def bare_templates(counts: list[int]) -> list[float]:
    """Return the milliseconds of each page's bare template with as many items, 0 without one."""
    command = [sys.executable, "-m", "tools.bench.bare"]
    with working(command, SCRIPT.parents[2], os.environ) as worker:
        return [
            float(worker.ask(f"{template} {count}") if template else 0)
            for template, count in zip(PAGES.values(), counts, strict=True)
        ]


def milliseconds(rounds: list[dict[str, Any]]) -> float:
    return float(median(answer["ms"] for answer in rounds))


def print_costs(pages: list[list[dict[str, Any]]], templates: list[float]) -> None:
    print("| page | items | ms | an item | bare template | as many times | bytes | gzipped | SQL |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name, rounds, template in zip(PAGES, pages, templates, strict=True):
        page, time = rounds[-1], milliseconds(rounds)
        items = page["items"]
        an_item = f"{time / items:.2f}" if items else "–"
        beside = f"{template:.2f} | {time / template:.1f} ×" if template else "– | –"
        size = f"{page['bytes']:,} | {page['gzipped']:,} | {page['statements']}"
        print(f"| {name} | {items or '–'} | {time:.1f} | {an_item} | {beside} | {size} |")
    print()


def print_ratios(found: list[list[list[dict[str, Any]]]]) -> None:
    """Print how much of the other checkout's costs this one has."""
    print("This checkout divided by the other:\n")
    print("| page | CPU | lowest and highest of the rounds | bytes | gzipped | SQL |")
    print("|---|---|---|---|---|---|")
    for name, (ours, theirs) in zip(PAGES, found, strict=True):
        ratios = [mine["ms"] / other["ms"] for mine, other in zip(ours, theirs, strict=True)]
        sizes = [ours[-1][key] / theirs[-1][key] for key in ("bytes", "gzipped", "statements")]
        spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
        cells = " | ".join(f"{size:.2f}" for size in sizes)
        print(f"| {name} | **{median(ratios):.2f}** | {spread} | {cells} |")
    print()


@contextmanager
def worker_for(checkout: Path) -> Iterator[Worker]:
    """Yield a worker that runs the code of a checkout, with data of its own."""
    with TemporaryDirectory() as folder:
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        environment |= {
            "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "MEDIA_ROOT": f"{folder}/media",
            "SECRET_KEY": "for measuring only",
            "DEBUG": "0",
            "PYTHONPATH": os.pathsep.join([str(checkout), str(checkout / "site")]),
        }
        # The other checkout may need other packages.
        own = checkout / ".venv/bin/python"
        python = str(own) if own.exists() else sys.executable
        if not (checkout / "var/static/staticfiles.json").exists():
            collect = [python, "manage.py", "collectstatic", "--no-input", "--verbosity=0"]
            subprocess.run(collect, cwd=checkout, env=environment, check=True)
        # Without -P, Python would find modules of this folder first.
        with working([python, "-P", str(SCRIPT)], checkout, environment) as worker:
            yield worker
