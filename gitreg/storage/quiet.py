"""Keeping the libraries of stores silent: what they have to say comes as an error, and gitreg says it."""

from __future__ import annotations

import logging
from functools import cache
from typing import Final

_TALKATIVE: Final = (
    "adlfs", "aiobotocore", "aiohttp", "asyncio", "asyncssh", "azure", "boto3", "botocore", "dvc", "dvc_objects", "fsspec",
    "gcsfs", "google", "httpcore", "httpx", "msal", "ossfs", "pydrive2", "s3fs", "sshfs", "urllib3",
)  # fmt: skip


@cache
def silence_libraries() -> None:
    """Keep Python from printing what libraries log where nobody listens; a program that has set up logging still gets it."""
    for name in _TALKATIVE:
        logging.getLogger(name).addHandler(logging.NullHandler())
