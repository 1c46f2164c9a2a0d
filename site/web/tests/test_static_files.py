"""Each component has its own stylesheet, and browsers load one file."""

import re
from hashlib import md5
from pathlib import Path

import pytest
from django.conf import settings
from django.templatetags.static import static

from web.static_files import COMMENT, IMAGE_CREATE_SCRIPT, SCRIPT, STYLESHEET

STATIC = settings.BASE_DIR / "site/static"
STYLES = [
    *settings.BASE_DIR.glob("components/*/*.css"),
    *(STATIC / "css").rglob("*.css"),
]
SCRIPTS = [*(STATIC / "js").rglob("*.js")]
# `magpie`, `site` and `uploads` contain only imports, and only the admin uses `admin`.
NOT_INCLUDED = {"magpie", "admin", "site", "uploads"}
SOURCES = [source for source in STYLES + SCRIPTS if source.stem not in NOT_INCLUDED]


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
def test_the_bundle_contains_every_source(source: Path) -> None:
    script = IMAGE_CREATE_SCRIPT if source.parent.name == "image-create" else SCRIPT
    bundle = collected(STYLESHEET if source.suffix == ".css" else script).read_text()
    assert all(line in URL.sub("", bundle) for line in lines(source.read_text()))


@pytest.mark.parametrize("name", [SCRIPT, IMAGE_CREATE_SCRIPT])
def test_each_script_is_one_file_without_imports_and_exports(name: str) -> None:
    script = collected(name).read_text()
    assert script
    assert not re.search(r"^(import|export) ", script, re.M)


def test_the_stylesheet_loads_only_images_with_hashed_names(stylesheet: str) -> None:
    assert "@import" not in stylesheet
    assert URL.findall(stylesheet)
    for url in URL.findall(stylesheet):
        assert re.fullmatch(r"\.\./img/[a-z]+\.[0-9a-f]{12}\.svg", url)


def test_the_name_of_the_stylesheet_contains_its_hash(stylesheet: str) -> None:
    assert md5(stylesheet.encode()).hexdigest()[:12] in static(STYLESHEET)


@pytest.mark.parametrize(
    "component", [p.parent for p in settings.BASE_DIR.glob("components/*/*.html")]
)
def test_only_the_stylesheet_of_a_component_is_served(component: Path) -> None:
    suffixes = {file.suffix for file in Path(settings.STATIC_ROOT, component.name).glob("*")}
    assert suffixes <= {".css", ".br", ".gz"}
