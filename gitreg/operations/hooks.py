"""`hooks install` and `hooks uninstall`: ties git to gitreg in one clone, and unties it as if nothing had been."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gitreg.core.hooks import Act, HookChange, Hooked
from gitreg.core.problems import Problem
from gitreg.errors import Refused
from gitreg.git.alone import alone
from gitreg.git.attributes import names_drivers
from gitreg.git.drivers import MERGE, RECURSIVE, is_harmful_value, is_own_value, list_drivers
from gitreg.git.hook_files import (
    HookFolder,
    clear_leftovers,
    find_hook_folder,
    keep_hook,
    read_hook,
    remove_hook,
    restore_hook,
    write_hook,
)
from gitreg.git.hook_script import HOOK, KEPT, LEGACY, format_hook, is_of_pre_commit, is_ours, is_unchanged
from gitreg.git.local_config import Setting, read_config, set_local, unset_local
from gitreg.git.run import Git
from gitreg.operations.context import Context, require_clone

_LOCAL: Final = "local"


@dataclass(frozen=True, slots=True)
class Found:
    """What is there: the folder of hooks with what it holds, and git's configuration."""

    folder: HookFolder
    settings: Mapping[str, Setting]
    hook: bytes | None
    kept: bytes | None
    legacy: bytes | None

    def path(self, name: str) -> Path:
        """Name a file of the folder."""
        return self.folder.path / name

    @property
    def ours(self) -> str:
        """The name of the file that is our hook: our own, or the one behind pre-commit's; empty where there is none."""
        if is_ours(self.hook):
            return HOOK
        return LEGACY if is_ours(self.legacy) and self.hook is not None and is_of_pre_commit(self.hook) else ""


def install_hooks(context: Context, *, shared: bool = False, dry_run: bool = False) -> Hooked:
    """Write the hook before a push, and the drivers of merge and diff.

    Args:
        context: where.
        shared: write the hook also where other repositories have theirs (a ``core.hooksPath`` of the global configuration).
        dry_run: only say what would be done.

    Raises:
        Refused: the hooks of other repositories are in the same folder, or somebody changed our hook.
        ExternalFault: the system does not let us.
    """
    require_clone(context)
    with alone(context.repository.location):
        found = _look(context)
        if found.folder.is_shared and not shared:
            raise _shared_folder(found.folder)
        command = find_program()
        changes = [*_plan_hook(found, format_hook(command)), *_plan_drivers(found, list_drivers(command))]
        if not dry_run:
            clear_leftovers(found.folder)
            _act(context, changes, format_hook(command))
    return Hooked(changes=tuple(changes), installed=True, dry_run=dry_run, notes=tuple(_describe(context, found, command)))


def uninstall_hooks(context: Context, *, shared: bool = False, dry_run: bool = False) -> Hooked:
    """Take away what `install_hooks` wrote, and put back what was there before; what others wrote stays.

    Args:
        context: where.
        shared: take the hook also out of a folder where other repositories have theirs.
        dry_run: only say what would be done.

    Raises:
        Refused: somebody changed our hook.
        ExternalFault: the system does not let us.
    """
    require_clone(context)
    with alone(context.repository.location):
        found = _look(context)
        stays = found.folder.is_shared and not shared and bool(found.ours)
        changes = [] if stays else [*_plan_removal(found)]
        changes += [
            HookChange(Act.UNSET, key, setting.value)
            for key in list_drivers(("gitreg",))
            if (setting := found.settings.get(key)) and setting.scope == _LOCAL and is_own_value(key, setting.value)
        ]
        if not dry_run:
            clear_leftovers(found.folder)
            _act(context, changes, b"")
    notes = (f"the hook in {str(found.folder.path)!r} is one of other repositories too; --shared takes it away",) if stays else ()
    return Hooked(changes=tuple(changes), installed=False, dry_run=dry_run, notes=notes)


def check_hooks(context: Context) -> tuple[list[Problem], str]:
    """Find out whether git has the drivers that its attributes name, and the hook that comes with them.

    Returns:
        What is wrong, and what is well; neither where no attributes name the drivers.
    """
    root = context.repository.location.work_tree
    if root is None or not names_drivers(Git(root)):
        return [], ""
    settings = read_config(_git(context))
    driver = settings.get(MERGE)
    if driver is None:
        message = ".gitattributes names a merge driver and a diff driver that this clone does not have, so git does without them"
    elif is_own_value(MERGE, driver.value) and not _look(context).ours:
        message = "the hook before a push, which was installed with the drivers, is not there any more"
    elif (inner := settings.get(RECURSIVE)) is not None and is_harmful_value(RECURSIVE, inner.value):
        message = "the merge driver was installed by an earlier gitreg, with which merges that cross can undo changes"
    else:
        return [], "hooks"
    return [Problem(code="GR515", message=message, hint="gitreg hooks install")], ""


def find_program() -> tuple[str, ...]:
    """Find the program that git is to start: the gitreg beside the Python that runs now, or else that Python with gitreg.

    ``-P`` keeps Python from importing what stands in the work tree.
    """
    if not sys.executable:
        return ("gitreg",)
    python = Path(sys.executable).absolute()
    script = python.with_name(f"gitreg{python.suffix if os.name == 'nt' else ''}")
    if script.is_file() and os.access(script, os.X_OK):
        return (script.as_posix(),)
    return (python.as_posix(), "-P", "-m", "gitreg")


def _look(context: Context) -> Found:
    """Look at what is there."""
    settings = read_config(_git(context))
    folder = find_hook_folder(context.repository.location, settings)
    if folder.path.exists() and not folder.path.is_dir():
        hint = "git config --unset core.hooksPath, wherever it is set: git config --show-origin core.hooksPath"
        raise Refused(f"hooks are switched off: core.hooksPath is {str(folder.path)!r}, which is no folder", hint=hint)
    return Found(folder, settings, *(read_hook(folder.path / name) for name in (HOOK, KEPT, LEGACY)))


def _git(context: Context) -> Git:
    """Start git where hooks run."""
    location = context.repository.location
    return Git(location.work_tree or location.git_dir)


def _plan_hook(found: Found, script: bytes) -> Iterator[HookChange]:
    """Plan how the hook gets into its place."""
    target = found.path(found.ours or HOOK)
    current = found.hook if target.name == HOOK else found.legacy
    if current == script:
        return
    if found.ours:
        _require_unchanged(target, current)
        yield HookChange(Act.UPDATE, str(target))
        return
    if current is not None:
        kept = found.path(KEPT)
        if found.kept is None:
            yield HookChange(Act.KEEP, str(target), str(kept))
        elif found.kept != current:
            message = f"there are two hooks from before: {str(target)!r} and {str(kept)!r}"
            raise Refused(message, hint=f"keep one of them: put all of it into {target} and remove {kept}")
    yield HookChange(Act.WRITE, str(target))


def _plan_removal(found: Found) -> Iterator[HookChange]:
    """Plan how the hook goes, and the one from before comes back."""
    if not found.ours:
        if found.kept is not None and found.kept == found.hook:  # an install was killed before its second step
            yield HookChange(Act.REMOVE, str(found.path(KEPT)))
        return
    target = found.path(found.ours)
    _require_unchanged(target, found.hook if found.ours == HOOK else found.legacy)
    again = found.ours == LEGACY and found.kept is not None and is_of_pre_commit(found.kept)
    if found.kept is None or again:
        yield HookChange(Act.REMOVE, str(target))
    if again:  # pre-commit must not find a hook of its own behind its own
        yield HookChange(Act.REMOVE, str(found.path(KEPT)))
    elif found.kept is not None:
        yield HookChange(Act.RESTORE, str(target), str(found.path(KEPT)))


def _plan_drivers(found: Found, drivers: Mapping[str, str]) -> Iterator[HookChange]:
    """Plan the keys of the drivers; what somebody else set stays."""
    for key, value in drivers.items():
        setting = found.settings.get(key)
        if setting is None or (setting.value != value and is_own_value(key, setting.value)):
            yield HookChange(Act.SET, key, value)


def _act(context: Context, changes: list[HookChange], script: bytes) -> None:
    """Do what is planned, in this order: no step takes a hook away before the next one is in its place."""
    git = _git(context)
    for change in changes:
        path = Path(change.target)
        match change.act:
            case Act.KEEP:
                keep_hook(path, Path(change.other))
            case Act.WRITE | Act.UPDATE:
                write_hook(path, script)
            case Act.REMOVE:
                remove_hook(path)
            case Act.RESTORE:
                restore_hook(Path(change.other), path)
            case Act.SET:
                set_local(git, change.target, change.other)
            case Act.UNSET:
                unset_local(git, change.target)


def _require_unchanged(path: Path, data: bytes | None) -> None:
    """Refuse to touch a hook of ours that somebody has changed.

    Raises:
        Refused: somebody has.
    """
    if data is not None and not is_unchanged(data):
        message = f"the hook {str(path)!r} was changed by hand since gitreg wrote it"
        hint = f"move what you added into a file {KEPT} beside it, which runs first; then remove {path} and run it again"
        raise Refused(message, hint=hint)


def _shared_folder(folder: HookFolder) -> Refused:
    """Say that a hook would be one of other repositories too."""
    where = f"core.hooksPath of the {folder.scope} configuration is {str(folder.path)!r}"
    own = "give this repository its own: git config core.hooksPath .git/hooks"
    hint = f"write it there, for all of them: gitreg hooks install --shared; or {own}"
    return Refused(f"{where}, where other repositories have their hooks too", hint=hint)


def _describe(context: Context, found: Found, command: tuple[str, ...]) -> Iterator[str]:
    """Say what a person should know of the place that hooks have, of drivers of others, and of attributes."""
    root = context.repository.location.work_tree
    git_dir = context.repository.location.common_dir
    folder = found.folder.path
    if root is not None and folder.resolve().is_relative_to(root) and not folder.resolve().is_relative_to(git_dir):
        where = f"core.hooksPath is {str(folder)!r}, inside of the work tree"
        yield f"{where}; the hook names a program of this machine, so do not commit it"
    for key, value in list_drivers(command).items():
        setting = found.settings.get(key)
        if setting is not None and setting.value != value and not is_own_value(key, setting.value):
            yield f"{key} stays as somebody set it"
    if root is not None and not names_drivers(Git(root)):
        yield "no .gitattributes names the drivers yet, so git does not use them; write it with: gitreg init"
