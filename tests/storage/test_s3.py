"""S3: versions, signed links, parts, and everything that can be wrong with a bucket."""

from __future__ import annotations

import gc
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from gitreg.core.contents import no_advance
from gitreg.errors import ExternalFault, NotFound, Refused, SettingsFault
from gitreg.storage import s3_client
from gitreg.storage.opening import open_store
from gitreg.storage.s3 import S3
from gitreg.storage.store import Store, StoreSettings
from tests.support.servers.fixtures import Servers
from tests.support.servers.proxy import Proxy
from tests.support.servers.storage import StorageServer

KEY = "files/md5/ab/cdef"
LARGE = bytes(range(256)) * 4096 * 37  # 37 MiB: three parts

pytestmark = pytest.mark.slow


@pytest.fixture
def bucket(servers: Servers) -> StorageServer:
    return servers.storage("s3")


@pytest.fixture
def versioned(servers: Servers) -> StorageServer:
    return servers.storage("versioned-s3")


def open_bucket(server: StorageServer, url: str = "", *without: str, **options: str) -> Store:
    given = {**server.all_options, **options}
    chosen = {key: value for key, value in given.items() if key not in without}
    return open_store(StoreSettings(name="models", url=url or server.url, options=chosen))


def put(store: Store, folder: Path, data: bytes, key: str = KEY) -> None:
    (folder / "source").write_bytes(data)
    store.upload(str(folder / "source"), key, no_advance)


def get(store: Store, folder: Path, key: str = KEY) -> bytes:
    target = folder / "target"
    target.unlink(missing_ok=True)
    store.download(key, str(target), 0, no_advance)
    return target.read_bytes()


def bucket_of(server: StorageServer) -> str:
    return server.url.removeprefix("s3://").partition("/")[0]


def said(error: pytest.ExceptionInfo[ExternalFault]) -> str:
    return f"{error.value.message}\nhint: {error.value.hint}"


def test_a_large_file_is_sent_in_parts(bucket: StorageServer, tmp_path: Path) -> None:
    store = open_bucket(bucket)
    (tmp_path / "source").write_bytes(LARGE)
    sent: list[int] = []
    store.upload(str(tmp_path / "source"), KEY, sent.append)
    assert (len(sent), sum(sent), store.size(KEY)) == (3, len(LARGE), len(LARGE))
    assert (get(store, tmp_path) == LARGE) is True


def test_a_large_file_that_stops_in_the_middle_leaves_nothing(bucket: StorageServer, tmp_path: Path) -> None:
    store = open_bucket(bucket)
    (tmp_path / "source").write_bytes(LARGE)

    def stop(_count: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.upload(str(tmp_path / "source"), KEY, stop)
    assert store.size(KEY) is None
    assert list(store.list("")) == []


def test_a_signed_link_opens_for_anybody(bucket: StorageServer, tmp_path: Path) -> None:
    store = open_bucket(bucket)
    put(store, tmp_path, b"bytes")
    link = store.sign(KEY, 60)
    assert link is not None
    assert "X-Amz-Signature" in link
    with urllib.request.urlopen(link) as answer:
        assert answer.read() == b"bytes"


def test_an_old_version_of_a_file_is_read_by_its_id(versioned: StorageServer, tmp_path: Path) -> None:
    plain = open_bucket(versioned, "", "version_aware")
    ids = []
    for data in (b"one", b"other"):
        put(plain, tmp_path, data, "data/model.bin")
        assert isinstance(plain, S3)
        place = plain._object("data/model.bin")
        ids.append(plain._client().head_object(**place)["VersionId"])
    store = open_bucket(versioned)
    keys = [f"data/model.bin?versionId={version}" for version in ids]
    assert [get(store, tmp_path, key) for key in keys] == [b"one", b"other"]
    assert [store.size(key) for key in keys] == [3, 5]
    assert store.address(keys[0]) == f"{versioned.url}/data/model.bin?versionId={ids[0]}"
    assert get(store, tmp_path, "data/model.bin") == b"other"
    assert store.size(f"data/model.bin?versionId={'x' * 32}") is None
    link = store.sign(keys[0], 60)
    assert link is not None
    with urllib.request.urlopen(link) as answer:
        assert answer.read() == b"one"
    itself = open_bucket(versioned, f"{versioned.url}/{keys[0]}", "version_aware")
    assert get(itself, tmp_path, "") == b"one"


def test_a_bucket_that_keeps_versions_is_written_by_dvc_only(versioned: StorageServer, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="which only DVC writes") as caught:
        put(open_bucket(versioned), tmp_path, b"x")
    assert "dvc push" in caught.value.hint


class TestFaults:
    def test_no_credentials(self, bucket: StorageServer, tmp_path: Path) -> None:
        with pytest.raises(ExternalFault) as caught:
            get(open_bucket(bucket, "", "secret_access_key", "access_key_id"), tmp_path)
        assert said(caught).replace(str(bucket.port), "PORT").replace(bucket_of(bucket), "BUCKET") == snapshot("""\
there are no credentials for 'BUCKET' at http://127.0.0.1:PORT
hint: give them: dvc remote modify --local models access_key_id ..., or set AWS_PROFILE\
""")

    def test_wrong_secret(self, bucket: StorageServer, tmp_path: Path) -> None:
        with pytest.raises(ExternalFault) as caught:
            get(open_bucket(bucket, secret_access_key="never-shown"), tmp_path)
        assert said(caught).replace(str(bucket.port), "PORT").replace(bucket_of(bucket), "BUCKET") == snapshot("""\
s3://BUCKET/models/files/md5/ab/cdef: 'BUCKET' at http://127.0.0.1:PORT does not let us in (SignatureDoesNotMatch)
hint: give them: dvc remote modify --local models access_key_id ..., or set AWS_PROFILE\
""")

    def test_no_bucket(self, bucket: StorageServer, tmp_path: Path) -> None:
        store = open_bucket(bucket, "s3://no-such-bucket/models")
        with pytest.raises(ExternalFault) as caught:
            get(store, tmp_path)
        assert said(caught).replace(str(bucket.port), "PORT") == snapshot("""\
there is no bucket 'no-such-bucket' at http://127.0.0.1:PORT
hint: check the url of the storage: dvc remote list\
""")
        with pytest.raises(ExternalFault, match="there is no bucket"):
            store.size(KEY)
        with pytest.raises(ExternalFault, match="there is no bucket"):
            list(store.list(""))
        with pytest.raises(ExternalFault, match="there is no bucket"):
            put(store, tmp_path, b"x")

    def test_no_profile(self, bucket: StorageServer) -> None:
        with pytest.raises(ExternalFault) as caught:
            open_bucket(bucket, profile="nobody").size(KEY)
        assert said(caught) == snapshot("""\
The config profile (nobody) could not be found
hint: see: aws configure list-profiles\
""")

    def test_no_server(self, bucket: StorageServer, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(s3_client, "_ATTEMPTS", 1)  # the pauses between all of them are in tests/storage/test_stores.py
        with pytest.raises(ExternalFault) as caught:
            open_bucket(bucket, endpointurl="http://127.0.0.1:1").size(KEY)
        assert said(caught).replace(bucket_of(bucket), "BUCKET") == snapshot("""\
s3://BUCKET/models/files/md5/ab/cdef: 'BUCKET' at http://127.0.0.1:1 cannot be reached, or broke off (Connection refused)
hint: check the network and the url of the storage; what has arrived is kept\
""")

    def test_no_object(self, bucket: StorageServer, tmp_path: Path) -> None:
        with pytest.raises(NotFound) as caught:
            get(open_bucket(bucket), tmp_path)
        assert f"{caught.value}".replace(bucket.url, "URL") == snapshot("'models' has no URL/files/md5/ab/cdef")

    def test_no_botocore(self, bucket: StorageServer, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "botocore", None)
        monkeypatch.setitem(sys.modules, "botocore.session", None)
        with pytest.raises(ExternalFault) as caught:
            open_bucket(bucket)
        assert said(caught) == snapshot("""\
storage of the kind s3 needs DVC's part for it
hint: install it: pip install 'gitreg-ml[s3]'\
""")

    @pytest.mark.parametrize(
        ("options", "sentence"),
        [
            ({"acl": "private", "grant_read": "id=1"}, "exclude each other"),
            ({"sse_customer_key": "no base64!"}, "is no base64"),
            ({"use_ssl": "perhaps"}, "is true or false"),
            ({"bearer": "x"}, "has no option 'bearer'"),
        ],
    )
    def test_options_that_make_no_sense(self, bucket: StorageServer, options: dict[str, str], sentence: str) -> None:
        with pytest.raises(SettingsFault, match=sentence):
            open_bucket(bucket, **options)

    def test_an_address_without_a_bucket(self, bucket: StorageServer) -> None:
        with pytest.raises(SettingsFault, match="cannot be used as it is set up"):
            open_bucket(bucket, "s3:///x").size(KEY)

    def test_a_secret_in_an_endpoint_is_not_shown(self, bucket: StorageServer, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(s3_client, "_ATTEMPTS", 1)
        with pytest.raises(ExternalFault) as caught:
            open_bucket(bucket, endpointurl="http://me:never-shown@127.0.0.1:1").size(KEY)
        assert "never-shown" not in said(caught)


def test_an_endless_wait_ends(bucket: StorageServer, proxies: Callable[[int], Proxy], tmp_path: Path) -> None:
    put(open_bucket(bucket), tmp_path, b"x" * 100_000)
    assert bucket.port is not None
    proxy = proxies(bucket.port)
    store = open_bucket(bucket.through(proxy.port), read_timeout="1")
    proxy.hold_after(50_000)
    with pytest.raises(ExternalFault, match="does not answer in time"):
        get(store, tmp_path)
    del store
    gc.collect()
