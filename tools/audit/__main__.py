"""Print what pages weigh and what Lighthouse says of them; fails below 100 or over the budget."""

import sys
from dataclasses import replace

from tools.audit.lighthouse import CATEGORIES, METRICS, Report, look_at
from tools.audit.page_weight import PAINT, Wire, over_budget, strangers, weight
from tools.servers.demo import Demo, Place, demo

# As wide as the phone that Lighthouse takes itself for.
PHONE = {"width": 412, "height": 823}


def main() -> None:
    """Audit each page, and say in the end what is wrong."""
    with demo() as site:
        places = [
            Place("landing", "/", is_signed_in=False),
            Place("dashboard", "/"),
            Place("people", "/people/"),
            Place("profile", site.address("/people/")),
            Place("images", "/images/"),
            Place("image", site.address("/images/")),
        ]
        problems = [*weigh(site, places), *weigh_later(site, places[1:]), *score(site, places)]
    if problems:
        sys.exit("\n".join(problems))


def row(*cells: object) -> None:
    print("|", " | ".join(map(str, cells)), "|", flush=True)


def weigh(site: Demo, places: list[Place]) -> list[str]:
    """Print what each page weighs to who comes for the first time; returns what is too much."""
    problems = []
    row("first visit", "requests", "bytes", "JavaScript", "before first paint", "photos, images")
    row(*["---"] * 6)
    for place in places:
        with site.page(is_signed_in=place.is_signed_in, viewport=PHONE) as page:
            wire = Wire(page)
            place.open(page)
            requests = wire.take()
        photos = [request for request in requests if request.is_photo]
        rest = [request for request in requests if not request.is_photo]
        sizes = [weight(rest), weight(rest, {"Script"}), weight(rest, PAINT), weight(photos)]
        row(place.name, len(rest), *(f"{size:,}" for size in sizes))
        problems += [f"{place.name}: {problem}" for problem in over_budget(requests)]
    return problems


def weigh_later(site: Demo, places: list[Place]) -> list[str]:
    """Print what each page weighs after the first; returns what is no HTML or image."""
    problems = []
    print()
    row("later", "requests", "bytes")
    row(*["---"] * 3)
    with site.page(viewport=PHONE) as page:
        wire = Wire(page)
        for number, place in enumerate(places):
            place.open(page)
            requests = wire.take()
            if number:
                row(place.name, len(requests), f"{weight(requests):,}")
                problems += [f"{place.name}, later: {each}" for each in strangers(requests)]
    return problems


def score(site: Demo, places: list[Place]) -> list[str]:
    """Print what Lighthouse says of each page; returns what keeps it below 100."""
    problems = []
    print("\nLighthouse, as a phone. Its times are simulated, and longer on a busy machine:")
    print("of a page whose performance is below 100, the median of three runs is shown.\n")
    row("page", *CATEGORIES, *METRICS, "runs")
    row(*["---"] * (2 + len(CATEGORIES) + len(METRICS)))
    for place in places:
        report = look(site, place)
        row(place.name, *report.scores, *report.metrics, report.runs)
        problems += [f"{place.name}: {failure}" for failure in report.failures]
    return problems


def look(site: Demo, place: Place) -> Report:
    def look() -> Report:
        with site.profile(is_signed_in=place.is_signed_in) as profile:
            return look_at(site.url + place.path, site.options["executable_path"], profile)

    report = look()
    if report.performance == 100:
        return report
    reports = sorted([report, look(), look()], key=lambda report: report.performance)
    return replace(reports[1], runs=3)


if __name__ == "__main__":
    main()
