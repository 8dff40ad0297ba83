"""Writing: tag objects without any name, then all their names in one transaction."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

from gitreg.core.messages import strip_signature
from gitreg.core.new_tags import NewTag
from gitreg.core.tags import REF_PREFIX
from gitreg.errors import Conflict, ExternalFault, Raced
from gitreg.git.identity import Identity, read_signing
from gitreg.git.repository import Repository
from gitreg.git.run import Completed, explain

_COUNT = re.compile(r"[0-9]{1,9}")


def make_tag_object(repository: Repository, tag: NewTag, identity: Identity) -> str:
    """Write the object of an annotated tag, without a ref, and return its full id.

    Raises:
        ExternalFault: git could not write it.
    """
    content = (
        f"object {tag.commit}\ntype commit\ntag {tag.name}\n"
        f"tagger {identity.name} <{identity.email}> {tag.at} {identity.zone}\n\n{tag.message}"
    )
    return repository.git.require(repository.git.write("mktag", stdin=content.encode("utf-8", "replace"))).text


def make_signed_tag_object(repository: Repository, tag: NewTag, identity: Identity) -> str:
    """Write the object of a signed tag, without a ref in this repository, and return its full id.

    Only ``git tag`` signs, and it always makes a ref. So it works in an empty scratch repository that shares our objects and
    configuration, and the ref goes with it.

    Raises:
        ExternalFault: git could not sign, for want of a key or of the program.
    """
    with tempfile.TemporaryDirectory(prefix="gitreg-sign-") as folder:
        scratch = _scratch_repository(Path(folder), repository)
        arguments = ("tag", "--sign", "--cleanup=verbatim", "--file=-", tag.name, tag.commit)
        signer = {
            "GIT_COMMITTER_NAME": identity.name,
            "GIT_COMMITTER_EMAIL": identity.email,
            "GIT_COMMITTER_DATE": f"{tag.at} {identity.zone}",
        }
        completed = repository.git.write(
            *arguments, stdin=tag.message.encode("utf-8", "replace"), environment={**scratch, **signer}
        )
        if completed.code:
            raise _unsigned(completed)
        made = repository.git.require(
            repository.git.write("rev-parse", "--verify", REF_PREFIX + tag.name, environment=scratch)
        ).text
        if not _is_signed(repository, made):
            raise _unsigned(completed)
        return made


def create_refs(repository: Repository, tags: Mapping[str, str]) -> None:
    """Name objects: all of them or none.

    Args:
        repository: where.
        tags: object ids by name without ``refs/tags/``.

    Raises:
        Raced: a name is taken already, or another process is about to take it.
        Conflict: git cannot keep a name beside one that exists (``a`` beside ``a/b``).
        ExternalFault: the disk or the permissions do not allow it.
    """
    if not tags:
        return
    lines = [f"create {REF_PREFIX}{name} {object_id}" for name, object_id in tags.items()]
    stdin = "\n".join(["start", *lines, "prepare", "commit", ""]).encode()
    completed = repository.git.write("update-ref", "--no-deref", "--stdin", stdin=stdin)
    if completed.code:
        raise _refused(completed, repository, tags)


def _refused(completed: Completed, repository: Repository, tags: Mapping[str, str]) -> Exception:
    """Say why git did not make the refs."""
    said = completed.stderr
    if "; cannot create" in said:
        blocker = said.partition("cannot lock ref")[2].partition(": '")[2].partition("'")[0]
        message = f"git cannot keep {next(iter(tags))!r} beside the tag {blocker.removeprefix(REF_PREFIX)!r}"
        return Conflict(message, hint="choose another name, or delete that tag")
    if "already exists" in said or "File exists" in said or ("cannot lock ref" in said and "Unable to create" not in said):
        return Raced(said.splitlines()[0], hint="gitreg doctor, which finds stale lock files")
    return explain(completed, repository.git.folder)


def _is_signed(repository: Repository, made: str) -> bool:
    """Look for the signature: git (2.39) makes an unsigned tag and says that all is well if it cannot load an SSH key."""
    text = next(iter(repository.objects.contents([made]))).content.decode("utf-8", "replace")
    return strip_signature(text) != text


def _unsigned(completed: Completed) -> ExternalFault:
    """Say that git could not sign."""
    lines = [line for line in completed.stderr.splitlines() if line.strip()]
    said = next((line for line in lines if line.startswith("error:")), lines[0] if lines else "no reason given")
    hint = "check user.signingKey and gpg.format, or write without: --no-sign"
    return ExternalFault(f"git could not sign the tag: {said.removeprefix('error: ')}", hint=hint)


def _scratch_repository(folder: Path, repository: Repository) -> dict[str, str]:
    """Lay out an empty repository; return the environment that leads git to it and to our objects."""
    common = repository.location.common_dir
    (folder / "refs").mkdir()
    (folder / "HEAD").write_text("ref: refs/heads/none\n")
    sha256 = repository.git.read("rev-parse", "--show-object-format").text == "sha256"
    extension = "[core]\n\trepositoryFormatVersion = 1\n[extensions]\n\tobjectFormat = sha256\n" if sha256 else ""
    quoted = str(common / "config").replace("\\", "\\\\").replace('"', '\\"')
    (folder / "config").write_text(f'[include]\n\tpath = "{quoted}"\n{extension}[core]\n\tbare = true\n')
    return {"GIT_DIR": str(folder), "GIT_OBJECT_DIRECTORY": str(common / "objects"), **_pass_on_signing(repository)}


def _pass_on_signing(repository: Repository) -> dict[str, str]:
    """Carry the configuration of signing over: an ``includeIf "gitdir:..."`` or a linked work tree's own counts here alone."""
    given = os.environ.get("GIT_CONFIG_COUNT", "")
    first = int(given) if _COUNT.fullmatch(given) else 0
    passed = {"GIT_CONFIG_COUNT": str(first)}
    for number, (key, value) in enumerate(read_signing(repository.git), first):
        passed |= {"GIT_CONFIG_COUNT": str(number + 1), f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return passed
