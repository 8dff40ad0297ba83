"""S3 and what speaks like it, through botocore."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import Any, Final
from urllib.parse import urlsplit

from gitreg.core.contents import Advance
from gitreg.errors import ExternalFault, GitregError, NotFound, Refused
from gitreg.storage.addresses import format_address
from gitreg.storage.faults import Place, is_absent, make_fault, no_bucket
from gitreg.storage.files import open_at, take_range
from gitreg.storage.keys import check_key, join_version, split_version
from gitreg.storage.options import secrets_of
from gitreg.storage.s3_client import make_client, read_options, reading_parameters, require_botocore, writing_parameters
from gitreg.storage.store import PUSH_IT, Stored, StoreSettings

_PIECE: Final = 256 << 10
_PART: Final = 16 << 20  # bytes of a large object that are sent at a time
_MOST_PARTS: Final = 9_000  # S3 takes 10,000
_PARTS_AT_ONCE: Final = 4
_MOST_IN_VAIN: Final = 8 << 20  # bytes that are read to get at those behind them
_BEYOND: Final = "InvalidRange"
_BEYOND_STATUS: Final = 416


class S3:
    """A bucket, or what is below a key of it.

    Args:
        settings: its address ``s3://BUCKET/PREFIX``, and the options of an ``s3`` remote of DVC. The key of the address itself is
            empty.

    Raises:
        ExternalFault: botocore is not installed.
        SettingsFault: an option is unknown or makes no sense.
    """

    def __init__(self, settings: StoreSettings) -> None:
        """Connect to nothing yet."""
        self.name = settings.name
        self._settings = settings
        self._options = read_options(settings)
        require_botocore()
        self._url = settings.url.partition("#")[0]
        parts = urlsplit(self._url)
        self._bucket = parts.netloc.rpartition("@")[2]
        self._prefix = parts.path.strip("/")
        self._version = split_version(self._url)[1]
        self._reading = reading_parameters(settings, self._options)
        self._writing = writing_parameters(self._options)
        self._lock = Lock()
        self._clients: dict[bool, Any] = {}
        self._knows_bucket = False

    def address(self, key: str) -> str:
        """Write the address, with the version of the object if the key names one."""
        path, version = split_version(key)
        address = "/".join(part for part in (f"s3://{self._bucket}", self._prefix, path) if part)
        return join_version(format_address(address), version)

    def size(self, key: str) -> int | None:
        """Ask for the head of the object."""
        with self._faults(key):
            try:
                return int(self._client().head_object(**self._object(key), **self._reading)["ContentLength"])
            except Exception as error:
                if not is_absent(error):
                    raise
                self._require_bucket()
                return None

    def download(self, key: str, to: str, start: int, advance: Advance) -> None:
        """Ask for the bytes from a place on, and write them as they come."""
        with self._faults(key):
            wanted = {"Range": f"bytes={start}-"} if start else {}
            try:
                answer = self._client().get_object(**self._object(key), **self._reading, **wanted)
            except Exception as error:
                if is_absent(error):
                    self._require_bucket()
                    raise self._absent(key) from error
                if not start or not _is_beyond(error):
                    raise
                if self.size(key) != start:  # what is there already is of something else
                    self.download(key, to, 0, advance)
                return
            # rclone says 200 to what is a part; what is no part may be that of a server that does not know ranges
            is_rest = str(answer.get("ContentRange", "")).startswith(f"bytes {start}-")
        with closing(answer["Body"]) as body, open_at(to, start if is_rest else 0) as file:
            while piece := self._read(key, body):
                file.write(piece)
                advance(len(piece))

    def read_range(self, key: str, start: int, length: int) -> bytes:
        """Ask for a part of the object."""
        if length <= 0:
            return b""
        with self._faults(key):
            try:
                wanted = {"Range": f"bytes={start}-{start + length - 1}"}
                answer = self._client().get_object(**self._object(key), **self._reading, **wanted)
            except Exception as error:
                if is_absent(error):
                    self._require_bucket()
                    raise self._absent(key) from error
                if not _is_beyond(error):
                    raise
                return b""
        is_part = str(answer.get("ContentRange", "")).startswith(f"bytes {start}-")
        with closing(answer["Body"]) as body:
            if not is_part and start > _MOST_IN_VAIN:
                message = f"{self.address(key)} is on a server that gives no parts of files"
                raise ExternalFault(message, hint="fetch it whole: gitreg get")
            return take_range(iter(lambda: self._read(key, body), b""), 0 if is_part else start, length)

    def upload(self, path: str, key: str, advance: Advance) -> None:
        """Send a file, a large one in parts, several at once; an object appears when all of it is there."""
        if self._settings.version_aware:
            message = f"{self.name!r} keeps files under their own names with versions, which only DVC writes into its .dvc files"
            raise Refused(message, hint="push with DVC, and commit what it changes: dvc push")
        size = Path(path).stat().st_size
        with self._faults(key):
            if size > _PART:
                self._upload_parts(path, self._object(key), size, advance)
                return
            with Path(path).open("rb") as file:
                self._client().put_object(**self._object(key), **self._reading, **self._writing, Body=file)
        advance(size)

    def list(self, prefix: str) -> Iterator[Stored]:
        """List the objects, a thousand with each request."""
        below = self._object(prefix)["Key"]
        root = f"{self._prefix}/" if self._prefix else ""
        with self._faults(prefix):
            for page in (
                self._client().get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=f"{below}/" if below else "")
            ):
                for found in page.get("Contents", ()):
                    if not found["Key"].endswith("/"):
                        yield Stored(found["Key"].removeprefix(root), int(found["Size"]), found["LastModified"].timestamp())

    def delete(self, key: str) -> None:
        """Delete the object; in a bucket with versions the newest of them."""
        with self._faults(key):
            self._client().delete_object(**self._object(key))

    def sign(self, key: str, seconds: int) -> str | None:
        """Make a link with a signature; that asks nobody."""
        with self._faults(key):
            client = self._client(signing=True)
            link = client.generate_presigned_url("get_object", Params={**self._object(key), **self._reading}, ExpiresIn=seconds)
        return str(link)

    def _client(self, *, signing: bool = False) -> Any:  # noqa: ANN401  botocore has no types
        """Make the client once."""
        with self._lock:
            if signing not in self._clients:
                self._clients[signing] = make_client(self._options, signing=signing)
            return self._clients[signing]

    def _object(self, key: str) -> dict[str, Any]:
        """Name an object for a request."""
        path, version = split_version(check_key(key))
        version = version or (None if key else self._version)
        place = {"Bucket": self._bucket, "Key": "/".join(part for part in (self._prefix, path) if part)}
        return {**place, "VersionId": version} if version else place

    def _read(self, key: str, body: Any) -> bytes:  # noqa: ANN401  botocore has no types
        """Read the next bytes."""
        with self._faults(key):
            return bytes(body.read(_PIECE))

    def _upload_parts(self, path: str, place: Mapping[str, Any], size: int, advance: Advance) -> None:
        """Send a large file in parts; if one fails, all of them are taken away."""
        client, length = self._client(), max(_PART, math.ceil(size / _MOST_PARTS))
        upload = client.create_multipart_upload(**place, **self._reading, **self._writing)["UploadId"]

        def send(number: int) -> dict[str, object]:
            with Path(path).open("rb") as file:
                file.seek((number - 1) * length)
                data = file.read(length)
            answer = client.upload_part(**place, **self._reading, UploadId=upload, PartNumber=number, Body=data)
            advance(len(data))
            return {"ETag": answer["ETag"], "PartNumber": number}

        pool = ThreadPoolExecutor(_PARTS_AT_ONCE)
        try:
            parts = list(pool.map(send, range(1, math.ceil(size / length) + 1)))
            client.complete_multipart_upload(**place, UploadId=upload, MultipartUpload={"Parts": parts})
        except BaseException:
            pool.shutdown(cancel_futures=True)
            with suppress(Exception):
                client.abort_multipart_upload(**place, UploadId=upload)
            raise
        pool.shutdown()

    def _absent(self, key: str) -> NotFound:
        """Say that there is nothing of a key."""
        return NotFound(f"{self.name!r} has no {self.address(key)}", hint=PUSH_IT)

    def _require_bucket(self) -> None:
        """Tell a bucket that lacks an object from one that is not there; whoever may not know that is believed."""
        if self._knows_bucket:
            return
        try:
            self._client().head_bucket(Bucket=self._bucket)
        except Exception as error:
            if is_absent(error):
                raise no_bucket(self._place("")) from error
        self._knows_bucket = True

    @contextmanager
    def _faults(self, key: str) -> Iterator[None]:
        """Make sentences of botocore's errors."""
        try:
            yield
        except GitregError:
            raise
        except Exception as error:
            if isinstance(error, OSError) and error.errno is not None:  # some of botocore's are OSErrors too, without a number
                raise
            raise make_fault(error, self._place(key)) from error

    def _place(self, key: str) -> Place:
        """Say what was asked for."""
        hint = f"give them: dvc remote modify --local {self.name} access_key_id ..., or set AWS_PROFILE"
        where = self._options.get("endpointurl")
        host = f"{self._bucket!r} at {format_address(str(where))}" if where else repr(self._bucket)
        secrets = secrets_of(self._settings)
        return Place(name=self.name, address=self.address(key), host=host, secrets=secrets, credentials_hint=hint)


def _is_beyond(error: Exception) -> bool:
    """Say whether an object has fewer bytes than were asked to be left out."""
    response = getattr(error, "response", None) or {}
    status = response.get("ResponseMetadata", {}).get("HTTPStatusCode") if isinstance(response, Mapping) else None
    return isinstance(response, Mapping) and (response.get("Error", {}).get("Code") == _BEYOND or status == _BEYOND_STATUS)
