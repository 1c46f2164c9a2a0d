"""Stylesheets are written one a component, and served as one file."""

import re
from hashlib import md5
from pathlib import Path

import pytest
from django.conf import settings
from django.templatetags.static import static

from web.static_files import COMMENT, SCRIPT, STYLESHEET

STATIC = settings.BASE_DIR / "site/static"
STYLES = [
    *settings.BASE_DIR.glob("components/*/*.css"),
    *(STATIC / "css").rglob("*.css"),
]
SCRIPTS = [*(STATIC / "js").glob("*.js")]
# The first holds nothing but imports; the second is the admin's alone.
NOT_IN_IT = {"magpie", "admin", "site"}
SOURCES = [source for source in STYLES + SCRIPTS if source.stem not in NOT_IN_IT]


pytestmark = pytest.mark.usefixtures("collected_static")

URL = re.compile(r'url\("([^"]+)"\)')


def collected(name: str) -> Path:
    return Path(settings.STATIC_ROOT, static(name).removeprefix(settings.STATIC_URL))


@pytest.fixture
def stylesheet() -> str:
    """The stylesheet as browsers load it."""
    return collected(STYLESHEET).read_text()


def lines(text: str) -> set[str]:
    text = re.sub(r"^import .*|^export ", "", URL.sub("", COMMENT.sub("", text)), flags=re.M)
    return {line.strip() for line in text.splitlines()}


@pytest.mark.parametrize("source", SOURCES, ids=[source.name for source in SOURCES])
def test_the_one_file_holds_all_there_is(source: Path) -> None:
    bundle = collected(STYLESHEET if source.suffix == ".css" else SCRIPT)
    assert lines(source.read_text()) <= lines(bundle.read_text())


def test_the_script_is_one_file_without_imports_and_exports() -> None:
    script = collected(SCRIPT).read_text()
    assert script
    assert not re.search(r"^(import|export) ", script, re.M)


def test_it_loads_only_images_with_hashed_names(stylesheet: str) -> None:
    assert "@import" not in stylesheet
    assert URL.findall(stylesheet)
    for url in URL.findall(stylesheet):
        assert re.fullmatch(r"\.\./img/[a-z]+\.[0-9a-f]{12}\.svg", url)


def test_its_name_holds_its_hash(stylesheet: str) -> None:
    assert md5(stylesheet.encode()).hexdigest()[:12] in static(STYLESHEET)


@pytest.mark.parametrize(
    "component", [p.parent for p in settings.BASE_DIR.glob("components/*/*.html")]
)
def test_nothing_but_styles_is_served_of_a_component(component: Path) -> None:
    suffixes = {file.suffix for file in Path(settings.STATIC_ROOT, component.name).glob("*")}
    assert suffixes <= {".css", ".br", ".gz"}
