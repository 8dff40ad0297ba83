from __future__ import annotations

from gitreg.core.hooks import Act, HookChange, Hooked


def test_a_change_of_a_file_names_another_path_only_where_there_is_one() -> None:
    assert HookChange(Act.WRITE, ".git/hooks/pre-push").other == ""
    kept = HookChange(Act.KEEP, ".git/hooks/pre-push", ".git/hooks/pre-push.before-gitreg")
    hooked = Hooked(changes=(kept,), installed=True)
    assert (hooked.dry_run, hooked.notes) == (False, ())
