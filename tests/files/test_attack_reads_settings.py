"""Hostile settings."""

from __future__ import annotations

import pytest

from gitreg.errors import SettingsFault
from gitreg.files.settings import read_settings


@pytest.mark.parametrize(
    "text", ["push: maybe\n", "remote: ''\n", "remote: 'ext::sh -c id'\n", "stages: x\n", "stages: {a: b}\n"]
)
def test_every_error_of_settings_has_a_hint(text: str) -> None:
    """An error is one sentence and what helps."""
    with pytest.raises(SettingsFault) as caught:
        read_settings(text.encode(), None, {})
    assert caught.value.hint
