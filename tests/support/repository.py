"""A real git repository on a clock that the test owns."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.environment import AUTHOR, START, isolated_environment

_COUNTED = re.compile(r"[@#][^#]*#([0-9]+)")


@dataclass(slots=True)
class Repository:
    """A repository in a temporary folder, cut off from the developer's own git configuration.

    Nothing moves the clock but `tick`: whatever happens between two ticks happens in the same second.

    Attributes:
        now: the time of the next commit, tag and command, in seconds since 1970.
        extra: variables that are added to the environment of every process, such as ``GIT_CONFIG_GLOBAL``.
    """

    path: Path
    bare: bool = False
    now: int = START
    extra: dict[str, str] = field(default_factory=dict)

    @classmethod
    def create(cls, path: Path, *, bare: bool = False) -> Repository:
        """Make an empty repository whose branch is ``main``."""
        path.mkdir(parents=True, exist_ok=True)
        repository = cls(path, bare)
        repository.git("init", "--quiet", "--initial-branch=main", *(["--bare"] if bare else []))
        return repository

    @property
    def env(self) -> dict[str, str]:
        """The environment of a process at this moment."""
        return {**isolated_environment(self.path.parent / "home", now=self.now), **self.extra}

    def tick(self, seconds: int = 60) -> int:
        """Move the clock, also backwards; return the new time."""
        self.now += seconds
        return self.now

    def git(self, *args: str, input: str | bytes | None = None, env: Mapping[str, str] | None = None, check: bool = True) -> str:
        """Run git and return its standard output without the final newline.

        Args:
            args: what stands behind ``git``.
            input: what git reads on its standard input.
            env: variables that are added to the environment.
            check: whether a failure of git is a failure of the test.
        """
        completed = subprocess.run(
            ["git", *args],
            cwd=self.path,
            env={**self.env, **(env or {})},
            input=input.encode() if isinstance(input, str) else input or b"",
            capture_output=True,
            check=False,
        )
        if check and completed.returncode:
            message = f"git {' '.join(args)} ended with {completed.returncode}: {completed.stderr.decode(errors='replace')}"
            raise AssertionError(message)
        return completed.stdout.decode("utf-8", "surrogateescape").removesuffix("\n")

    def commit(self, files: Mapping[str, str | bytes | None] | None = None, message: str = "Change files") -> str:
        """Write files (None removes one) and commit them with whatever is staged; return the full id."""
        for name, content in (files or {}).items():
            self._write(name, content)
        if files:
            self.git("add", "--all", "--", *files)
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.git("rev-parse", "HEAD")

    def tag(
        self,
        name: str,
        rev: str = "HEAD",
        message: str = "A tag",
        *,
        at: int | None = None,
        author: str = AUTHOR,
        tz: str = "+0000",
        lightweight: bool = False,
    ) -> str:
        """Make a tag as git makes it; return the id of the tag object, or of the commit for a lightweight one."""
        moment = self.now if at is None else at
        env = {**isolated_environment(self.path.parent / "home", now=moment, tz=tz, author=author), **self.extra}
        if lightweight:
            self.git("tag", name, rev, env=env)
        else:
            self.git("tag", "--annotate", "--cleanup=verbatim", "--file=-", name, rev, input=f"{message}\n", env=env)
        return self.git("rev-parse", f"refs/tags/{name}")

    def raw_tag(self, ref: str, body: bytes, *, literally: bool = True) -> str:
        """Make a tag object byte by byte and name it; return its id.

        Args:
            ref: the name of the tag, with or without ``refs/tags/``.
            body: the whole content of the object.
            literally: whether git takes it unseen.
        """
        object_id = self.git("hash-object", "-t", "tag", "-w", *(["--literally"] if literally else []), "--stdin", input=body)
        full = ref if ref.startswith("refs/") else f"refs/tags/{ref}"
        loose = self.path / self.git("rev-parse", "--git-path", full)  # `git update-ref` refuses what it cannot parse
        loose.parent.mkdir(parents=True, exist_ok=True)
        loose.write_text(f"{object_id}\n")
        return object_id

    def register(self, artifact: str, version: str, rev: str = "HEAD", *, at: int | None = None, message: str = "") -> str:
        """Tag a Registration as GTO does; return the tag's name."""
        message = message or f"Registering artifact {artifact} version {version}"
        return self._event(artifact, f"@{version}", rev, message, at=at)

    def deregister(self, artifact: str, version: str, rev: str = "", *, at: int | None = None, message: str = "") -> str:
        """Tag a Deregistration as GTO does, on the commit of the first Registration if no other is given."""
        message = message or f"Deregistering artifact {artifact} version {version}"
        rev = rev or f"refs/tags/{_tag_name(artifact)}@{version}^{{commit}}"
        return self._event(artifact, f"@{version}!", rev, message, at=at)

    def assign(
        self, artifact: str, stage: str, rev: str = "HEAD", *, version: str = "", at: int | None = None, message: str = ""
    ) -> str:
        """Tag an Assignment as GTO does, and with the trailer that gitreg adds if a version is given."""
        message = (
            message or f"Assigning stage {stage} to artifact {artifact} {f'version {version}' if version else f'commit {rev}'}"
        )
        return self._event(artifact, f"#{stage}", rev, message + _trailer(version), at=at, counted=True)

    def unassign(
        self, artifact: str, stage: str, rev: str = "HEAD", *, version: str = "", at: int | None = None, message: str = ""
    ) -> str:
        """Tag an Unassignment as GTO does, and with the trailer that gitreg adds if a version is given."""
        message = message or f"Unassigning stage {stage!r} to artifact {artifact!r}"
        return self._event(artifact, f"#{stage}!", rev, message + _trailer(version), at=at, counted=True)

    def deprecate(self, artifact: str, rev: str = "HEAD", *, at: int | None = None, message: str = "") -> str:
        """Tag a Deprecation as GTO does; return the tag's name."""
        return self._event(artifact, "@deprecated", rev, message or f"Deprecating artifact {artifact!r}", at=at)

    def clone(self, path: Path, *args: str) -> Repository:
        """Clone as from afar, so that ``--depth`` and ``--filter`` work; return the clone, with the same clock."""
        self.git("clone", "--quiet", *args, self.path.as_uri(), str(path))
        return Repository(path, "--bare" in args or "--mirror" in args, self.now, dict(self.extra))

    def bare_remote(self, path: Path) -> Repository:
        """Make a bare repository, add it as ``origin`` and push all branches and tags to it."""
        remote = Repository.create(path, bare=True)
        remote.now = self.now
        remote.git("config", "uploadpack.allowFilter", "true")
        self.git("remote", "add", "origin", path.as_uri())
        self.git("push", "--quiet", "--set-upstream", "origin", "refs/heads/*:refs/heads/*", "refs/tags/*:refs/tags/*")
        return remote

    def refs(self) -> dict[str, str]:
        """List all refs: full names and the ids of the objects that they name."""
        lines = self.git("for-each-ref", "--format=%(refname) %(objectname)").splitlines()
        return dict(line.rsplit(" ", 1) for line in lines)

    def files(self) -> dict[str, bytes]:
        """Read the work tree: contents by path, for a symbolic link its target."""
        found = (path for path in self.path.rglob("*") if ".git" not in path.relative_to(self.path).parts)
        return {
            path.relative_to(self.path).as_posix(): str(path.readlink()).encode() if path.is_symlink() else path.read_bytes()
            for path in sorted(found)
            if path.is_symlink() or path.is_file()
        }

    def _write(self, name: str, content: str | bytes | None) -> None:
        """Write or remove one file of the work tree."""
        path = self.path / name
        if content is None:
            path.unlink()
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)

    def _event(self, artifact: str, middle: str, rev: str, message: str, *, at: int | None, counted: bool = False) -> str:
        """Tag an event, with a counter where GTO would give one; return the tag's name."""
        name = _tag_name(artifact)
        taken = {
            ref.removeprefix(f"refs/tags/{name}") for ref in self.refs() if re.match(rf"refs/tags/{re.escape(name)}[@#]", ref)
        }
        counters = [int(match[1]) for tag in taken if (match := _COUNTED.fullmatch(tag))]
        counter = f"#{max(counters, default=0) + 1}" if counted or middle in taken else ""
        self.tag(f"{name}{middle}{counter}", rev, message, at=at)
        return f"{name}{middle}{counter}"


def _tag_name(artifact: str) -> str:
    """Write the name of an artifact as it stands in a tag."""
    return artifact.replace(":", "=", 1)


def _trailer(version: str) -> str:
    """Write the block that names a version."""
    return f"\n\nGitreg-Version: {version}" if version else ""
