from __future__ import annotations

from gitreg.core.garbage import Leftover, Pile, pile_up


def test_a_pile_says_how_much_there_is_and_how_old_it_is() -> None:
    assert pile_up([Leftover("a", 3, 20.9), Leftover("b", 4, 10.0)]) == Pile(count=2, size=7, oldest=10, youngest=20)


def test_what_has_no_time_says_nothing_of_the_age() -> None:
    assert pile_up([Leftover("a", 3, None), Leftover("b", 4, 5.0)]) == Pile(count=2, size=7, oldest=5, youngest=5)
    assert pile_up([Leftover("a", 3, None)]) == Pile(count=1, size=3, oldest=None, youngest=None)


def test_a_pile_of_nothing_has_no_age() -> None:
    assert pile_up([]) == Pile(count=0, size=0, oldest=None, youngest=None)
