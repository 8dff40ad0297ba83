"""Random walks: steps that gitreg and plain git take in turns on one repository, and the situations that they come into."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from hypothesis import strategies as st

from gitreg.core.events import Event, Kind
from gitreg.core.tags import TagName, format_tag
from gitreg.core.views import Written
from gitreg.errors import GitregError
from tests.compat.both import Both
from tests.support.environment import EMAIL, NAME
from tests.support.events import make_event

VERSIONS: Final = ("v1.0.0", "v2.0.0-rc.1", "v0.9.0+b", "v1.10.0")
ARTIFACTS: Final = ("m", "m", "m", "m", "models/nlp:n")
STAGES: Final = ("prod", "prod", "dev")
VERBS: Final = (
    *["register"] * 4,
    *["assign"] * 5,
    *["unassign"] * 3,
    *["deregister"] * 2,
    *["deprecate", "rollback", "register_and_assign"],
)


class Step(NamedTuple):
    """What to try; a step that makes no sense where the walk stands is not taken.

    Attributes:
        by_gitreg: whether gitreg takes it, or plain git, as GTO would.
        place: number of the commit.
        seconds: how much later than the step before.
        named: the version that the trailer of plain git names.
    """

    verb: str
    by_gitreg: bool
    artifact: str
    version: str
    place: int
    stage: str
    seconds: int
    named: str = ""


def _steps(*, seconds: st.SearchStrategy[int], **given: st.SearchStrategy[Any]) -> st.SearchStrategy[Step]:
    """Make steps; what is not given is drawn from all that there is."""
    number = st.integers(0, len(VERSIONS) - 1)
    drawn: dict[str, st.SearchStrategy[Any]] = {
        "verb": st.sampled_from(VERBS),
        "by_gitreg": st.booleans(),
        "artifact": st.sampled_from(ARTIFACTS),
        "version": number.map(VERSIONS.__getitem__),
        "place": number,
        "stage": st.sampled_from(STAGES),
        "named": st.just(""),
        "seconds": seconds,
    }
    return st.builds(Step, **{**drawn, **given})


def _at_home(steps: list[Step]) -> list[Step]:
    """Give every version a commit of its own."""
    return [step._replace(place=VERSIONS.index(step.version)) for step in steps]


def _after_registrations(seconds: st.SearchStrategy[int], **given: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Step]]:
    """Make walks that begin with two Registrations, so that there is something to quarrel about."""
    begin = st.lists(
        _steps(seconds=seconds, verb=st.just("register"), artifact=st.just("m")),
        min_size=2,
        max_size=2,
        unique_by=lambda step: step.version,
    )
    return st.builds(list.__add__, begin.map(_at_home), st.lists(_steps(seconds=seconds, **given), min_size=6, max_size=12))


calm_walks: Final = _after_registrations(st.integers(2, 90)).map(_at_home)
"""Every version has a commit of its own, and no two steps share a second."""

wild_walks: Final = _after_registrations(st.sampled_from((0, 1, 2, 60, 60)), named=st.sampled_from(("", "", *VERSIONS)))
"""Anything goes."""


@dataclass(slots=True)
class Walk:
    """A walk on a repository, and the events that it has written by artifact.

    Attributes:
        commits: where versions can be.
        calm: whether to leave out steps that would lead into a situation that GTO and gitreg read differently.
    """

    both: Both
    commits: Sequence[str]
    calm: bool
    events: dict[str, list[Event]] = field(default_factory=dict)

    def take(self, step: Step) -> None:
        """Take a step, if it makes sense."""
        self.both.tick(step.seconds)
        made = self._by_gitreg(step) if step.by_gitreg else self._by_git(step)
        if made:
            self.events.setdefault(step.artifact, []).extend(made)

    def _by_gitreg(self, step: Step) -> Sequence[Event]:
        """Let gitreg take it, or refuse it."""
        try:
            if self._leads_astray(step.artifact, self._ask_gitreg(step, dry_run=True).created):
                return ()
            return self._ask_gitreg(step, dry_run=False).created
        except GitregError:
            return ()

    def _ask_gitreg(self, step: Step, *, dry_run: bool) -> Written:
        registry, commit = self.both.registry, self.commits[step.place]
        selector = f"{step.artifact}@{step.version}"
        calls: dict[str, Callable[[], Written]] = {
            "register": lambda: registry.register(step.artifact, commit, version=step.version, dry_run=dry_run),
            "assign": lambda: registry.assign(step.artifact, step.stage, rev=commit, dry_run=dry_run),
            "unassign": lambda: registry.unassign(selector, step.stage, dry_run=dry_run),
            "deregister": lambda: registry.deregister(selector, dry_run=dry_run),
            "deprecate": lambda: registry.deprecate(step.artifact, dry_run=dry_run),
            "rollback": lambda: registry.rollback(step.artifact, step.stage, dry_run=dry_run),
            "register_and_assign": lambda: registry.register_and_assign(selector, step.stage, rev=commit, dry_run=dry_run),
        }
        return calls[step.verb]()

    def _by_git(self, step: Step) -> Sequence[Event]:
        """Let plain git take it, which refuses nothing; what only gitreg can do in one step is a Registration."""
        git, artifact, commit = self.both.repository, step.artifact, self.commits[step.place]
        message = f"At {self.both.repository.now}"
        if self._leads_astray(artifact, [self._event_of(format_tag(_plan(step)), step)]):
            return ()
        match _plan(step).kind:
            case Kind.REGISTRATION:
                tag = git.register(artifact, step.version, commit, message=message)
            case Kind.DEREGISTRATION:
                tag = git.deregister(artifact, step.version, commit, message=message)
            case Kind.ASSIGNMENT:
                tag = git.assign(artifact, step.stage, commit, message=message, version=step.named)
            case Kind.UNASSIGNMENT:
                tag = git.unassign(artifact, step.stage, commit, message=message, version=step.named)
            case _:
                tag = git.deprecate(artifact, commit, message=message)
        return [self._event_of(tag, step)]

    def _event_of(self, tag: str, step: Step) -> Event:
        """Make the event that plain git writes."""
        event = make_event(tag, self.commits[step.place], self.both.repository.now)
        named = step.named if event.stage else ""
        message = f"At {event.at}" + f"\n\nGitreg-Version: {named}" * bool(named)
        return event._replace(message=message, named_version=named or None, author=NAME, author_email=EMAIL)

    def _leads_astray(self, artifact: str, new: Sequence[Event]) -> bool:
        return self.calm and bool(find_situations([*self.events.get(artifact, ()), *new]))


def _plan(step: Step) -> TagName:
    """Say what tag plain git writes, but for its counter."""
    kinds = {"assign": Kind.ASSIGNMENT, "rollback": Kind.ASSIGNMENT, "unassign": Kind.UNASSIGNMENT}
    if step.verb in kinds:
        return TagName(kinds[step.verb], step.artifact, stage=step.stage)
    if step.verb == "deprecate":
        return TagName(Kind.DEPRECATION, step.artifact)
    kind = Kind.DEREGISTRATION if step.verb == "deregister" else Kind.REGISTRATION
    return TagName(kind, step.artifact, version=step.version)


def find_situations(events: Sequence[Event]) -> set[str]:
    """Say which situations the events of one artifact come into that GTO and gitreg read differently.

    Returns:
        ``tie``: two events in one second. ``elsewhere``: a version that is (de)registered on two commits, or only deregistered.
        ``shared``: two versions on one commit. ``again``: a Registration of what is active. ``bare``: an Unassignment of a bare
        commit. ``revived``: a Deprecation with nothing but Unassignments and Deregistrations behind it.
    """
    ordered = sorted(events, key=lambda event: event.at)
    places = {(event.version, event.commit) for event in ordered if event.version and event.stage is None}
    registered = {(event.version, event.commit) for event in ordered if event.kind is Kind.REGISTRATION}
    unassigned = {event.commit for event in ordered if event.kind is Kind.UNASSIGNMENT}
    last = [event.kind for event in ordered if event.kind not in {Kind.UNASSIGNMENT, Kind.DEREGISTRATION}]
    found = {
        "tie": len({event.at for event in ordered}) < len(ordered),
        "elsewhere": len({version for version, _ in places}) < len(places) or places != registered,
        "shared": len({commit for _, commit in places}) < len(places),
        "again": _is_registered_again(ordered),
        "bare": bool(unassigned - {commit for _, commit in registered}),
        "revived": last[-1:] == [Kind.DEPRECATION] != [ordered[-1].kind],
    }
    return {name for name, is_so in found.items() if is_so}


def _is_registered_again(ordered: Sequence[Event]) -> bool:
    """Say whether a version is registered while it is active."""
    last: dict[str | None, Kind] = {}
    for event in ordered:
        if event.kind is Kind.REGISTRATION and last.get(event.version) is Kind.REGISTRATION:
            return True
        if event.kind in {Kind.REGISTRATION, Kind.DEREGISTRATION}:
            last[event.version] = event.kind
    return False
