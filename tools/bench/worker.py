"""A process that measures on request, so that two of them can take turns."""

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE
from typing import IO, Any, cast


class Worker:
    """A running process that answers each line with one line of JSON."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def ask(self, question: str) -> Any:
        stdin, stdout = cast("IO[str]", self.process.stdin), cast("IO[str]", self.process.stdout)
        print(question, file=stdin, flush=True)
        answer = stdout.readline()
        if not answer:
            raise RuntimeError(f"The process ended when it was asked: {question}")
        return json.loads(answer)


@contextmanager
def working(
    command: Sequence[str], folder: Path, environment: Mapping[str, str]
) -> Iterator[Worker]:
    """Start a process in a folder, and end it afterwards."""
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdin=PIPE, stdout=PIPE, text=True
    ) as process:
        try:
            yield Worker(process)
        finally:
            process.terminate()
