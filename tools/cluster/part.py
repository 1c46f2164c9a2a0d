"""A part of the cluster: one server, which can be killed and started again."""

import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tools.servers.site import wait_until

# Seconds that a part gets to end by itself.
PATIENCE = 15


@dataclass
class Part:
    """A program with a folder and a log of its own. It leads a process group."""

    name: str
    folder: Path
    command: Sequence[str]
    is_ready: Callable[[], bool]
    environment: Mapping[str, str] = field(default_factory=dict)
    user: str | None = None
    working_folder: Path | None = None
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def log(self) -> Path:
        return self.folder / f"{self.name}.log"

    def start(self) -> None:
        """Start the program, and wait until it is ready."""
        self.launch()
        self.wait()

    def launch(self) -> None:
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=self.working_folder or self.folder,
                env=os.environ | dict(self.environment),
                stdout=log,
                stderr=log,
                user=self.user,
                group=self.user,
                extra_groups=[] if self.user else None,
                start_new_session=True,
            )

    def wait(self) -> None:
        assert self.process
        try:
            wait_until(self.is_ready, self.process)
        except (RuntimeError, TimeoutError) as error:
            last = self.log.read_text(errors="replace")[-2000:]
            raise RuntimeError(f"{self.name} did not start: {last}") from error

    def kill(self) -> None:
        """End the program at once, as if its machine had lost power."""
        self.end(signal.SIGKILL)

    def stop(self) -> None:
        """Let the program end, and kill what is left of it."""
        if self.process is None:
            return
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(PATIENCE)
        self.kill()

    def end(self, number: int) -> None:
        assert self.process
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)
        self.process.wait()
