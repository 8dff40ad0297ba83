"""The options of a store: those of the repository, of the person and of the clone, laid over one another.

Anybody who could push wrote those of the repository. They name no program and no file of this machine, and they send no secret of
the person elsewhere: a secret goes where the person who wrote it said that the store is, and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from gitreg.errors import NotFound, SettingsFault
from gitreg.files.dvc_config import DvcConfig

_MOST_REFERENCES: Final = 8  # of a store whose url is remote://ANOTHER/path
_REFERENCE: Final = "remote://"
# They run a program, read a file of this machine, or turn off the check of who the server is; AWS's files can name programs too.
_NEVER_FROM_REPOSITORY: Final = frozenset({
    "bearer_token_command", "cert_path", "configpath", "credentialpath", "gdrive_service_account_json_file_path",
    "gdrive_user_credentials_file", "kerb_ticket", "key_path", "keyfile", "ssl_verify",
})  # fmt: skip
# They are sent as they are to wherever the store is; the others sign or encrypt.
_SENT_AS_THEY_ARE: Final = frozenset({
    "account_key", "bearer_token_command", "connection_string", "custom_auth_header", "passphrase", "password", "sas_token",
    "sse_customer_key", "token",
})  # fmt: skip
# Beside the url, they say where the store is, and whether what goes there is encrypted on its way.
_WHERE: Final = frozenset({
    "account_name", "data_proxy_target", "endpointurl", "oss_endpoint", "port", "proxy_to", "use_https", "use_ssl",
})  # fmt: skip
# Google's library sends a token that it finds on this machine, good for all that its owner has, to whatever endpoint it is given.
_TOKEN_OF_THE_MACHINE: Final = re.compile(r"gs://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Layers:
    """The files that were found: of the repository, of this clone, and of the person; the first to know something counts.

    Attributes:
        work_tree: the file of the repository that is checked out; it is the first of `repository` if it is there.
        folder: that has the ``.dvc`` of the work tree.
    """

    repository: tuple[DvcConfig, ...]
    local: DvcConfig
    personal: tuple[DvcConfig, ...]
    folder: Path | None
    work_tree: DvcConfig

    def choose_name(self) -> str | None:
        """Say which store counts where none is named."""
        return next((config.remote for config in (self.local, *self.repository, *self.personal) if config.remote), None)

    def names(self) -> list[str]:
        """List the names of all stores."""
        return sorted({name for config in (self.local, *self.repository, *self.personal) for name in config.remotes})


@dataclass(frozen=True, slots=True)
class Options:
    """The options of a store.

    Attributes:
        values: by name.
        foreign: the names of those that the repository said.
        ignored: the names of those that the repository said in vain.
    """

    values: Mapping[str, str]
    foreign: AbstractSet[str]
    ignored: AbstractSet[str]


def collect_options(layers: Layers, name: str) -> Options:
    """Put the options of a store together.

    Args:
        layers: the files.
        name: of the store, in lower case.

    Raises:
        NotFound: it stands in another store, which is not known.
        SettingsFault: it stands in itself.
    """
    found = _collect(layers, name, 0)
    if _TOKEN_OF_THE_MACHINE.match(found.values.get("url", "")) and "endpointurl" in found.foreign:
        return _leave_out(found, {"endpointurl"})
    return found


def _collect(layers: Layers, name: str, depth: int) -> Options:
    """Put the options together; a url ``remote://OTHER/path`` takes over what the other store has."""
    given = next((config.remotes[name] for config in layers.repository if name in config.remotes), {})
    ignored = given.keys() & _NEVER_FROM_REPOSITORY
    found = Options({key: value for key, value in given.items() if key not in ignored}, given.keys() - ignored, ignored)
    for config in reversed(layers.personal):
        found = _lay_over(found, _personal_options(config.remotes.get(name, {}), found.values))
    found = _lay_over(found, _local_options(layers, name, found))
    reference = found.values.get("url", "")
    if not reference.startswith(_REFERENCE):
        return found
    if depth == _MOST_REFERENCES:
        raise SettingsFault(f"the storage {name!r} refers to itself", file=".dvc/config", hint="give it a url of its own")
    other, _, rest = reference.removeprefix(_REFERENCE).partition("/")
    behind = _collect(layers, other.lower(), depth + 1)
    if "url" not in behind.values:
        raise NotFound(f"the storage {name!r} stands in {other!r}, which has no url", hint="see: dvc remote list")
    return _stand_in(found, behind, rest)


def _stand_in(found: Options, behind: Options, rest: str) -> Options:
    """Put a store into another one; what the repository says of it does not move the other one, if there are secrets for that."""
    if behind.values.keys() & _SENT_AS_THEY_ARE:
        found = _leave_out(found, found.foreign & _WHERE)
    url = behind.values["url"]
    values = {**behind.values, **found.values, "url": f"{url.rstrip('/')}/{rest.lstrip('/')}" if rest else url}
    foreign = (behind.foreign - (found.values.keys() - {"url"})) | (found.foreign - {"url"})
    return Options(values, foreign, (behind.ignored | found.ignored) - values.keys())


def _lay_over(found: Options, options: Mapping[str, str]) -> Options:
    """Let options of the person take the place of what was found."""
    names = options.keys()
    return Options({**found.values, **options}, found.foreign - names, found.ignored - names)


def _leave_out(found: Options, names: AbstractSet[str]) -> Options:
    """Leave out what the repository said."""
    values = {key: value for key, value in found.values.items() if key not in names}
    return replace(found, values=values, foreign=found.foreign - names, ignored=found.ignored | names)


def _personal_options(section: Mapping[str, str], found: Mapping[str, str]) -> dict[str, str]:
    """Choose what the person's own configuration adds: a store of the same name may be another one, at another address."""
    if "url" in found and section.get("url", found["url"]) != found["url"]:
        return {}
    is_there = "url" in section and not section["url"].startswith(_REFERENCE)
    if is_there and all(section.get(key) == found[key] for key in found.keys() & {"url", *_WHERE}):
        return dict(section)
    return _without_secrets(section)


def _local_options(layers: Layers, name: str, found: Options) -> dict[str, str]:
    """Choose what the configuration of the clone adds: it was written for the file that is checked out beside it.

    An old commit, or the default branch of the remote, may call another place by the same name.
    """
    section = layers.local.remotes.get(name, {})
    if "url" in section or "url" not in found.foreign or name in layers.work_tree.remotes:
        return dict(section)
    return _without_secrets(section)


def _without_secrets(section: Mapping[str, str]) -> dict[str, str]:
    """Leave out what would be sent as it is."""
    return {key: value for key, value in section.items() if key not in _SENT_AS_THEY_ARE}
