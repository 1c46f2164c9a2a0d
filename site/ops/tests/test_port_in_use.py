"""`make run` says that its port is in use before it does anything else."""

import socket
import subprocess
from pathlib import Path

from ops.tests.conftest import MAKE


def test_nothing_is_set_up_if_the_port_is_in_use(
    copy: Path, outer_environment: dict[str, str], tmp_path: Path
) -> None:
    database = tmp_path / "db.sqlite3"
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = subprocess.run(
            [*MAKE, "run", f"PORT={port}"],
            cwd=copy,
            env=outer_environment | {"DATABASE_URL": f"sqlite:///{database}"},
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode
    assert f"Port {port} is in use." in done.stderr
    assert not database.exists()
