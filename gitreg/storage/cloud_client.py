"""Making a file system of DVC from the options of a DVC remote, such that it asks no questions and trusts nobody unasked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gitreg.errors import ExternalFault
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
    return options


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
