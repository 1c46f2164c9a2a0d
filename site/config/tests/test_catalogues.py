"""Every marked text is translated into each language."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from gettext import GNUTranslations
from pathlib import Path

import pytest
from django.conf import settings

ROOT: Path = settings.BASE_DIR
CATALOGUES = sorted(ROOT.glob("site/locale/*/LC_MESSAGES/django.po"))
NOT_COPIED = shutil.ignore_patterns(".*", "var", "__pycache__", "test-results", "*.png", "*.webp")
MARKUP = re.compile(r"<[^>]+>|%\(\w+\)[a-z]")

each_language = pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.parts[-3])


def run(*command: str | Path, cwd: Path = ROOT) -> str:
    """Run a command, and return its errors."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    return done.stderr or str(done.returncode or "")


def entries(compiled: Path) -> Iterator[tuple[str, str]]:
    """Yield each text of a catalogue with its translation, and a plural with each of its forms."""
    with compiled.open("rb") as file:
        catalogue: dict[str | tuple[str, int], str] = vars(GNUTranslations(file))["_catalog"]
    for text, translation in catalogue.items():
        if text:
            yield text if isinstance(text, str) else text[0], translation


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalogue of all marked texts, collected in a copy of the project."""
    copy = tmp_path_factory.mktemp("copy") / "magpie"
    shutil.copytree(ROOT, copy, ignore=NOT_COPIED)
    command = [sys.executable, "manage.py", "makemessages", "--all", "--keep-pot"]
    assert run(*command, "--ignore", "venv", cwd=copy) == ""
    return copy / "site" / "locale" / "django.pot"


def test_there_is_a_german_catalogue() -> None:
    assert "de" in [path.parts[-3] for path in CATALOGUES]


@each_language
def test_exactly_the_marked_texts_are_translated(catalogue: Path, marked: Path) -> None:
    assert run("msgcmp", catalogue, marked) == "", (
        f"Run `make messages`, and translate {catalogue}."
    )


@each_language
def test_the_compiled_catalogue_is_up_to_date(catalogue: Path, tmp_path: Path) -> None:
    compiled = tmp_path / "django.mo"
    assert run("msgfmt", "--check-format", "--output-file", compiled, catalogue) == ""
    shipped = sorted(entries(catalogue.with_suffix(".mo")))
    assert shipped == sorted(entries(compiled)), "Run `make messages`, and commit the .mo file."


@each_language
def test_translations_keep_the_markup_and_the_names_in_it(catalogue: Path) -> None:
    for text, translation in entries(catalogue.with_suffix(".mo")):
        assert sorted(MARKUP.findall(text)) == sorted(MARKUP.findall(translation))
        assert translation.count('"') == text.count('"')
