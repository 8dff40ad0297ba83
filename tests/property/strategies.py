"""What hypothesis makes up: names, versions, tags, and soups of events."""

from __future__ import annotations

from typing import Final

from hypothesis import strategies as st

from gitreg.core.events import Event, Kind
from gitreg.core.names import is_artifact, is_ref_path
from gitreg.core.tags import TagName, format_tag
from gitreg.core.versions import VERSION
from tests.support.events import A, B, C, make_event

# Few of each, so that events collide all the time.
_ARTIFACTS: Final = ("m", "dir:m")
_VERSIONS: Final = ("v1.0.0", "v1.0.0+b", "v2.0.0-rc.1", "v2.0.0")
_STAGES: Final = ("prod", "dev")
_COMMITS: Final = (A, B, C)

_ALPHANUMERIC: Final = "abzABZ019"  # by hand: strategies that hypothesis makes of these expressions take ten times as long
plain_names: Final = st.one_of(
    st.sampled_from(_ALPHANUMERIC),
    st.builds(
        "{}{}{}".format,
        st.sampled_from(_ALPHANUMERIC),
        st.text(f"{_ALPHANUMERIC}_/-", max_size=6),
        st.sampled_from(_ALPHANUMERIC),
    ),
)
_folders: Final = st.lists(st.text(f"{_ALPHANUMERIC}_.-", min_size=1, max_size=5), min_size=1, max_size=3).map("/".join)
artifacts: Final = st.one_of(plain_names, st.builds("{}:{}".format, _folders, plain_names)).filter(is_artifact)

# Small numbers meet each other often; the grammar itself finds the odd ones.
_numbers: Final = st.integers(0, 3)
_identifiers: Final = st.sampled_from(["0", "1", "2", "10", "a", "a-1", "A", "alpha", "rc", "rc1", "rc9", "rc10", "-", "0a"])
_suffixes: Final = st.lists(_identifiers, min_size=1, max_size=2).map(".".join)
_small_versions: Final = st.builds(
    "v{}.{}.{}{}{}".format,
    _numbers,
    _numbers,
    _numbers,
    st.one_of(st.just(""), _suffixes.map("-{}".format)),
    st.one_of(st.just(""), _suffixes.map("+{}".format)),
)
_prereleases: Final = _suffixes.map("v1.0.0-{}".format)
versions: Final = st.one_of(_small_versions, _prereleases, st.from_regex(VERSION, fullmatch=True))

_counters: Final = st.one_of(st.none(), st.integers(min_value=0))
tag_names: Final[st.SearchStrategy[TagName]] = st.one_of(
    st.builds(
        TagName,
        kind=st.sampled_from([Kind.REGISTRATION, Kind.DEREGISTRATION]),
        artifact=artifacts,
        version=versions,
        stage=st.none(),
        counter=_counters,
    ),
    st.builds(
        TagName,
        kind=st.sampled_from([Kind.ASSIGNMENT, Kind.UNASSIGNMENT]),
        artifact=artifacts,
        version=st.none(),
        stage=plain_names,
        counter=_counters,
    ),
    st.builds(TagName, kind=st.just(Kind.DEPRECATION), artifact=artifacts, version=st.none(), stage=st.none(), counter=_counters),
).filter(lambda tag: is_ref_path(format_tag(tag)))

# Texts over the alphabet of tags, made of the pieces that matter to git.
ref_paths: Final = st.lists(
    st.sampled_from(["a", "B", "0", ".", "/", "-", "_", ".lock", "lock", "@", "#", "!", "=", "+", "@v1.0.0"]), max_size=8
).map("".join)


def soups(
    *, artifacts: tuple[str, ...] = _ARTIFACTS, versions: tuple[str, ...] = _VERSIONS, commits: tuple[str, ...] = _COMMITS
) -> st.SearchStrategy[list[Event]]:
    """Make lists of events that contradict each other, each tag once, in any order."""
    names = st.sampled_from(artifacts)
    counters = st.one_of(st.none(), st.integers(1, 4))
    tags = st.one_of(
        st.builds(
            TagName,
            kind=st.sampled_from([Kind.REGISTRATION, Kind.DEREGISTRATION]),
            artifact=names,
            version=st.sampled_from(versions),
            stage=st.none(),
            counter=counters,
        ),
        st.builds(
            TagName,
            kind=st.sampled_from([Kind.ASSIGNMENT, Kind.UNASSIGNMENT]),
            artifact=names,
            version=st.none(),
            stage=st.sampled_from(_STAGES),
            counter=counters,
        ),
        st.builds(TagName, kind=st.just(Kind.DEPRECATION), artifact=names, version=st.none(), stage=st.none(), counter=counters),
    )
    events = st.builds(
        make_event,
        tags.map(format_tag),
        st.sampled_from(commits),
        st.integers(0, 6),
        named=st.one_of(st.none(), st.sampled_from([*versions, "v9.9.9"])),
    )
    return st.lists(events, unique_by=lambda event: event.tag, max_size=24)
