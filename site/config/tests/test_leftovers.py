"""Files left over on a machine cannot make the checks of `.ci/run` pass."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

# In two parts, because `make check` refuses code that names this folder.
TMP = "/" + "tmp"
# This runs instead of make. It prints what it finds, and fails for the target FAILS.
MAKE = f"""#!/usr/bin/env bash
echo "make: $*"
find {TMP} "$HOME" -maxdepth 1 -type f -name "leftover*" | sed "s/^/found: /"
stat --format "mode: %a" {TMP}
ls ../shared | sed "s/^/shared: /"
test "$1" != "${{FAILS-}}" || exit 7
"""


def run(*command: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        env=os.environ | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with only the script, and a `make` that prints what it finds."""
    folder = tmp_path / "checkout"
    shutil.copytree(settings.BASE_DIR / ".ci", folder / ".ci")
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared/page").touch()
    add_program(folder, "make", MAKE)
    return folder


def add_program(checkout: Path, name: str, text: str) -> None:
    path = checkout / "bin" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


def run_checks(checkout: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    home = checkout / "home"
    home.mkdir()
    (home / "leftover").touch()
    path = f"{checkout}/bin:{os.environ['PATH']}"
    return run(
        "bash", ".ci/run", folder=checkout, **({"HOME": str(home), "PATH": path} | environment)
    )


def has_namespaces() -> bool:
    return run("unshare", "--mount", "true", folder=settings.BASE_DIR).returncode == 0


def test_checks_see_the_checkout_and_no_leftovers(
    checkout: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    leftover = Path(TMP, f"leftover-{os.getpid()}")
    leftover.touch()
    try:
        done = run_checks(checkout)
    finally:
        leftover.unlink()
    lines = done.stdout.splitlines()
    is_covered = "run in a mount namespace of their own" in lines[0]
    assert is_covered == has_namespaces()
    assert {"make: check", "make: test", "mode: 1777", "shared: page"} <= set(lines)
    # Without a namespace, the folder for temporary files is the machine's own.
    found = [line for line in lines if line.startswith("found: ")]
    assert [line for line in found if is_covered or line.endswith("home/leftover")] == []
    assert done.returncode == 0
    assert not (checkout / "var/ci").exists()


def test_checks_run_without_a_namespace_if_there_can_be_none(checkout: Path) -> None:
    add_program(checkout, "unshare", "#!/bin/sh\nexit 1\n")
    done = run_checks(checkout)
    lines = done.stdout.splitlines()
    assert "run without a mount namespace" in lines[0]
    assert {"make: check", "make: test"} <= set(lines)
    assert not [line for line in lines if line.endswith("home/leftover")]
    assert done.returncode == 0
    assert not (checkout / "var/ci").exists()


@pytest.mark.parametrize("unshare", ["", "#!/bin/sh\nexit 1\n"], ids=["as it is", "without"])
def test_the_first_check_that_fails_ends_the_run(checkout: Path, unshare: str) -> None:
    if unshare:
        add_program(checkout, "unshare", unshare)
    done = run_checks(checkout, FAILS="check")
    made = [line for line in done.stdout.splitlines() if line.startswith("make: ")]
    assert (made, done.returncode) == (["make: check"], 7)
    assert not (checkout / "var/ci").exists()


def test_package_clients_keep_their_settings_and_caches(checkout: Path) -> None:
    add_program(checkout, "make", '#!/bin/sh\ncat "$HOME/.config/pip/pip.conf" "$HOME/.npmrc"\n')
    home = checkout / "elsewhere"
    (home / ".config/pip").mkdir(parents=True)
    (home / ".config/pip/pip.conf").write_text("pip's\n")
    (home / ".npmrc").write_text("npm's\n")
    done = run_checks(checkout, HOME=str(home))
    assert done.stdout.splitlines()[1:3] == ["pip's", "npm's"]
