from __future__ import annotations

import pytest

from gitreg.core.redaction import redact


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("fatal: unable to access 'https://ann:secret@host/x.git/'", "fatal: unable to access 'https://host/x.git/'"),
        ("https://ghp_token@github.com/a/b", "https://github.com/a/b"),
        ("ssh://git@host:22/a", "ssh://host:22/a"),
        ("https://host/x?token=abc&a=1", "https://host/x?token=***&a=1"),
        ("https://host/x?a=1&X-Amz-Signature=abc&X-Amz-Date=2", "https://host/x?a=1&X-Amz-Signature=***&X-Amz-Date=***"),
        ("https://host/x?sig=abc' failed", "https://host/x?sig=***' failed"),
        ("https://host/x?private_token=abc", "https://host/x?private_token=***"),
        ("git@host:a/b.git", "git@host:a/b.git"),
        ("churn@v1.0.0", "churn@v1.0.0"),
        ("see https://host/a@b", "see https://host/a@b"),
        ("", ""),
    ],
)
def test_secrets_are_taken_out_of_addresses_and_nothing_else_is(said: str, shown: str) -> None:
    assert redact(said) == shown


def test_two_addresses_in_one_sentence_are_both_redacted() -> None:
    assert redact("https://a:b@c/d and https://e:f@g/h?key=i") == "https://c/d and https://g/h?key=***"
