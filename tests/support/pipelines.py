"""Pipelines as the real DVC writes them, without running it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

LFS = "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 5\n"


def md5_of(text: str) -> str:
    """Hash a text as DVC does."""
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def format_lock(
    stages: Mapping[str, tuple[Mapping[str, str], Mapping[str, str]]], params: Mapping[str, Mapping[str, object]] | None = None
) -> str:
    """Write a ``dvc.lock``.

    Args:
        stages: what each reads and what it makes: contents by path.
        params: parameters of ``params.yaml`` by stage.
    """
    lines = ["schema: '2.0'", "stages:"]
    for name, (deps, outs) in stages.items():
        lines += [f"  {name}:", f"    cmd: python {name}.py"]
        for kind, materials in (("deps", deps), ("outs", outs)):
            lines += [f"    {kind}:"] if materials else []
            for path, content in materials.items():
                lines += [
                    f"    - path: {path}",
                    "      hash: md5",
                    f"      md5: {md5_of(content)}",
                    f"      size: {len(content)}",
                ]
        values = (params or {}).get(name, {})
        lines += ["    params:", "      params.yaml:"] if values else []
        lines += [f"        {key}: {value}" for key, value in values.items()]
    return "".join(f"{line}\n" for line in lines)


def format_definition(names: Mapping[str, str]) -> str:
    """Write a ``dvc.yaml``: what each stage has beside its command, in YAML's flow style."""
    return "stages:\n" + "".join(f"  {name}: {{cmd: python {name}.py{more}}}\n" for name, more in names.items())
