"""git over http, as most hosts have it: lighttpd before ``git http-backend``."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.support.servers.git_server import GitServer
from tests.support.servers.process import LOOPBACK, find_git_program, find_program, run_server

_CONFIGURATION: Final = """\
server.modules = ("mod_alias", "mod_setenv", "mod_cgi", "mod_accesslog")
server.bind = "{address}"
server.port = {port}
server.document-root = "{root}"
server.upload-dirs = ("{folder}")
server.stream-request-body = 0
server.stream-response-body = 2
accesslog.filename = "{folder}/access.log"
accesslog.format = "%m %U%q %s %O"
alias.url = ("/" => "{backend}/")
cgi.assign = ("" => "")
setenv.set-environment = (
  "PATH" => "{path}",
  "GIT_PROJECT_ROOT" => "{root}",
  "GIT_HTTP_EXPORT_ALL" => "1",
  "GIT_CONFIG_NOSYSTEM" => "1",
  "GIT_CONFIG_GLOBAL" => "{null}",
)
"""


@contextmanager
def run_git_http(folder: Path, root: Path, env: Mapping[str, str]) -> Iterator[GitServer]:
    """Serve the repositories of a folder until the end of the block.

    Args:
        folder: for everything that the server has.
        root: the folder of the repositories.
        env: its environment.
    """
    program, backend = find_program("lighttpd", "lighttpd"), find_git_program("git-http-backend")
    folder.mkdir(parents=True)
    configuration = folder / "lighttpd.conf"

    def command(port: int) -> list[str]:
        text = _CONFIGURATION.format(
            address=LOOPBACK,
            port=port,
            root=root,
            folder=folder,
            backend=backend,
            path=os.environ.get("PATH", os.defpath),
            null=os.devnull,
        )
        configuration.write_text(text, encoding="utf-8")
        return [program, "-D", "-f", str(configuration)]

    with run_server(command, log=folder / "lighttpd.log", env=env) as process:
        address = f"http://{LOOPBACK}:{process.port}"
        yield GitServer(kind="http", root=root, address=address, port=process.port, log=process.log)
