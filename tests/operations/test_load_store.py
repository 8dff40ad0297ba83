"""Which store keeps the bytes, and what a repository may not say of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gitreg import Registry
from gitreg.errors import NotFound, SettingsFault
from gitreg.operations.load_store import find_dvc_folder, load_cache_folder, load_store_settings
from gitreg.storage.store import StoreSettings
from tests.support.repository import Repository

Opened = Callable[[Repository], Registry]


def config(url: str, *lines: str, name: str = "main") -> str:
    return f"[core]\n    remote = {name}\n['remote \"{name}\"']\n    url = {url}\n" + "".join(f"    {line}\n" for line in lines)


def write(repository: Repository, files: dict[str, str]) -> None:
    for name, content in files.items():
        place = repository.path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(content)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    repository = Repository.create(tmp_path / "work")
    repository.commit({".dvc/config": config("s3://old/place"), "model": "1"})
    return repository


def load(opened: Opened, repository: Repository, **wanted: str) -> StoreSettings:
    return load_store_settings(opened(repository)._context, repository.git("rev-parse", "HEAD"), **wanted)


def test_the_work_tree_knows_where_the_bucket_has_moved(repository: Repository, opened: Opened) -> None:
    write(repository, {".dvc/config": config("s3://new/place")})
    assert load(opened, repository).url == "s3://new/place"


def test_the_default_branch_counts_before_an_old_commit(repository: Repository, opened: Opened) -> None:
    old = repository.git("rev-parse", "HEAD")
    new = repository.commit({".dvc/config": config("s3://new/place")})
    repository.git("update-ref", "refs/remotes/origin/main", new)
    repository.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
    repository.git("rm", "-rq", ".dvc")
    repository.git("commit", "-qm", "Without DVC")
    assert load_store_settings(opened(repository)._context, old).url == "s3://new/place"


def test_a_store_that_only_the_old_commit_knows_is_found_there(repository: Repository, opened: Opened) -> None:
    old = repository.git("rev-parse", "HEAD")
    repository.commit({".dvc/config": config("s3://new/place", name="other")})
    assert load_store_settings(opened(repository)._context, old, pinned="main").url == "s3://old/place"
    assert load_store_settings(opened(repository)._context, old).url == "s3://new/place"


def test_a_bare_repository_has_the_configuration_of_its_head(repository: Repository, opened: Opened, tmp_path: Path) -> None:
    bare = Repository.create(tmp_path / "bare.git", bare=True)
    repository.git("push", "--quiet", str(bare.path), "main")
    assert load(opened, bare).url == "s3://old/place"


def test_what_a_person_asks_for_counts_first(repository: Repository, opened: Opened, tmp_path: Path) -> None:
    write(repository, {".dvc/config": config("s3://a/b") + "['remote \"other\"']\n    url = s3://c/d\n"})
    assert load(opened, repository, remote="other").url == "s3://c/d"
    assert load(opened, repository, remote="OTHER").url == "s3://c/d"
    assert load(opened, repository, remote="s3://e/f") == StoreSettings(name="s3://e/f", url="s3://e/f")
    assert load(opened, repository, remote=str(tmp_path)).url == str(tmp_path)


@pytest.mark.parametrize(
    "option",
    [
        "bearer_token_command = touch /tmp/hacked", "configpath = evil/aws", "credentialpath = ~/.aws/other", "keyfile = ~/.ssh/id_rsa",
        "cert_path = /etc/passwd", "key_path = x", "ssl_verify = false", "gdrive_user_credentials_file = x",
        "gdrive_service_account_json_file_path = x", "kerb_ticket = /tmp/krb5cc_0",
    ],
)  # fmt: skip
def test_a_repository_names_no_program_and_no_file_of_this_machine(repository: Repository, opened: Opened, option: str) -> None:
    write(repository, {".dvc/config": config("webdavs://host/x", option, "user = ann")})
    settings = load(opened, repository)
    assert settings.options == {"user": "ann"}
    assert settings.ignored == (option.partition(" ")[0],)


def test_the_same_options_count_where_the_person_of_the_clone_wrote_them(repository: Repository, opened: Opened) -> None:
    write(
        repository,
        {
            ".dvc/config": config("ssh://host/x", "keyfile = evil"),
            ".dvc/config.local": "['remote \"main\"']\nkeyfile = ~/.ssh/key\n",
        },
    )
    settings = load(opened, repository)
    assert settings.options == {"keyfile": "~/.ssh/key"}
    assert settings.ignored == ()


def test_the_clone_may_say_that_another_store_counts(repository: Repository, opened: Opened) -> None:
    write(repository, {".dvc/config.local": config("/mnt/near", name="near")})
    assert load(opened, repository).url == "/mnt/near"


@pytest.mark.parametrize(
    ("personal", "expected"),
    [
        ("url = https://host/x\nuser = ann\npassword = secret\n", {"user": "ann", "password": "secret"}),
        ("url = https://mine/x\nuser = ann\npassword = secret\n", {}),
        ("user = ann\npassword = secret\n", {"user": "ann"}),
    ],
)
def test_a_password_of_the_person_goes_to_its_own_address_alone(
    repository: Repository, opened: Opened, tmp_path: Path, personal: str, expected: dict[str, str]
) -> None:
    (tmp_path / "personal").mkdir()
    (tmp_path / "personal/config").write_text(f"['remote \"main\"']\n{personal}")
    repository.extra["DVC_GLOBAL_CONFIG_DIR"] = str(tmp_path / "personal")
    write(repository, {".dvc/config": config("https://host/x")})
    assert load(opened, repository).options == expected


@pytest.mark.parametrize("option", ["endpointurl = https://evil", "use_ssl = false", "account_name = evil", "port = 2222"])
def test_a_secret_of_the_person_is_not_sent_to_where_the_repository_moves_its_address(
    repository: Repository, opened: Opened, tmp_path: Path, option: str
) -> None:
    (tmp_path / "personal").mkdir()
    secrets = "sse_customer_key = c2VjcmV0\nsas_token = secret\npassword = secret\nregion = eu\n"
    (tmp_path / "personal/config").write_text(f"['remote \"main\"']\nurl = s3://bucket/x\n{secrets}")
    repository.extra["DVC_GLOBAL_CONFIG_DIR"] = str(tmp_path / "personal")
    write(repository, {".dvc/config": config("s3://bucket/x", option)})
    assert load(opened, repository).options.keys() == {option.partition(" ")[0], "region"}
    with (tmp_path / "personal/config").open("a") as file:
        file.write(f"{option}\n")
    assert load(opened, repository).options["password"] == "secret"


def test_a_secret_of_the_clone_is_not_sent_to_what_only_an_old_commit_calls_by_the_same_name(
    repository: Repository, opened: Opened
) -> None:
    write(
        repository,
        {
            ".dvc/config": config("https://new/place", name="other"),
            ".dvc/config.local": "['remote \"main\"']\nuser = ann\npassword = secret\n",
        },
    )
    assert load(opened, repository, pinned="main").options == {"user": "ann"}
    write(repository, {".dvc/config": config("https://new/place")})
    assert load(opened, repository, pinned="main").options == {"user": "ann", "password": "secret"}


def test_a_secret_of_the_clone_goes_to_a_store_that_the_person_configured_elsewhere(
    repository: Repository, opened: Opened, tmp_path: Path
) -> None:
    (tmp_path / "personal").mkdir()
    (tmp_path / "personal/config").write_text(config("https://mine/x", name="mine"))
    repository.extra["DVC_GLOBAL_CONFIG_DIR"] = str(tmp_path / "personal")
    write(repository, {".dvc/config.local": "['remote \"mine\"']\npassword = secret\n"})
    assert load(opened, repository, remote="mine").options == {"password": "secret"}


def test_a_repository_cannot_say_where_googles_token_of_this_machine_goes(repository: Repository, opened: Opened) -> None:
    write(repository, {".dvc/config": config("gs://bucket/x", "endpointurl = https://evil", "projectname = p")})
    settings = load(opened, repository)
    assert settings.options == {"projectname": "p"}
    assert settings.ignored == ("endpointurl",)
    write(repository, {".dvc/config.local": "['remote \"main\"']\nendpointurl = https://mine\n"})
    assert load(opened, repository).options["endpointurl"] == "https://mine"


def test_a_repository_cannot_give_an_address_to_a_password_that_has_none(
    repository: Repository, opened: Opened, tmp_path: Path
) -> None:
    (tmp_path / "personal").mkdir()
    (tmp_path / "personal/config").write_text("['remote \"secret\"']\npassword = secret\n")
    repository.extra["DVC_GLOBAL_CONFIG_DIR"] = str(tmp_path / "personal")
    write(
        repository,
        {
            ".dvc/config": config("remote://secret/https://evil/x"),
            ".dvc/config.local": "['remote \"secret\"']\npassword = secret\n",
        },
    )
    with pytest.raises(NotFound, match="the storage 'main' stands in 'secret', which has no url"):
        load(opened, repository)


def test_a_store_in_a_store_of_the_person_is_not_moved_to_another_endpoint(
    repository: Repository, opened: Opened, tmp_path: Path
) -> None:
    (tmp_path / "personal").mkdir()
    (tmp_path / "personal/config").write_text(config("s3://corp/base", "sse_customer_key = c2VjcmV0", name="corp"))
    repository.extra["DVC_GLOBAL_CONFIG_DIR"] = str(tmp_path / "personal")
    write(repository, {".dvc/config": config("remote://corp//sub", "endpointurl = https://evil", "region = eu")})
    settings = load(opened, repository)
    assert (settings.url, dict(settings.options)) == ("s3://corp/base/sub", {"sse_customer_key": "c2VjcmV0", "region": "eu"})
    assert settings.ignored == ("endpointurl",)


def test_a_secret_for_a_store_in_another_one_is_not_sent_to_where_the_repository_puts_that(
    repository: Repository, opened: Opened, tmp_path: Path
) -> None:
    (tmp_path / "personal").mkdir()
    (tmp_path / "personal/config").write_text(config("remote://hub/sub", "password = secret", "user = ann", name="mine"))
    repository.extra["DVC_GLOBAL_CONFIG_DIR"] = str(tmp_path / "personal")
    write(repository, {".dvc/config": config("https://evil/x", name="hub")})
    settings = load(opened, repository, remote="mine")
    assert (settings.url, dict(settings.options)) == ("https://evil/x/sub", {"user": "ann"})


def test_a_store_of_the_person_serves_a_repository_that_names_none(
    repository: Repository, opened: Opened, tmp_path: Path
) -> None:
    (tmp_path / "personal").mkdir()
    (tmp_path / "personal/config").write_text(config("s3://mine/x", name="mine"))
    repository.extra["DVC_GLOBAL_CONFIG_DIR"] = str(tmp_path / "personal")
    repository.commit({".dvc/config": ""})
    assert load(opened, repository).url == "s3://mine/x"


def test_a_relative_path_begins_at_the_folder_of_the_configuration(repository: Repository, opened: Opened) -> None:
    write(repository, {".dvc/config": config("../../store")})
    assert load(opened, repository).url == str(repository.path.parent / "store")


def test_a_store_may_stand_in_another_one(repository: Repository, opened: Opened) -> None:
    write(
        repository,
        {".dvc/config": config("remote://server/sub") + "['remote \"server\"']\n    url = ssh://host/x\n    user = ann\n"},
    )
    settings = load(opened, repository)
    assert (settings.url, dict(settings.options)) == ("ssh://host/x/sub", {"user": "ann"})


def test_a_store_that_stands_in_itself_is_an_error(repository: Repository, opened: Opened) -> None:
    write(repository, {".dvc/config": config("remote://main/sub")})
    with pytest.raises(SettingsFault, match="refers to itself"):
        load(opened, repository)


def test_a_project_of_dvc_may_stand_in_a_folder(repository: Repository, opened: Opened) -> None:
    write(repository, {"sub/.dvc/config": config("../store", name="inner")})
    context = opened(repository)._context
    assert load(opened, repository, path="sub/deep/model").url == str(repository.path / "sub/store")
    assert load(opened, repository, path="other/model").url == "s3://old/place"
    assert find_dvc_folder(context, "sub/deep/model") == repository.path / "sub"
    assert load_cache_folder(context, "sub/deep/model") == repository.path / "sub/.dvc/cache"


def test_no_store_is_an_error_that_says_how_to_get_one(tmp_path: Path, opened: Opened) -> None:
    repository = Repository.create(tmp_path / "work")
    repository.commit({"model": "1"})
    with pytest.raises(NotFound, match="no storage is configured") as caught:
        load(opened, repository)
    assert "gitreg init --storage DIR" in caught.value.hint
    assert load_cache_folder(opened(repository)._context) is None


def test_an_unknown_store_is_an_error_that_names_the_others(repository: Repository, opened: Opened) -> None:
    with pytest.raises(NotFound, match="there is no storage 'x' in DVC's configuration, only: main"):
        load(opened, repository, remote="x")
