"""Options of DVC remotes: texts in its configuration, values for who opens the store.

The tables follow ``REMOTE_SCHEMAS`` in ``dvc/config_schema.py`` of DVC 3: what it knows there is known here, what it refuses is
refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

from gitreg.errors import SettingsFault
from gitreg.storage.store import StoreSettings

Value: TypeAlias = str | bool | int | float

_FILE: Final = ".dvc/config"
_TRUE: Final = frozenset({"1", "yes", "true", "on"})
_FALSE: Final = frozenset({"0", "no", "false", "off"})

_SWITCHES: Final = frozenset({
    "allow_agent", "allow_anonymous_login", "ask_passphrase", "ask_password", "cache_regions", "exclude_environment_credential",
    "exclude_managed_identity_credential", "exclude_shared_token_cache_credential", "exclude_visual_studio_code_credential",
    "gdrive_acknowledge_abuse", "gdrive_trash_only", "gdrive_use_service_account", "gss_auth", "kerberos", "listobjects",
    "no_traverse", "use_https", "use_ssl", "verify", "version_aware", "worktree",
})  # fmt: skip
_WHOLE: Final = frozenset({"checksum_jobs", "connection_timeout", "jobs", "max_sessions", "port", "replication", "timeout"})
_GREATEST: Final = 10**9  # sockets and clocks know no time that is much longer
_SECONDS: Final = frozenset({"connect_timeout", "read_timeout"})

_COMMON: Final = frozenset({"url", "checksum_jobs", "jobs", "worktree", "no_traverse", "version_aware", "verify"})
_HTTP: Final = _COMMON | {
    "auth", "custom_auth_header", "user", "password", "ask_password", "ssl_verify", "method", "connect_timeout", "read_timeout",
}  # fmt: skip
_WEBDAV: Final = _COMMON | {
    "user", "password", "ask_password", "token", "bearer_token_command", "custom_auth_header", "cert_path", "key_path", "timeout",
    "ssl_verify",
}  # fmt: skip
OPTIONS: Final[Mapping[str, frozenset[str]]] = {
    "http": _HTTP,
    "https": _HTTP,
    "webdav": _WEBDAV,
    "webdavs": _WEBDAV,
    "s3": _COMMON | {
        "region", "profile", "credentialpath", "configpath", "endpointurl", "access_key_id", "secret_access_key", "session_token",
        "listobjects", "use_ssl", "allow_anonymous_login", "ssl_verify", "sse", "sse_kms_key_id", "sse_customer_algorithm",
        "sse_customer_key", "acl", "grant_read", "grant_read_acp", "grant_write_acp", "grant_full_control", "cache_regions",
        "read_timeout", "connect_timeout",
    },
    "gs": _COMMON | {"projectname", "credentialpath", "endpointurl", "allow_anonymous_login"},
    "ssh": _COMMON | {
        "type", "port", "user", "password", "ask_password", "passphrase", "ask_passphrase", "keyfile", "timeout", "gss_auth",
        "allow_agent", "max_sessions",
    },
    "hdfs": _COMMON | {"user", "kerb_ticket", "replication"},
    "webhdfs": _COMMON | {
        "kerberos", "kerberos_principal", "proxy_to", "ssl_verify", "token", "use_https", "user", "password", "data_proxy_target",
    },
    "azure": _COMMON | {
        "connection_string", "sas_token", "account_name", "account_key", "tenant_id", "client_id", "client_secret",
        "allow_anonymous_login", "exclude_environment_credential", "exclude_visual_studio_code_credential",
        "exclude_shared_token_cache_credential", "exclude_managed_identity_credential", "timeout", "read_timeout",
        "connection_timeout",
    },
    "oss": _COMMON | {"oss_key_id", "oss_key_secret", "oss_endpoint"},
    "gdrive": _COMMON | {
        "profile", "gdrive_use_service_account", "gdrive_client_id", "gdrive_client_secret", "gdrive_user_credentials_file",
        "gdrive_service_account_user_email", "gdrive_service_account_json_file_path", "gdrive_trash_only",
        "gdrive_acknowledge_abuse",
    },
}  # fmt: skip
"""The options of each scheme."""

SECRET: Final = frozenset({
    "access_key_id", "account_key", "client_secret", "connection_string", "gdrive_client_secret", "oss_key_id", "oss_key_secret",
    "passphrase", "password", "sas_token", "secret_access_key", "session_token", "sse_customer_key", "token",
})  # fmt: skip
"""The options whose values appear in no sentence."""


def convert_options(settings: StoreSettings, scheme: str) -> dict[str, Value]:
    """Make values of the options of a store.

    Args:
        settings: of the store.
        scheme: of its address; one of `OPTIONS`.

    Raises:
        SettingsFault: an option is unknown, or its value is no such value.
    """
    options: dict[str, Value] = {}
    for key, text in settings.options.items():
        if key not in OPTIONS[scheme]:
            known = ", ".join(sorted(OPTIONS[scheme] - {"url", "no_traverse", "listobjects"}))
            message = f"the storage {settings.name!r} ({scheme}) has no option {key!r}, only {known}"
            raise SettingsFault(message, file=_FILE, hint=f"take it out: dvc remote modify --unset {settings.name} {key}")
        options[key] = _convert(settings.name, key, text)
    return options


def secrets_of(settings: StoreSettings) -> tuple[str, ...]:
    """List the texts of the options that may appear in no sentence."""
    return tuple(text for key, text in settings.options.items() if key in SECRET and text)


def refuse_questions(settings: StoreSettings, options: Mapping[str, Value]) -> None:
    """Refuse what would ask a person in the middle.

    Raises:
        SettingsFault: a password is to be asked for.
    """
    for key in ("password", "passphrase"):
        if options.get(f"ask_{key}") and not options.get(key):
            message = f"the storage {settings.name!r} wants to ask for its {key} (ask_{key}), and gitreg asks for none"
            raise SettingsFault(
                message, file=_FILE, hint=f"keep it in config.local: dvc remote modify --local {settings.name} {key} ..."
            )


def _convert(name: str, key: str, text: str) -> Value:
    """Make a value of one option."""
    if key in _SWITCHES:
        return _switch(name, key, text)
    if key in _WHOLE:
        return int(_number(name, key, text, whole=True))
    if key in _SECONDS:
        return _number(name, key, text, whole=False)
    if key == "ssl_verify" and text.lower() in _TRUE | _FALSE:
        return text.lower() in _TRUE
    return text


def _switch(name: str, key: str, text: str) -> bool:
    """Read yes or no."""
    if text.lower() not in _TRUE | _FALSE:
        message = f"{key} of the storage {name!r} is true or false, not {text!r}"
        raise SettingsFault(message, file=_FILE, hint=f"correct it: dvc remote modify {name} {key} true")
    return text.lower() in _TRUE


def _number(name: str, key: str, text: str, *, whole: bool) -> float:
    """Read a number that is not negative."""
    try:
        number = float(int(text)) if whole else float(text)
    except (ValueError, OverflowError):
        number = -1.0
    if not 0 <= number <= _GREATEST:
        message = f"{key} of the storage {name!r} is a number, not {text!r}"
        raise SettingsFault(message, file=_FILE, hint=f"correct it: dvc remote modify {name} {key} 60")
    return number
