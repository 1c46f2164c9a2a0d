"""What works in which client, as a table in Markdown."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from pytest import TestReport  # noqa: PT013

START, END = "<!-- matrix -->\n", "<!-- end of matrix -->\n"

type Results = dict[str, dict[str, list[TestReport]]]


def write(path: Path, reports: Iterable[TestReport]) -> None:
    """Replace the table in the file at `path` by one of these reports."""
    before, _, rest = path.read_text().partition(START)
    _, _, after = rest.partition(END)
    path.write_text(f"{before}{START}\n{table(results(reports))}\n{END}{after}")


def results(reports: Iterable[TestReport]) -> Results:
    """Return the reports on each journey in each client."""
    found: Results = defaultdict(lambda: defaultdict(list))
    for report in reports:
        if client := dict(report.user_properties).get("client"):
            name = report.nodeid.rpartition("::")[2].partition("[")[0]
            found[name.removeprefix("test_").replace("_", " ")][str(client)].append(report)
    return found


def table(results: Results) -> str:
    clients = sorted({client for row in results.values() for client in row})
    lines = [["journey", *clients], ["---"] * (len(clients) + 1)]
    for journey, row in sorted(results.items()):
        lines.append([journey, *(outcome(row[client]) for client in clients)])
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def outcome(reports: list[TestReport]) -> str:
    """Return what the reports of one test say about the journey."""
    failed = {report.when for report in reports if report.failed}
    found = dict(value for report in reports for value in report.user_properties)
    if failed == {"teardown"}:
        return f"awkward: {found.get('complaints')}"
    return "broken" if failed or not reports else "works"
