"""Making a file system of DVC from the options of a DVC remote, such that it asks no questions and trusts nobody unasked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from gitreg.errors import ExternalFault, SettingsFault
from gitreg.storage.options import Value, convert_options, refuse_questions
from gitreg.storage.quiet import silence_libraries
from gitreg.storage.store import StoreSettings

_EXTRAS: Final[Mapping[str, str]] = {
    "azure": "gitreg-ml[azure]",
    "gdrive": "dvc[gdrive]",
    "gs": "gitreg-ml[gs]",
    "hdfs": "dvc[hdfs]",
    "oss": "dvc[oss]",
    "ssh": "gitreg-ml[ssh]",
    "webdav": "dvc[webdav]",
    "webdavs": "dvc[webdav]",
    "webhdfs": "dvc[webhdfs]",
}
_ACCOUNT: Final = re.compile(r"[A-Za-z0-9-]+")
_PLAIN: Final = re.compile(r"(?!-)[^\s'\"`$;&|<>(){}!*?~^#\\\x00-\x1f]+")
_SSH_TIME_LIMIT: Final = 60  # seconds to connect; DVC waits for half an hour
_KEEPALIVE: Final = 15  # seconds between questions to a silent server of ssh, three of which it may leave open


def find_class(scheme: str) -> Any:  # noqa: ANN401  DVC's classes have no types
    """Find DVC's class for a scheme.

    Raises:
        ExternalFault: DVC, or what it needs for this scheme, is not installed.
    """
    try:
        from dvc_objects.fs import registry

        found = registry[scheme]
    except ImportError as error:
        raise _lacks(scheme) from error
    if found.get_missing_deps():
        raise _lacks(scheme)
    return found


def read_options(settings: StoreSettings, scheme: str) -> dict[str, Value]:
    """Convert the options of a store.

    Raises:
        SettingsFault: one is unknown or makes no sense, or asks a person.
    """
    options = convert_options(settings, scheme)
    refuse_questions(settings, options)
    _check_place(settings, scheme, options)
    return options


def _check_place(settings: StoreSettings, scheme: str, options: Mapping[str, Value]) -> None:
    """Refuse what a library would take for more than a name.

    Azure's puts the account into an address unseen, and so the token of the person could go to any host; that for ssh puts host
    and user into the commands that a person has configured for all hosts (``ProxyCommand``, ``Match exec``).

    Raises:
        SettingsFault: it is no name.
    """
    netloc = urlsplit(settings.url).netloc
    names = {"account_name": str(options.get("account_name") or "")} if scheme == "azure" else {}
    if scheme == "ssh":
        names = {"host": netloc.rpartition("@")[2], "user": str(options.get("user") or urlsplit(settings.url).username or "")}
    for what, name in names.items():
        if name and not (_ACCOUNT if what == "account_name" else _PLAIN).fullmatch(name):
            message = f"the {what} of the storage {settings.name!r} is no name: {name!r}"
            raise SettingsFault(message, file=".dvc/config", hint="see: dvc remote list")


def make_filesystem(found: Any, url: str, options: Mapping[str, Value]) -> Any:  # noqa: ANN401  DVC's classes have no types
    """Make a file system, as DVC does from its configuration (``get_cloud_fs``); it connects when it is first used.

    Args:
        found: DVC's class.
        url: of the store.
        options: of the store, converted.
    """
    silence_libraries()
    given = {**found._get_kwargs_from_urls(url), **options}  # noqa: SLF001  as get_cloud_fs does, without the rest of DVC
    if found.protocol != "ssh":
        return found(**given)
    import asyncssh

    # DVC would ask at the terminal for passwords, and lend the server our agent
    filesystem = found(timeout=_SSH_TIME_LIMIT, client_factory=asyncssh.SSHClient, agent_forwarding=False, **given)
    # sshfs turns the check of host keys off; an empty tuple means ~/.ssh/known_hosts, or what ~/.ssh/config names
    filesystem.fs_args.update(known_hosts=(), keepalive_interval=_KEEPALIVE)
    return filesystem


def _lacks(scheme: str) -> ExternalFault:
    """Say what to install."""
    return ExternalFault(
        f"storage of the kind {scheme} needs DVC's part for it", hint=f"install it: pip install '{_EXTRAS[scheme]}'"
    )
