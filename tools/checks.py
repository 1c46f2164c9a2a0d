"""Rules that no other tool checks. `make check` runs this module, and it prints each fault."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SENTENCE = re.compile(r"[A-Z].* .*[.:?!]", re.DOTALL)
MARKED = {"_", "gettext", "ngettext"}
# Texts for administrators are always in English.
LOGGED = {"BadRequest", "OSError", "OperationalError", "RequestDataTooBig", "RuntimeError"}
LOGGED |= {"checks.Warning", "logger.exception"}
TRANSLATED_FOLDERS = ["components", "home", "images", "people", "stream"]
TRANSLATED_FOLDERS += ["site/config", "site/web"]
UNTRANSLATED = {"management", "migrations", "tests"}
# The services of the site and of its worker must both have these limits.
LIMITS = {
    "CapabilityBoundingSet=",
    "MemoryDenyWriteExecute=yes",
    "NoNewPrivileges=yes",
    "PrivateDevices=yes",
    "PrivateUsers=yes",
    "ProtectHome=yes",
    "ProtectProc=invisible",
    "ProtectSystem=strict",
    "ReadWritePaths=/srv/magpie/var",
    "SystemCallFilter=~@privileged @resources",
    "UMask=0077",
    "User=magpie",
}


def main() -> None:
    faults = [
        *missing_tests(),
        *unsafe_templates(),
        *untranslated_sentences(),
        *service_limits(),
        *proxy_limits(),
        *mail_colours(),
        *unlisted_apps(),
    ]
    sys.exit("\n".join(faults) or 0)


def missing_tests() -> Iterator[str]:
    """Yield the test files that docs/security.md names and that do not exist."""
    for name in re.findall(r"`([\w/]+/test_\w+\.py)`", (ROOT / "docs/security.md").read_text()):
        if not (ROOT / name).is_file():
            yield f"docs/security.md names {name}, which does not exist"


def unsafe_templates() -> Iterator[str]:
    """Yield the templates that do not escape a text, except for copies of Django's."""
    for folder in ("components", "demo", "templates"):
        for path in (ROOT / folder).rglob("*.html"):
            if "templates/django/" not in str(path) and re.search(
                r"\|\s*safe\b|autoescape off", path.read_text()
            ):
                yield f"{path.relative_to(ROOT)} does not escape a text"


def untranslated_sentences() -> Iterator[str]:
    """Yield the sentences in Python that are not marked for translation."""
    for folder in TRANSLATED_FOLDERS:
        for path in (ROOT / folder).rglob("*.py"):
            if not UNTRANSLATED & set(path.relative_to(ROOT).parts):
                for sentence in sentences(ast.parse(path.read_text())):
                    yield f"{path.relative_to(ROOT)} does not mark {sentence!r} for translation"


def sentences(tree: ast.AST, is_marked: bool = False) -> Iterator[str]:
    """Yield the sentences that are neither marked nor docstrings."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if SENTENCE.fullmatch(node.value) and not isinstance(tree, ast.Expr) and not is_marked:
                yield node.value
        else:
            name = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            yield from sentences(node, is_marked or name in MARKED | LOGGED)


def service_limits() -> Iterator[str]:
    """Yield the limits that a systemd service lacks."""
    for name in ("magpie", "magpie-worker"):
        lines = set((ROOT / f"deploy/{name}.service").read_text().splitlines())
        for limit in sorted(LIMITS - lines):
            yield f"deploy/{name}.service lacks {limit}"


def proxy_limits() -> Iterator[str]:
    """Yield the proxies' configurations that do not let through the largest form."""
    settings = (ROOT / "site/config/settings/limits.py").read_text()
    megabytes = re.findall(r'number\("UPLOAD_MB_PER_FORM", (\d+)\)', settings)
    for name, line in (
        ("nginx.conf", "client_max_body_size {}m;"),
        ("Caddyfile", "max_size {}MiB"),
    ):
        if line.format(*megabytes) not in (ROOT / "deploy" / name).read_text():
            yield f"deploy/{name} does not say {line.format(*megabytes)}"


def mail_colours() -> Iterator[str]:
    """Yield the colours of mail that are not in the site's palette."""
    palette = colours("site/static/css/tokens.css")
    for colour in sorted(colours("templates/account/email/layout.html") - palette):
        yield f"Mail uses {colour}, which is not in tokens.css"


def colours(name: str) -> set[str]:
    return set(re.findall(r"#[0-9a-f]{6}", (ROOT / name).read_text()))


def unlisted_apps() -> Iterator[str]:
    """Yield the places that have to name an app and do not."""
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers, configuration = linter["contracts"]
    settings = (ROOT / "site/config/settings/base.py").read_text()
    names_in = {
        "INSTALLED_APPS in site/config/settings/base.py": re.findall(r'"(\w+)"', settings),
        "root_packages in pyproject.toml": linter["root_packages"],
        "layers in pyproject.toml": " ".join(layers["layers"]).split(),
        "source_modules in pyproject.toml": configuration["source_modules"],
    }
    copied = (ROOT / "deploy/Containerfile").read_text().splitlines()
    not_ignored = (ROOT / ".dockerignore").read_text().splitlines()
    for path in sorted([*ROOT.glob("*/apps.py"), *ROOT.glob("site/*/apps.py")]):
        app = path.parent.name
        yield from (f"{place} lacks {app}" for place, names in names_in.items() if app not in names)
        # Deployed sites have no demo.
        if path.parents[1] == ROOT and app != "demo":
            if f"COPY {app} {app}" not in copied:
                yield f"deploy/Containerfile lacks the line: COPY {app} {app}"
            if f"!{app}" not in not_ignored:
                yield f".dockerignore lacks the line: !{app}"


if __name__ == "__main__":
    main()
