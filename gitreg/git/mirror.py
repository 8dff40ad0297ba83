"""Reading a repository by its address: a bare repository of our own that has nothing but what was asked for.

It is partial (no file before it is read), shallow (no history before it is walked), and has no refs that count: which tags there
are, the remote says anew in each run, in one conversation. What is missing is brought in batches, by object id.

A tag that was seen before and is another one now is an incident and not a refresh.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from typing import Final, TypeVar

from gitreg.core.names import to_tag_name
from gitreg.core.tags import REF_PREFIX, pick_tags
from gitreg.errors import ExternalFault
from gitreg.git.addresses import Address
from gitreg.git.mirror_cache import make_room, mirror_folder
from gitreg.git.mirror_incidents import check_unmoved
from gitreg.git.mirror_revisions import is_id, is_name, unknown
from gitreg.git.mirror_talk import Damaged, Listing, NoSuchRef, NotOnItsOwn, OtherFormat, Talk
from gitreg.git.run import Git

_Answer = TypeVar("_Answer")
_SEEN: Final = "refs/gitreg/tags/"
_MOST_PACKS: Final = 50
_FEW: Final = 16  # commits
_ALL: Final = 0x7FFFFFFF  # commits; git takes it for no limit


class Mirror:
    """What we have of the repository at an address.

    Args:
        address: where it is.

    Attributes:
        address: the same.
        git: in the repository that keeps what we have.
    """

    def __init__(self, address: Address) -> None:
        """Find the place; nothing is asked for before it is needed."""
        self.address = address
        self._folder = mirror_folder(address)
        self._talk = Talk(address, self._folder.git_dir)
        self.git = self._talk.git
        self._tags: dict[str | None, dict[str, str]] = {}  # by artifact; all under None
        self._head: str | None = None
        self._head_known = self._renewed = False
        self._depth = _FEW
        self._found: dict[str, str] = {}  # commits by the names that the remote has for them
        if not self._folder.exists:
            make_room()
            with self._folder.alone(address):
                if not self._folder.exists:
                    self._folder.make(address)
        self._folder.require_ours()
        self._made = self._folder.made
        self._folder.touch()

    def forget(self) -> None:
        """Take nothing for granted that the remote said before: a new question begins."""
        self._tags.clear()
        self._head_known = self._renewed = False

    def list_tags(self, artifact: str | None = None) -> dict[str, str]:
        """List the remote's registry tags as it says now, or as it said since `forget`: ids by name without ``refs/tags/``.

        Args:
            artifact: the one whose tags are wanted, or None: all.

        Raises:
            Unanswerable: a tag is another one than it was.
            ExternalFault: the remote does not answer.
        """
        known = self._tags.get(artifact)
        if known is None and None in self._tags:
            known = pick_tags(self._tags[None], artifact)
        if known is None:
            ask = self._ask_for_all if artifact is None else (lambda git: self._ask_for(git, artifact))
            known = self._tags[artifact] = self._alone(lambda git: self._accept(ask(git)))
        return known

    def turn_to_push(self) -> None:
        """Ask the place that a push goes to, if git is configured to push to another one: it decides, so it must be read."""
        fetch, *push = self._talk.places()
        if push and push != [fetch]:
            self._talk = Talk(replace(self.address, url=push[0]), self._folder.git_dir)
            self.forget()

    @contextmanager
    def pushing(self, commits: Iterable[str]) -> Iterator[bool]:
        """Let git push from here: it must know where our history ends.

        Args:
            commits: those that the pushed tags name.

        Yields:
            Whether git must ask the remote which of the commits it has, since none of its refs that we know of names them.
        """
        tips = {self._head, *self._found.values()}
        with self._folder.alone(self.address):
            self._folder.bring_cuts_back()
            try:
                yield not tips.issuperset(commits)
            finally:
                with suppress(OSError):  # what was pushed was pushed
                    self._folder.set_cuts_aside()

    def has_tags(self, tags: Mapping[str, str]) -> bool:
        """Ask whether the remote has these very tags now: ids by name."""
        return self._talk.list_tags().items() >= tags.items()

    def note(self, tags: Mapping[str, str]) -> None:
        """Remember tags that were published from here, if that can be: ids by name."""
        with suppress(ExternalFault), self._folder.alone():
            self._folder.remember({**self._folder.recall(), **tags})
        self._tags.clear()

    def supply(self, object_ids: Sequence[str], *, trees: bool, commits: Sequence[str]) -> frozenset[str]:
        """Bring objects that are missing here, as many as the remote has (see `gitreg.git.supplier.Supplier`)."""
        wanted, lacking = "blob:none" if trees else "tree:0", frozenset[str]()
        while asked := [object_id for object_id in object_ids if object_id not in lacking]:
            try:
                self._alone(partial(self._talk.fetch, sources=asked, filter=wanted))
                break
            except NotOnItsOwn as error:
                if lacking.issuperset(error.missing):  # it gives none on its own, or speaks of what nobody asked for
                    self._alone(lambda git: self._bring_whole(git, commits, object_ids))
                    return frozenset(object_ids)
                lacking |= error.missing
        return lacking

    def find(self, rev: str) -> str:
        """Bring the commit that a revision names at the remote, and return its full id.

        Args:
            rev: ``HEAD``, a branch, a tag, or the full id of a commit.

        Raises:
            UnknownRevision: it names none.
        """
        if rev == "HEAD":
            head = self._find_head()
            if head is None:
                raise unknown(rev, self.address)
            return head
        if is_id(rev) and self.git.read("cat-file", "-e", rev).code == 0:
            return rev
        if not is_name(rev):
            raise unknown(rev, self.address)
        try:
            commit, tags = self._alone(lambda git: self._ask_for_commit(git, rev))
        except (NoSuchRef, NotOnItsOwn) as error:
            raise unknown(rev, self.address) from error
        if commit is not None and not is_id(rev):
            self._found[rev] = commit
        return commit or next(iter(tags.values()))

    def deepen(self, commit: str) -> None:
        """Bring a commit that is missing here and those before it, more of them each time.

        A history of folders and files that nobody asked for would take minutes; commits alone take 200 bytes each.
        """
        self._depth *= 8
        try:
            self._alone(lambda git: self._talk.fetch(git, [commit], depth=self._depth))
        except NotOnItsOwn:
            self._alone(lambda git: self._talk.fetch(git, ["HEAD"], depth=_ALL))

    def renew(self) -> bool:
        """Begin again with nothing, since what is here is damaged; say whether that was worth a try."""
        if self._renewed:
            return False
        self._renewed = True
        with self._folder.alone(self.address):
            if self._folder.made == self._made:  # else somebody was faster
                self._folder.make(self.address)
            self._made = self._folder.made
        return True

    def _find_head(self) -> str | None:
        """Ask for the remote's HEAD: the id of its commit, or None where it has none."""
        if not self._head_known:
            self._alone(self._ask_for_head)
        return self._head

    def _ask_for_head(self, git: Git) -> None:
        """Bring the remote's HEAD with its folders, which are what is asked for next."""
        try:
            self._talk.fetch(git, ["HEAD"], filter="blob:none")
        except NoSuchRef:
            self._know_head(None)
        else:
            self._know_head(self._talk.last_fetched()[0])

    def _ask_for_commit(self, git: Git, rev: str) -> tuple[str | None, dict[str, str]]:
        """Bring what a name or an id stands for: the id, or, of a tag, its name and id."""
        self._talk.fetch(git, [rev])
        commit, tags = self._talk.last_fetched()
        self._accept(pick_tags(tags))
        return commit, tags

    def _ask_for(self, git: Git, artifact: str) -> dict[str, str]:
        """Bring the tags of one artifact, with HEAD."""
        name = to_tag_name(artifact)
        patterns = [f"+{REF_PREFIX}{name}{sign}*:{_SEEN}{name}{sign}*" for sign in "@#"]
        try:
            self._talk.fetch(git, [*patterns, "HEAD"], "--prune")
        except NoSuchRef:
            self._know_head(None)  # and a fetch of patterns that match nothing fails without a word
            return pick_tags(self._talk.list_tags(), artifact)
        head, tags = self._talk.last_fetched()
        self._know_head(head)
        return pick_tags(tags, artifact)

    def _ask_for_all(self, git: Git) -> dict[str, str]:
        """List all tags, and bring HEAD at the same time; the objects of the tags come when they are read."""
        listing = Listing(self._talk)
        listing.start()
        try:
            self._ask_for_head(git)
        finally:
            listing.join()
        return pick_tags(listing.tags())

    def _know_head(self, head: str | None) -> None:
        """Keep what HEAD is."""
        self._head, self._head_known = head, True

    def _accept(self, tags: dict[str, str]) -> dict[str, str]:
        """Hold tags against what was seen before, and remember them.

        One that is gone is no part of any answer, but it is remembered too: who deletes a tag and makes it anew has moved it,
        whether or not somebody looked in between.

        Raises:
            Unanswerable: one is another one than it was.
        """
        remembered = self._folder.recall()
        check_unmoved(tags, remembered, self.address)
        if remembered != {**remembered, **tags}:
            self._folder.remember({**remembered, **tags})
        return tags

    def _bring_whole(self, git: Git, commits: Sequence[str], object_ids: Sequence[str]) -> None:
        """Bring refs with all their files, where the remote does not give objects on their own: little at first, all at last."""
        there = self._talk.list_tags()
        near, everything = (
            self._refs_of(commits, there),
            ["+refs/heads/*:refs/gitreg/heads/*", *(REF_PREFIX + name for name in pick_tags(there))],
        )
        for refs, wanted, depth in ((near, "blob:limit=1m", 1), (near, "", 1), (everything, "", _ALL)):
            if refs:
                self._talk.fetch(git, refs, "--refetch", filter=wanted, depth=depth)
            asked = "".join(f"{object_id}\n" for object_id in object_ids).encode()
            if " missing" not in self.git.read("cat-file", "--batch-check", stdin=asked).text:
                return

    def _refs_of(self, commits: Sequence[str], there: Collection[str]) -> list[str]:
        """List what the remote calls commits by: HEAD, tags that we saw and that are there, and names that were found."""
        options = (f"--points-at={commit}" for commit in commits)
        seen = self.git.read("for-each-ref", *options, "--format=%(refname)", _SEEN).text.splitlines() if commits else []
        tags = [REF_PREFIX + name for ref in seen if (name := ref.removeprefix(_SEEN)) in there]
        head = ["HEAD"] if self._head in commits else []
        return [*head, *tags, *(rev for rev, commit in self._found.items() if commit in commits)]

    def _alone(self, work: Callable[[Git], _Answer]) -> _Answer:
        """Talk to the remote while no other process writes here; begin again once where what is here is damaged.

        Raises:
            ExternalFault: even then.
        """
        with self._folder.alone(self.address) as descriptor:
            git = replace(self._talk.git, held=(descriptor,))
            if not self._folder.exists:
                self._folder.make(self.address)
            try:
                answer = work(git)
            except (Damaged, OtherFormat) as error:
                self._folder.make(self.address, other_format=isinstance(error, OtherFormat))
                answer = self._again(work, git)
            self._made = self._folder.made
            self._folder.set_cuts_aside()
            if self._folder.pack_count() > _MOST_PACKS:
                git.write("repack", "-a", "-d", "--quiet")
            return answer

    def _again(self, work: Callable[[Git], _Answer], git: Git) -> _Answer:
        """Do it again, with nothing of what was here."""
        try:
            return work(git)
        except (Damaged, OtherFormat) as error:
            said = next(iter(str(error).splitlines()), "no reason given")
            message = f"{self.address.shown!r} sent what cannot be read: {said.partition(': ')[2] or said}"
            raise ExternalFault(message, hint=f"look at it yourself: git clone {self.address.shown}") from error
