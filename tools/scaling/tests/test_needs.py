"""The arithmetic of the tables, with costs that are made up."""

from math import isclose

import pytest
from django.apps import apps

from tools.scaling import parts, report
from tools.scaling.assumptions import ACTS, COMMUNITIES, MACHINES, PAGES, Machine
from tools.scaling.costs import Costs, Picture, RateLimit, Request, Table
from tools.scaling.needs import UNITS, Needs
from tools.scaling.parts import PARTS, PRIMARY, SITE, TOGETHER, Part
from tools.scaling.tables import COUNTED
from tools.scaling.tables import UNITS as TABLES

# Tables that have few rows, that lose old ones, or that Magpie no longer fills.
SMALL = {
    *("account_emailconfirmation", "auth_group", "auth_permission", "django_admin_log"),
    *("django_content_type", "easy_thumbnails_source", "easy_thumbnails_thumbnail"),
    *("easy_thumbnails_thumbnaildimensions", "images_draft", "people_dismissal"),
    *("web_mail", "web_ratelimit"),
}
PAGE = Request(20.0, 2.0, 5, 0, 0, 0, 5_000, 20)
ACT = Request(15.0, 3.0, 12, 1, 150_000, 2, 500, 0)
TABLE_SIZES = [
    Table(name, unit, 1_000, 2_000, 200_000, 3, 300_000, 0.5) for name, unit in TABLES.items()
]
COSTS = Costs(
    dict.fromkeys(PAGES, PAGE),
    dict.fromkeys(ACTS, ACT),
    TABLE_SIZES,
    [],
    Picture(9, 1_000_000, 50_000),
    RateLimit(0.02, 150),
)
each_part = pytest.mark.parametrize("part", [*PARTS, *TOGETHER], ids=lambda part: part.name)
each_machine = pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.name)


@each_part
def test_twice_the_members_need_twice_as_much_of_each_part(part: Part) -> None:
    for members in COMMUNITIES:
        need, twice = (part.need(Needs(COSTS, count)) for count in (members, 2 * members))
        assert need > 0
        assert isclose(twice, 2 * need)


@each_part
def test_dearer_requests_rows_and_files_never_need_less(part: Part) -> None:
    dearer = Costs(
        {name: Request(*(2 * figure for figure in page)) for name, page in COSTS.pages.items()},
        {name: Request(*(2 * figure for figure in act)) for name, act in COSTS.acts.items()},
        [table._replace(heap=2 * table.heap) for table in COSTS.tables],
        [],
        Picture(*(2 * figure for figure in COSTS.picture)),
        RateLimit(*(2 * figure for figure in COSTS.rate_limit)),
    )
    assert part.need(Needs(dearer, 1_000)) > part.need(Needs(COSTS, 1_000))


@each_machine
def test_the_part_that_is_full_first_holds_the_fewest_members(machine: Machine) -> None:
    first = parts.by_use(PARTS, Needs(COSTS, 1_000_000), machine)[0]
    most = {part.name: parts.most_members(part, COSTS, machine) for part in PARTS}
    assert most[first.name] == min(most.values())


@each_part
@each_machine
def test_a_part_is_just_full_at_the_most_members(part: Part, machine: Machine) -> None:
    members = parts.most_members(part, COSTS, machine)
    assert part.use(Needs(COSTS, round(members * 0.99) - 1), machine) < 1
    assert part.use(Needs(COSTS, round(members * 1.01) + 1), machine) > 1


@each_part
@each_machine
def test_machines_are_enough_and_one_less_is_not(part: Part, machine: Machine) -> None:
    needs = Needs(COSTS, 50_000_000)
    count = part.machines(needs, machine)
    assert count >= part.use(needs, machine)
    assert count == 1 or count - 1 < part.use(needs, machine)


def test_a_larger_machine_holds_no_fewer_members() -> None:
    for part in [*PARTS, *TOGETHER]:
        most = [parts.most_members(part, COSTS, machine) for machine in MACHINES]
        assert most == sorted(most)


def test_only_what_is_touched_has_to_be_in_memory() -> None:
    needs = Needs(COSTS, 1_000_000)
    assert isclose(needs.working_set, needs.database / 2)


def test_each_table_that_grows_is_measured() -> None:
    models = apps.get_models(include_auto_created=True)
    of_tasks = {table for table in (model._meta.db_table for model in models) if "_ox" in table}
    tables = {model._meta.db_table for model in models if not model.__module__.startswith("tools")}
    through = {table for table in tables if table.startswith("auth_") and table.count("_") > 1}
    assert tables - of_tasks - through - SMALL == {*TABLES}
    assert {*TABLES.values()} == {*UNITS} == {*COUNTED}


def test_what_is_full_first_is_in_bold() -> None:
    assert [report.bold([30.0, 20.0], number) for number in (0, 1)] == ["30", "**20**"]


def test_all_tables_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    report.print_all(COSTS)
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("|")]
    for part in [*SITE, *PRIMARY]:
        assert [line for line in lines if part.name in line]
    rows = [line for line in lines if line.startswith(("| 1 m", "| 10 m", "| 100 m"))]
    assert len(rows) == len(COMMUNITIES) * len(MACHINES)
