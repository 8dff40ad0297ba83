"""DVC's configuration is read as DVC reads it."""

from __future__ import annotations

import pytest

from gitreg.errors import SettingsFault
from gitreg.files.dvc_config import DvcConfig, read_dvc_config


def test_stores_are_read_by_name_in_lower_case() -> None:
    config = read_dvc_config(
        b"[core]\n    remote = Main\n    autostage = true\n['remote \"Main\"']\n    url = s3://bucket/a b, c\n    Region = eu # far\n"
        b'[cache]\n    dir = ../common\n    type = "reflink,hardlink"\n',
        ".dvc/config",
    )
    assert config.remote == "main"
    assert config.remotes == {"main": {"url": "s3://bucket/a b,c", "region": "eu"}}
    assert config.cache_dir == "../common"


@pytest.mark.parametrize("data", [b"", b"  \n", b"# nothing\n", b"[core]\n", b"[other]\nx = 1\n"])
def test_a_file_may_say_nothing(data: bytes) -> None:
    assert read_dvc_config(data, "config") == DvcConfig()


@pytest.mark.parametrize("data", [b"[core\n", b"\xff\xfe", b"x\n", b"['remote \"a\"']\nurl = 1\nurl = 2\n", b"#" * (2 << 20)])
def test_what_cannot_be_read_is_an_error_that_names_the_file(data: bytes) -> None:
    with pytest.raises(SettingsFault, match=r"^\.dvc/config: "):
        read_dvc_config(data, ".dvc/config")


def test_nothing_is_filled_in_from_elsewhere() -> None:
    config = read_dvc_config(b"['remote \"a\"']\nurl = s3://$HOME/%(x)s\n", "config")
    assert config.remotes["a"]["url"] == "s3://$HOME/%(x)s"


def test_options_do_not_show_in_a_traceback() -> None:
    config = read_dvc_config(b"['remote \"a\"']\nurl = x\npassword = secret\n", "config")
    assert "secret" not in repr(config)


@pytest.mark.parametrize(
    "line", ["password it's-a-secret", 'password "secret"', "password secret", "password secret\\nmore secret"]
)
def test_a_line_that_cannot_be_read_is_not_repeated_since_it_may_be_a_password(line: str) -> None:
    with pytest.raises(SettingsFault, match="cannot be read") as caught:
        read_dvc_config(f"['remote \"main\"']\n{line}\n".encode(), ".dvc/config.local")
    assert "secret" not in f"{caught.value} {caught.value.hint}"
