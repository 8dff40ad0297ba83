from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from gitreg.core.events import LATEST_TIME, Event
from gitreg.core.messages import check_text, format_message, parse_trailers, strip_signature
from gitreg.core.problems import CATALOGUE, Problem
from gitreg.core.tag_objects import TagRecord, read_event
from gitreg.errors import UsageFault
from tests.support.events import A

subjects = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1)
names = st.from_regex(r"Gitreg-[A-Za-z0-9-]+", fullmatch=True)
values = st.text(st.characters(exclude_characters="\n")).map(str.strip)
trailers = st.dictionaries(names, values, max_size=4)
pieces = [
    "Gitreg-Version: v1.0.0",
    "gitreg-x:",
    "-----BEGIN PGP SIGNATURE-----",
    "text",
    "a b",
    " ",
    "\n",
    "\n\n",
    "\r",
    "\u2028",
    "\v",
    "\0",
]
texts = st.one_of(st.text(), st.lists(st.sampled_from(pieces), max_size=8).map("".join))


def is_accepted(text: str) -> bool:
    try:
        check_text(text)
    except UsageFault:
        return False
    return True


@given(subject=subjects, text=texts, trailers=trailers)
def test_reading_the_trailers_of_a_message_inverts_writing_them(subject: str, text: str, trailers: dict[str, str]) -> None:
    assume(is_accepted(text))
    assert parse_trailers(format_message(subject, text, trailers)) == trailers


@given(subject=subjects, text=texts, trailers=trailers)
def test_no_part_of_an_accepted_text_is_taken_for_a_signature(subject: str, text: str, trailers: dict[str, str]) -> None:
    assume(is_accepted(text))
    message = format_message(subject, text, trailers)
    assert strip_signature(message) == message


def make_content(name: bytes, tagger: bytes, seconds: int, zone: bytes, message: bytes) -> bytes:
    return b"object %s\ntype commit\ntag %s\ntagger %s %d %s\n\n%s" % (A.encode(), name, tagger, seconds, zone, message)


contents = st.one_of(
    st.binary(),
    st.builds(
        make_content,
        st.sampled_from([b"m@v1.0.0", b"other"]),
        st.one_of(st.just(b"A <a@b>"), st.binary()),
        st.integers(-1, 2 * LATEST_TIME),
        st.one_of(st.just(b"+0000"), st.binary()),
        st.binary(),
    ),
)


@given(content=contents, object_type=st.sampled_from(["tag", "commit", "tree", "blob", ""]))
def test_whatever_a_tag_object_holds_it_is_an_event_or_a_problem(content: bytes, object_type: str) -> None:
    found = read_event(TagRecord("m@v1.0.0", "f" * 40, object_type, content))
    if isinstance(found, Event):
        assert object_type == "tag"
        assert (found.tag, found.commit) == ("m@v1.0.0", A)
        assert 0 <= found.at <= LATEST_TIME
    else:
        assert isinstance(found, Problem)
        assert found.code in CATALOGUE
