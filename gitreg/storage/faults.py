"""What the errors of the libraries of stores mean, as sentences of ours.

The libraries are many, and most of them are not installed most of the time, so errors are known by the names of their classes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from gitreg.errors import ExternalFault, GitregError, SettingsFault
from gitreg.storage.addresses import format_reason

_CREDENTIALS: Final = frozenset({
    "AuthError", "ClientAuthenticationError", "CredentialRetrievalError", "CredentialUnavailableError", "DefaultCredentialsError",
    "InvalidClientSecretError", "KeyEncryptionError", "KeyImportError", "NoAuthTokenError", "NoCredentialsError",
    "PartialCredentialsError", "PermissionDenied", "ProfileNotFound", "RefreshError", "SSOTokenLoadError", "TokenRetrievalError",
    "UnauthorizedSSOTokenError",
})  # fmt: skip
_NETWORK: Final = frozenset({
    "ChannelOpenError", "ClientConnectorError", "ConnectError", "ConnectionClosedError", "ConnectionError", "ConnectionLost",
    "DisconnectError", "EndpointConnectionError", "HTTPClientError", "IncompleteReadError", "NetworkError", "ProtocolError",
    "ProxyConnectionError", "RemoteProtocolError", "ResponseStreamingError", "SFTPConnectionLost", "SFTPNoConnection",
    "ServiceRequestError", "gaierror",
})  # fmt: skip
_SLOW: Final = frozenset({
    "ConnectTimeoutError", "FSTimeoutError", "ReadTimeoutError", "ServerTimeoutError", "TimeoutError", "TimeoutException",
})  # fmt: skip
_CERTIFICATES: Final = frozenset({"ClientConnectorCertificateError", "SSLError"})
_SETTINGS: Final = frozenset({"ConfigError", "InvalidURL", "NoRegionError", "ParamValidationError", "UnsupportedProtocol"})
_REFUSED_CODES: Final = frozenset({
    "401", "403", "AccessDenied", "AllAccessDisabled", "AuthorizationHeaderMalformed", "ExpiredToken", "Forbidden",
    "InvalidAccessKeyId", "InvalidToken", "RequestTimeTooSkewed", "SignatureDoesNotMatch", "Unauthorized",
})  # fmt: skip
_ABSENT_CODES: Final = frozenset({"404", "NoSuchKey", "NoSuchVersion", "NotFound"})
_SAFE: Final = re.compile(r"[^A-Za-z0-9_. -]")
_LONGEST_CODE: Final = 60
_CERTIFICATE: Final = re.compile("certificate", re.IGNORECASE)

TRY_AGAIN: Final = "try again: what has arrived is kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What was asked for: of which store, where, with which hint for who has no credentials.

    Attributes:
        name: of the store.
        address: without secrets.
        host: what is asked, such as a server or a bucket.
        secrets: texts that appear in no sentence.
        credentials_hint: how to give credentials.
    """

    name: str
    address: str
    host: str
    secrets: tuple[str, ...] = field(default=(), repr=False)
    credentials_hint: str = ""


def is_absent(error: BaseException) -> bool:
    """Say whether an error means that there is nothing of that key."""
    return isinstance(error, FileNotFoundError) or _code(error) in _ABSENT_CODES or "ResourceNotFound" in _names(error)


def make_fault(error: Exception, place: Place) -> GitregError:
    """Say what an error of a library means."""
    for item in _chain(error):
        if (found := _recognize(item, place)) is not None:
            return found
    reason = format_reason(error, place.secrets)
    return ExternalFault(
        f"{place.address}: the storage failed: {reason}", hint="try again, or see what DVC says: dvc status --cloud -v"
    )


def _recognize(error: BaseException, place: Place) -> GitregError | None:
    """Say what one error of a chain means; None where nobody knows."""
    names, code = _names(error), _code(error)
    if "HostKeyNotVerifiable" in names:
        return unknown_host_key(place)
    if code == "NoSuchBucket":
        return no_bucket(place)
    if code in _REFUSED_CODES or names & _CREDENTIALS or isinstance(error, PermissionError):
        return _no_entry(error, place, names, code)
    if names & _SETTINGS:
        message = f"the storage {place.name!r} cannot be used as it is set up: {format_reason(error, place.secrets)}"
        return SettingsFault(message, file=".dvc/config", hint="see: dvc remote list")
    return _recognize_failure(error, place, names, code)


def _recognize_failure(error: BaseException, place: Place, names: frozenset[str], code: str) -> ExternalFault | None:
    """Say what an error of the network or of the server means; None where nobody knows."""
    if names & _CERTIFICATES or _CERTIFICATE.search(str(error)):
        message = f"the certificate of {place.host} is not trusted"
        return ExternalFault(message, hint="if it is your own authority, name its file: ssl_verify in .dvc/config.local")
    if names & _SLOW:
        return ExternalFault(f"{place.address}: {place.host} does not answer in time", hint=TRY_AGAIN)
    if names & _NETWORK or isinstance(error, ConnectionError):
        message = f"{place.address}: {place.host} cannot be reached, or broke off{_reason(error)}"
        return ExternalFault(message, hint="check the network and the url of the storage; what has arrived is kept")
    if "InsufficientStorage" in names:
        return ExternalFault(f"{place.address}: {place.host} is full", hint="ask who runs it")
    if code:
        return ExternalFault(f"{place.address}: {place.host} answered {code}", hint="try again, or ask who runs it")
    return None


def no_bucket(place: Place) -> ExternalFault:
    """Say that there is no such bucket."""
    return ExternalFault(f"there is no bucket {place.host}", hint="check the url of the storage: dvc remote list")


def unknown_host_key(place: Place) -> ExternalFault:
    """Say that a server of ssh may be somebody else."""
    message = f"the host key of {place.host} is not the one in ~/.ssh/known_hosts, or there is none"
    return ExternalFault(message, hint="connect to it once with ssh, and compare the fingerprint with what its owner says")


def _no_entry(error: BaseException, place: Place, names: frozenset[str], code: str) -> ExternalFault:
    """Say that the store does not let us do something, or does not know us."""
    if names & {"NoCredentialsError", "DefaultCredentialsError", "CredentialUnavailableError", "NoAuthTokenError"}:
        return ExternalFault(f"there are no credentials for {place.host}", hint=place.credentials_hint)
    if "ProfileNotFound" in names:
        return ExternalFault(f"{format_reason(error, place.secrets)}", hint="see: aws configure list-profiles")
    why = f" ({code})" if code and not code.isdecimal() else ""
    return ExternalFault(f"{place.address}: {place.host} does not let us in{why}", hint=place.credentials_hint)


def _reason(error: BaseException) -> str:
    """Add what the system says, where it says something."""
    for item in _chain(error):
        if isinstance(item, OSError) and item.strerror:
            return f" ({item.strerror})"
    return ""


def _code(error: BaseException) -> str:
    """Take the code out of an error of a service, as harmless text; empty where there is none."""
    response = getattr(error, "response", None)
    if isinstance(response, Mapping):
        code = response.get("Error", {}).get("Code") or response.get("ResponseMetadata", {}).get("HTTPStatusCode", "")
    else:
        code = (
            getattr(error, "status_code", None) or getattr(response, "status_code", None) or getattr(error, "status", None) or ""
        )
    return _SAFE.sub("", str(code))[:_LONGEST_CODE] if isinstance(code, str | int) else ""


def _names(error: BaseException) -> frozenset[str]:
    """List the names of the classes of an error."""
    return frozenset(item.__name__ for item in type(error).__mro__)


def _chain(error: BaseException) -> Iterable[BaseException]:
    """Walk through an error and those that it came of."""
    seen: set[int] = set()
    item: BaseException | None = error
    while item is not None and id(item) not in seen:
        seen.add(id(item))
        yield item
        item = item.__cause__ or item.__context__
