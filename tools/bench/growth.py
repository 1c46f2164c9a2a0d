"""How the cost of each page and write grows from a small town to one a hundred times as large."""

import sys
from contextlib import ExitStack
from statistics import median

from tools.bench.databases import ROOT, environments
from tools.bench.town import Town
from tools.bench.visits import Visit, visits
from tools.bench.worker import Worker, working

ROUNDS, REQUESTS = 4, 8
# A smaller town has no second page of anything.
SMALLEST = 0.002
# Higher ratios are printed in bold.
LIMIT = 2.0


def measure(scale: float) -> None:
    """Print a row for each visit, with the times in both towns on each database."""
    small, large = towns = Town(max(scale / 100, min(scale / 2, SMALLEST))), Town(scale)
    print(f"Towns of {small.people:,} and {large.people:,} people, one of them famous:\n")
    with ExitStack() as stack:
        pairs: dict[str, list[Worker]] = {}
        for town in towns:
            command = [sys.executable, "-m", "tools.bench.visitor", str(town.scale)]
            for vendor, environment in environments(town).items():
                worker = stack.enter_context(working(command, ROOT, environment))
                pairs.setdefault(vendor, []).append(worker)
        print_header([pair[0] for pair in pairs.values()], small, large)
        for visit in visits():
            cells = [cell for pair in pairs.values() for cell in cells_of(visit, pair)]
            print(f"| {visit.name} | {' | '.join(cells)} |", flush=True)
    print()


def print_header(workers: list[Worker], small: Town, large: Town) -> None:
    first = visits()[0].name
    units = [worker.ask(f"1 {first}")["unit"] for worker in workers]
    cells = [f"{unit}: {small.people:,} people | {large.people:,} | ratio" for unit in units]
    print(f"| page or write | {' | '.join(cells)} |")
    print("|---" * (1 + 3 * len(workers)) + "|")


def cells_of(visit: Visit, pair: list[Worker]) -> list[str]:
    """Return the times in the small and in the large town, and the ratio, which may be marked.

    Each is the median of the quietest round.
    """
    rounds = [[worker.ask(f"{REQUESTS} {visit.name}") for worker in pair] for _ in range(ROUNDS)]
    times = [
        min(median(answers[number]["times"]) for answers in rounds) for number in range(len(pair))
    ]
    cells = [
        f"{time:.1f}" if answer["page"] == visit.page else f"{time:.1f} (page {answer['page']})"
        for time, answer in zip(times, rounds[0], strict=True)
    ]
    ratio = times[1] / times[0]
    return [*cells, f"**{ratio:.2f}**" if ratio > LIMIT else f"{ratio:.2f}"]
