"""Compute what communities of 1 to 100 million members need, from what is measured here."""

import subprocess
import sys
from contextlib import ExitStack
from tempfile import TemporaryDirectory

from tools.bench.databases import ROOT, environment
from tools.servers.database import connect, create_database
from tools.servers.postgres import own_postgres
from tools.servers.redis import redis

# All pages that are read stay in memory, and nothing but requests reads any.
SERVER = {"shared_buffers": "1GB", "autovacuum": "off"}


def main() -> None:
    with ExitStack() as stack:
        url, control = stack.enter_context(own_postgres())
        with connect(url) as server:
            for name, value in SERVER.items():
                server.execute(f"ALTER SYSTEM SET {name} = '{value}'")
        control("stop")
        control("start")
        changes = {
            "DATABASE_URL": create_database(url, "magpie_scaling"),
            "CACHE_URL": stack.enter_context(redis()),
            "MEDIA_ROOT": stack.enter_context(TemporaryDirectory()),
        }
        command = [sys.executable, "-m", "tools.scaling.measure"]
        subprocess.run(command, env=environment(**changes), cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
