"""Making a client of S3 from the options of a DVC remote.

DVC reads S3 through s3fs and aiobotocore. Both stand on botocore, which is there wherever ``dvc[s3]`` is, takes credentials from
the same places, and starts in half of the time (0.4 s for a file of 1 MB, not 0.8 s).
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from contextlib import suppress
from importlib.util import find_spec
from typing import Any, Final

from gitreg.errors import ExternalFault, SettingsFault
from gitreg.storage.options import Value, convert_options
from gitreg.storage.quiet import silence_libraries
from gitreg.storage.store import StoreSettings

_CONNECTIONS: Final = 32
_ATTEMPTS: Final = 4
_TIME_LIMIT: Final = 60
_GRANTS: Final[Mapping[str, str]] = {
    "grant_full_control": "GrantFullControl",
    "grant_read": "GrantRead",
    "grant_read_acp": "GrantReadACP",
    "grant_write_acp": "GrantWriteACP",
}


def require_botocore() -> None:
    """Look whether botocore is there; that does not import it.

    Raises:
        ExternalFault: it is not installed.
    """
    try:
        found = find_spec("botocore")
    except ValueError:
        found = None
    if found is None:
        raise ExternalFault("storage of the kind s3 needs DVC's part for it", hint="install it: pip install 'gitreg-ml[s3]'")


def make_client(options: Mapping[str, Value], *, signing: bool = False) -> Any:  # noqa: ANN401  botocore has no types
    """Make a client; nothing is asked of the server.

    Args:
        options: of the store, converted.
        signing: whether it is for making signed links, which many regions take in the newest form only.

    Raises:
        BotoCoreError: profile, credentials or endpoint make no sense.
    """
    import botocore.session
    from botocore import UNSIGNED
    from botocore.config import Config

    silence_libraries()
    session = botocore.session.Session(profile=options.get("profile"))
    for option, variable in (("credentialpath", "credentials_file"), ("configpath", "config_file")):
        if option in options:
            session.set_config_variable(variable, options[option])
    signature = UNSIGNED if options.get("allow_anonymous_login") else "s3v4" if signing else None
    config = {
        "signature_version": signature,
        "connect_timeout": options.get("connect_timeout", _TIME_LIMIT),
        "read_timeout": options.get("read_timeout", _TIME_LIMIT),
        "max_pool_connections": _CONNECTIONS,
        "retries": {"mode": "standard", "max_attempts": _ATTEMPTS},
        "response_checksum_validation": "when_required",  # every file is checked against its hash anyway
        "user_agent_extra": "gitreg",
    }
    if "endpointurl" in options:  # servers that are not Amazon's often do not know its newer checksums
        config["request_checksum_calculation"] = "when_required"
    if options.get("ssl_verify") is False:
        _expect_no_certificate()
    return session.create_client(
        "s3",
        region_name=options.get("region"),
        endpoint_url=options.get("endpointurl"),
        use_ssl=options.get("use_ssl", True),
        verify=options.get("ssl_verify"),
        aws_access_key_id=options.get("access_key_id"),
        aws_secret_access_key=options.get("secret_access_key"),
        aws_session_token=options.get("session_token"),
        config=Config(**config),
    )


def read_options(settings: StoreSettings) -> dict[str, Value]:
    """Convert the options of a store.

    Raises:
        SettingsFault: one is unknown, or two contradict each other.
    """
    options = convert_options(settings, "s3")
    contradictions = [("sse_kms_key_id", "sse_customer_key"), *(("acl", grant) for grant in _GRANTS)]
    for one, other in contradictions:
        if options.get(one) and options.get(other):
            message = f"the storage {settings.name!r} has {one} and {other}, which exclude each other"
            raise SettingsFault(
                message, file=".dvc/config", hint=f"take one out: dvc remote modify --unset {settings.name} {other}"
            )
    return options


def reading_parameters(settings: StoreSettings, options: Mapping[str, Value]) -> dict[str, object]:
    """Choose what goes along with each request for an object.

    Raises:
        SettingsFault: the key of the encryption is no base64.
    """
    text = options.get("sse_customer_key")
    if not text:
        return {}
    try:
        key = b64decode(str(text), validate=True)
    except ValueError as error:
        message = f"sse_customer_key of the storage {settings.name!r} is no base64"
        raise SettingsFault(message, file=".dvc/config", hint="see: dvc remote modify --help") from error
    return {"SSECustomerKey": key, "SSECustomerAlgorithm": options.get("sse_customer_algorithm") or "AES256"}


def writing_parameters(options: Mapping[str, Value]) -> dict[str, object]:
    """Choose what goes along with each new object, beside what goes along with every request."""
    names = {"sse": "ServerSideEncryption", "sse_kms_key_id": "SSEKMSKeyId", "acl": "ACL", **_GRANTS}
    return {name: options[option] for option, name in names.items() if options.get(option)}


def _expect_no_certificate() -> None:
    """Keep urllib3 from warning of what a person has decided."""
    import warnings

    with suppress(ImportError):
        from urllib3.exceptions import InsecureRequestWarning

        warnings.filterwarnings("ignore", category=InsecureRequestWarning)
