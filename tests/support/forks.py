"""Python that is started by a fork of a process which has the modules already: for what tests start dozens of times."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.support.command import Result

# It waits for the end of its child and of all that write to the child's pipes, as `subprocess.run` does.
_SERVER: Final = """
import importlib, json, os, sys, threading, traceback
for name in json.loads(sys.argv[1]):
    try:
        importlib.import_module(name)
    except ImportError:  # whoever needs it says so
        pass
def run(asked):
    os.chdir(asked["cwd"])
    os.environ.clear()
    os.environ.update(asked["env"])
    sys.argv = ["-c", *asked["args"]]
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")
    code = 1
    try:
        exec(asked["code"], {"__name__": "__main__"})
        code = 0
    except SystemExit as end:
        code = end.code or 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
def read(end, texts, name):
    with open(end, "rb") as file:
        texts[name] = file.read().decode()
for line in sys.stdin:
    pipes = {1: os.pipe(), 2: os.pipe()}
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        for number, (_, end) in pipes.items():
            os.dup2(end, number)
        run(json.loads(line))
    texts = {}
    for _, end in pipes.values():
        os.close(end)
    threads = [threading.Thread(target=read, args=(end, texts, number)) for number, (end, _) in pipes.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(json.dumps({"stdout": texts[1], "stderr": texts[2], "code": code}), flush=True)
"""


class Forks:
    """A process that makes others out of itself, one after the other."""

    def __init__(self, server: subprocess.Popen[str]) -> None:
        """Take the process."""
        self._server = server

    def run(self, code: str, *args: str, cwd: Path, env: Mapping[str, str]) -> Result:
        """Run Python in a process of its own, as ``python -c`` does.

        Args:
            code: the program.
            args: its arguments.
            cwd: the folder that it runs in.
            env: its whole environment.

        Returns:
            What came of it; the exit code is negative where a signal has ended it.
        """
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        asked = {"code": code, "args": args, "cwd": str(cwd), "env": dict(env)}
        self._server.stdin.write(f"{json.dumps(asked)}\n")
        self._server.stdin.flush()
        return Result(**json.loads(self._server.stdout.readline()))


@contextmanager
def run_forks(*modules: str, env: Mapping[str, str]) -> Iterator[Forks]:
    """Keep the process until the end of the block.

    Args:
        modules: what it imports once; none of them may start a thread.
        env: its environment meanwhile.
    """
    with subprocess.Popen(
        [sys.executable, "-c", _SERVER, json.dumps(modules)], env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        yield Forks(server)
        assert server.stdin is not None
        server.stdin.close()
