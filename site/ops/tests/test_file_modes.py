"""Only the owner can read the files of a site that `make` runs, whatever the umask."""

from pathlib import Path

from e2e.test_restore_drill import Member
from ops.tests.conftest import Run, Serve
from testing.image_files import image_file

PUBLIC = ("static", "static.stamp")


def modes(folder: Path) -> dict[str, int]:
    """Return the modes of everything in a folder, by name."""
    return {
        str(path.relative_to(folder)): path.stat().st_mode & 0o7777 for path in folder.rglob("*")
    }


def assert_private(var: Path) -> None:
    """Assert that every file under `var/` has the mode that it should have."""
    assert var.stat().st_mode & 0o7777 == 0o711
    kinds: dict[str, set[int]] = {"folder of media": set(), "file of media": set()}
    for name, mode in modes(var).items():
        if name.split("/")[0] == "media":
            kinds["folder of media" if (var / name).is_dir() else "file of media"].add(mode)
        elif name.split("/")[0] not in PUBLIC:
            assert mode in {0o600, 0o700}, name
    assert kinds == {"folder of media": {0o2750}, "file of media": {0o640}}


def test_only_the_owner_can_read_files_after_make_install(var: Path) -> None:
    assert_private(var)


def test_everyone_can_read_static_files(var: Path) -> None:
    assert set(modes(var / "static").values()) == {0o644, 0o755}


def test_only_the_owner_can_read_a_backup(var: Path, run: Run) -> None:
    archive = var.parent / "backup.tar"
    run(".venv/bin/python", "manage.py", "backup", str(archive))
    assert archive.stat().st_mode & 0o7777 == 0o600


def test_only_the_owner_can_read_files_after_a_restore(var: Path, run: Run) -> None:
    archive = var.parent / "restored.tar"
    run(".venv/bin/python", "manage.py", "backup", str(archive))
    run(".venv/bin/python", "manage.py", "restore", "--replace", str(archive))
    assert_private(var)


def open_up(var: Path) -> None:
    """Give files the modes that earlier versions left."""
    var.chmod(0o755)
    for path in var.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    (var / "media").chmod(0o755)


def test_make_run_restricts_files_that_were_left_open(var: Path, make_run: Serve) -> None:
    open_up(var)
    with make_run() as url:
        upload = ("x.jpg", image_file("teal", (80, 60)))
        Member(url, "ana").post("/images/add/", title="Sea", upload=upload)
        # The write-ahead log exists while the site runs.
        assert {"db.sqlite3-wal", "db.sqlite3-shm"} <= modes(var).keys()
        assert_private(var)
