"""What runs code, commands or queries that are made of text is not used, or where it is known."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
# What the site itself runs; the rest makes backups and demos from a terminal, and tests.
SITE = [
    path
    for folder in ("people", "stream", "images", "site/config", "site/imaging", "components")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if not {"tests", "migrations", "management"} & set(path.parts)
]
DEMO = {"demo.py", "portraits.py", "brush.py", "draw.py", "figures.py", "scenes.py"}
TEMPLATES = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "components").rglob("*.html")]
SCRIPTS = [ROOT / "site/static/js/site.js", ROOT / "images/bookmarklet.js"]


def used(path: Path) -> Iterator[str]:
    """Yield the names that are called, imported or looked up, with what they are called on."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from (alias.name for alias in node.names)
            yield getattr(node, "module", None) or ""
        elif isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield f".{node.attr}"


def users(*names: str) -> set[str]:
    return {path.name for path in SITE if set(names) & set(used(path))}


def test_the_site_is_looked_through() -> None:
    assert len(SITE) > 40
    assert len(TEMPLATES) > 60
    assert users("Random") == DEMO
    assert "settings.py" in users(".run", "environ")


def test_no_text_is_run_as_code_or_as_a_command() -> None:
    assert (
        users("eval", "exec", "compile", "__import__", "import_string", ".import_module") == set()
    )
    # Images are decoded by a program of our own, which gets no text of people.
    assert users("subprocess", ".system", ".popen", "pty", ".fork") == {"pool.py"}


def test_nothing_that_came_from_outside_can_become_an_object() -> None:
    assert users("pickle", "marshal", "shelve", "yaml", "dill", "jsonpickle") == set()


def test_queries_are_put_together_from_our_own_words_alone() -> None:
    raw = {"RawSQL", ".raw", ".extra", ".execute", ".executemany"}
    assert [path for path in SITE if raw & set(used(path))] == [ROOT / "stream/models.py"]


def test_no_text_of_people_is_a_regular_expression() -> None:
    patterns = [
        node.args[0]
        for path in SITE
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
    ]
    assert patterns
    assert all(isinstance(pattern, ast.Constant) for pattern in patterns)
    lookups = re.compile(r"__i?regex\b")
    assert not [path for path in SITE if lookups.search(path.read_text())]


def test_no_text_is_declared_to_be_markup() -> None:
    assert users("mark_safe", "SafeString", "format_html", "SafeText") == set()
    safe = re.compile(r"\|\s*(?:safe|safeseq)\b|autoescape\s+off|{%\s*filter\s+safe")
    # The help text of a field, which is the site's own or Django's.
    found = {path.name for path in TEMPLATES if safe.search(path.read_text())}
    assert found == {"field.html"}


def test_what_must_not_be_guessed_is_left_to_django() -> None:
    assert users("random", "md5", "sha1", "crypt", "Fernet", "AES") <= DEMO


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_our_scripts_write_text_as_text_and_keep_nothing(script: Path) -> None:
    code = script.read_text()
    for name in (
        *("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "srcdoc"),
        *("eval(", "new Function", "setTimeout(", "setAttribute(", "DOMParser"),
        *("localStorage", "sessionStorage", "indexedDB", "document.cookie", "caches."),
        *("postMessage", '"message"', "onmessage", "fetch(", "XMLHttpRequest", "WebSocket"),
    ):
        assert name not in code
