"""Print the tables of docs/scaling.md."""

from collections.abc import Iterable, Sequence

from tools.scaling import parts
from tools.scaling.assumptions import (
    ACTS,
    COMMUNITIES,
    GENERAL,
    MACHINES,
    MEGAPIXELS,
    PAGES,
    Machine,
)
from tools.scaling.costs import Costs, Request
from tools.scaling.needs import Needs
from tools.scaling.parts import Part


def print_all(costs: Costs) -> None:
    print_assumptions()
    print_requests(costs)
    print_tables(costs)
    print_rest(costs)
    print_needs(costs)
    print_most_members(costs)
    print_machines(costs)


def print_table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    print(f"| {' | '.join(head)} |\n{'|---' * len(head)}|")
    for row in rows:
        print(f"| {' | '.join(map(str, row))} |")
    print()


def print_assumptions() -> None:
    print("### What is assumed\n")
    rows = [*GENERAL, MEGAPIXELS]
    print_table(
        ["assumption", "value", "reason"], ((a.name, f"{a.value:g}", a.reason) for a in rows)
    )
    visits = [*PAGES.values(), *ACTS.values()]
    head = ["what a visiting member does", "times a day", "reason"]
    print_table(head, ((visit.name, f"{visit.value:g}", visit.reason) for visit in visits))
    head = ["machine", "cores", "memory, GB", "disk, GB", "commits a second", "network, Mbit/s"]
    print_table(head, ((name, *map(amount, figures)) for name, *figures in MACHINES))


def print_requests(costs: Costs) -> None:
    print("### What was measured\n")
    head = ["request", "site, CPU ms", "database, CPU ms", "statements", "transactions that write"]
    head += ["bytes of log", "rate limits counted", "bytes sent", "images shown"]
    requests = costs.pages | costs.acts
    print_table(head, ((name, *cells(request)) for name, request in requests.items()))


def cells(request: Request) -> list[str]:
    times = f"{request.site:.1f}", f"{request.database:.1f}"
    figures = request.statements, request.writes, request.log, request.counts, request.bytes
    return [*times, *map(amount, figures), amount(request.images)]


def print_tables(costs: Costs) -> None:
    head = ["table", "rows", "one for each", "bytes a row", "indexes", "bytes of an index entry"]
    head += ["bytes in all for each", "touched in the busiest hour"]
    print_table(
        head,
        (
            (
                *(table.name, f"{table.rows:,}", table.unit, f"{table.heap / table.rows:.0f}"),
                *(table.indexes, f"{table.index_bytes / table.rows / table.indexes:.0f}"),
                *(f"{table.bytes_per_unit:,.0f}", f"{table.touched:.0%}"),
            )
            for table in costs.tables
        ),
    )


def print_rest(costs: Costs) -> None:
    head = ["statement of a feed of 150 people", "index probes", "pages of 8 kB read"]
    print_table(head, costs.feed)
    files, size, shown = costs.picture
    print(
        f"An image has {files} files of {size:,} bytes in all. Pages show one of {shown:,} bytes.\n"
        f"A count of a rate limit takes {1000 * costs.rate_limit.cpu:.0f} µs of Redis' CPU time, "
        f"and {costs.rate_limit.bytes:.0f} bytes of its memory.\n"
    )


def print_needs(costs: Costs) -> None:
    print("### What communities need\n")
    needs = [Needs(costs, members) for members in COMMUNITIES]
    rows = [("requests a second", [need.requests for need in needs])]
    rows += [
        (f"{part.name}, {part.unit}", [part.need(need) for need in needs]) for part in parts.PARTS
    ]
    rows += [
        ("files: objects, millions", [need.objects / 1e6 for need in needs]),
        ("files: written in a second", [need.puts for need in needs]),
        ("files: asked for in a second", [need.gets for need in needs]),
    ]
    head = ["in the busiest hour", *(millions(members) for members in COMMUNITIES)]
    print_table(head, ((name, *map(amount, figures)) for name, figures in rows))


def print_most_members(costs: Costs) -> None:
    print("### How many members fill one machine\n")
    head = ["members until this is full", *(machine.name for machine in MACHINES), "then"]
    for title, group in ("everything on one machine", parts.TOGETHER), ("", parts.PARTS):
        columns = [
            [parts.most_members(part, costs, machine) for part in group] for machine in MACHINES
        ]
        rows = []
        for number, part in enumerate(group):
            name = f"{title}: {part.name}" if title else part.name
            figures = [bold(column, number) for column in columns]
            rows.append((name, *figures, part.remedy))
        print_table(head, rows)


def bold(column: list[float], number: int) -> str:
    """Return a figure, in bold if it is the smallest: that part is full first."""
    text = amount(column[number])
    return f"**{text}**" if column[number] == min(column) else text


def print_machines(costs: Costs) -> None:
    print("### What is full first, and how many machines share it\n")
    head = ["members", "machines", "machines of the store", "site machines", "replicas for pages"]
    head += ["what fills first, × a machine", "what fills the primary first", "then"]
    rows = [
        row_of(Needs(costs, members), machine) for members in COMMUNITIES for machine in MACHINES
    ]
    print_table(head, rows)


def row_of(needs: Needs, machine: Machine) -> list[str]:
    counts = [
        max(part.machines(needs, machine) for part in group)
        for group in (parts.FILES, parts.SITE, parts.READS)
    ]
    order = [used(part, needs, machine) for part in parts.by_use(parts.PARTS, needs, machine)[:3]]
    first = parts.by_use(parts.PRIMARY, needs, machine)[0]
    figures = *(f"{count:,}" for count in counts), ", ".join(order), used(first, needs, machine)
    return [millions(needs.members), machine.name, *figures, remedy(first, needs, machine)]


def used(part: Part, needs: Needs, machine: Machine) -> str:
    return f"{part.name} {amount(part.use(needs, machine))} ×"


def remedy(part: Part, needs: Needs, machine: Machine) -> str:
    return part.remedy if part.use(needs, machine) > 1 else "nothing yet"


def millions(members: int) -> str:
    return f"{members / 1e6:g} million"


def amount(figure: float) -> str:
    """Return a figure with two digits or more. Far beyond any community, it is only large."""
    if figure >= 1e9:
        return "over 1,000 million"
    if figure >= 1_000_000:
        return f"{figure / 1e6:,.1f} million"
    return f"{figure:,.0f}" if figure >= 10 or figure == int(figure) else f"{figure:.2g}"
