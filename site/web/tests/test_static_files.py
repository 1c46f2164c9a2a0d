"""The stylesheet has one file for each component, and is served as one file."""

import re
from hashlib import md5
from pathlib import Path

import pytest
from django.conf import settings
from django.templatetags.static import static

from web.static_files import STYLESHEET

SOURCES = [
    *settings.BASE_DIR.glob("components/*/*.css"),
    settings.BASE_DIR / "site/static/css/tokens.css",
    settings.BASE_DIR / "site/static/css/base.css",
    settings.BASE_DIR / "site/static/css/pages.css",
]


pytestmark = pytest.mark.usefixtures("collected_static")

URL = re.compile(r'url\("([^"]+)"\)')


def collected(name: str) -> Path:
    return Path(settings.STATIC_ROOT, static(name).removeprefix(settings.STATIC_URL))


@pytest.fixture
def stylesheet() -> str:
    """The stylesheet as browsers load it."""
    return collected(STYLESHEET).read_text()


@pytest.mark.parametrize("source", SOURCES, ids=[source.stem for source in SOURCES])
def test_the_stylesheet_holds_all_there_is(stylesheet: str, source: Path) -> None:
    assert URL.sub("", source.read_text()) in URL.sub("", stylesheet)


def test_it_loads_nothing_more_but_pictures_named_by_what_is_in_them(stylesheet: str) -> None:
    assert "@import" not in stylesheet
    assert URL.findall(stylesheet)
    for url in URL.findall(stylesheet):
        assert re.fullmatch(r"\.\./img/[a-z]+\.[0-9a-f]{12}\.svg", url)


def test_its_name_tells_what_is_in_it(stylesheet: str) -> None:
    assert md5(stylesheet.encode()).hexdigest()[:12] in static(STYLESHEET)


@pytest.mark.parametrize(
    "component", [p.parent for p in settings.BASE_DIR.glob("components/*/*.html")]
)
def test_nothing_but_styles_is_served_of_a_component(component: Path) -> None:
    suffixes = {file.suffix for file in Path(settings.STATIC_ROOT, component.name).glob("*")}
    assert suffixes <= {".css", ".br", ".gz"}
