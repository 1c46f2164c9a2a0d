"""Code names no folder for temporary files: what lies there differs from machine to machine."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

# In parts, because `make check` refuses them.
TMP, VAR_TMP, SHM = ("/" + name for name in ("tmp", "var/tmp", "dev/shm"))


def make(*arguments: str, folder: Path = settings.BASE_DIR) -> subprocess.CompletedProcess[str]:
    command = [
        "make",
        "--no-print-directory",
        "--file",
        str(settings.BASE_DIR / "Makefile"),
        *arguments,
    ]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("tests/test_x.py", f'PLACE = "{TMP}"  # noqa: S108'),
        ("x.py", f"path = Path('{TMP}/x')"),
        ("x.py", f'URL = "sqlite:///{TMP}/db"'),
        ("x.py", f'NAME = "file://{VAR_TMP}/x"'),
        ("deploy/x.service", f"ReadWritePaths={TMP}"),
        ("Makefile", f"\t@touch {SHM}/x"),
        ("Containerfile", f"COPY x {TMP}/"),
        ("x.yaml", f"volumes: [{TMP}:/x]"),
        ("x.sh", f'cd "${{TMPDIR:-{TMP}}}"'),
        ("x.js", f"const place = `{TMP}/x`;"),
    ],
)
def test_make_check_refuses_code_with_absolute_paths_to_such_folders(
    tmp_path: Path, name: str, line: str
) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(f"{line}\n")
    done = make("temporary", folder=tmp_path)
    assert done.returncode == 2
    assert f"./{name}:1:{line}" in done.stdout.splitlines()


def test_make_check_looks_for_them() -> None:
    assert make("--dry-run", "temporary").stdout in make("--dry-run", "check").stdout


def test_prose_and_folders_of_other_names_are_fine(tmp_path: Path) -> None:
    (tmp_path / "x.md").write_text(f"Magpie leaves {TMP} alone.\n")
    (tmp_path / "x.py").write_text(f'[tmp_path / "tmp", "var{TMP}", "/tmpfiles", f"{{x}}{TMP}"]\n')
    assert make("temporary", folder=tmp_path).returncode == 0


def test_uploads_are_received_in_a_folder_that_nobody_else_may_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("TMPDIR", raising=False)
    ask = "from django.conf import settings; print(settings.FILE_UPLOAD_TEMP_DIR)"
    command = [sys.executable, "manage.py", "shell", "--verbosity=0", f"--command={ask}"]
    output = subprocess.check_output(command, cwd=settings.BASE_DIR, text=True)
    folder = Path(output.strip())
    assert folder == settings.BASE_DIR / "var/uploads"
    assert folder.stat().st_mode & 0o777 == 0o700
