from __future__ import annotations

from gitreg.core.verdicts import BAD, Verdict, Verification, Verified


def test_bytes_that_were_not_looked_at_are_neither_good_nor_bad() -> None:
    assert {Verdict.UNCHECKED, Verdict.NOTHING, Verdict.NO_ANSWER, Verdict.OK}.isdisjoint(BAD)
    assert len(BAD) + 4 == len(Verdict)


def test_what_was_found_out_of_a_version_begins_without_a_place() -> None:
    verified = Verified(artifact="churn", version="v1.0.0", commit="0" * 40, verdict=Verdict.NOTHING)
    assert (verified.where, verified.size, verified.detail, verified.annotated) == (None, None, "", True)
    assert Verification(versions=(verified,), deep=False, objects=0).versions == (verified,)
