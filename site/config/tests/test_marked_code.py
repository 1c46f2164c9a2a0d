"""No sentence in the code of ours is left out of translation."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

FOLDERS = ["components", "images", "people", "site/config", "stream"]
ASIDE = {"demo.py", "showcase.py", "management", "migrations", "tests"}
SENTENCE = re.compile(r"[A-Z].* .*[.:?!]", re.DOTALL)
# The others are for those who keep the logs.
MARKED = {"_", "gettext"}
LOGGED = {"BadRequest", "OSError", "OperationalError", "RequestDataTooBig", "RuntimeError"}
LOGGED |= {"logger.exception"}


def sentences(tree: ast.AST, is_marked: bool = False) -> Iterator[str]:
    """Yield the sentences that are neither marked nor docstrings."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if SENTENCE.fullmatch(node.value) and not isinstance(tree, ast.Expr) and not is_marked:
                yield node.value
        else:
            name = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            yield from sentences(node, is_marked or name in MARKED | LOGGED)


def code() -> Iterator[Path]:
    for folder in FOLDERS:
        for path in (settings.BASE_DIR / folder).rglob("*.py"):
            if not ASIDE & set(path.parts):
                yield path


@pytest.mark.parametrize(
    "path", [*code()], ids=lambda path: str(path.relative_to(settings.BASE_DIR))
)
def test_each_sentence_is_marked(path: Path) -> None:
    assert list(sentences(ast.parse(path.read_text()))) == []


def test_a_sentence_that_is_not_marked_is_found() -> None:
    tree = ast.parse('"""A docstring."""\nA = _("Not this one.")\nB = ["But this one."]')
    assert list(sentences(tree)) == ["But this one."]
