from __future__ import annotations

from typing import Any

import pytest
from inline_snapshot import snapshot

from gitreg.cli.app import LOOK_AFTER, READ, WRITE
from gitreg.cli.commands import MODULES, load_commands
from tests.cli.terminal import experience
from tests.support.command import GitregCommand

COMMANDS: dict[str, Any] = load_commands().commands
ALL: dict[str, Any] = {
    f"{name} {inner}".strip(): command
    for name, outer in COMMANDS.items()
    for inner, command in getattr(outer, "commands", {"": outer}).items()
}
"""Commands, those of groups by both names."""


def test_the_help_is_grouped(gitreg: GitregCommand) -> None:
    assert experience(gitreg("--help")) == snapshot("""\

exit 0
Usage: gitreg [OPTIONS] COMMAND [ARGS]...

  A model registry that is your git repository.

  Versions and stages are annotated tags, metadata is YAML in commits: whoever
  has a clone has the registry.

Write:
  init        Write the files that a registry begins with.
  annotate    Write or change what artifacts.yaml says of an artifact.
  remove      Remove what artifacts.yaml says of an artifact.
  add         Let DVC keep a file or folder, and write its entry.
  register    Register a version of an artifact.
  assign      Assign a stage to a version (alias: promote).
  unassign    Take a stage off a version.
  rollback    Assign a stage to the holder before the current one.
  deregister  Withdraw a version.
  deprecate   Mark an artifact as no longer of use.
  push        Publish the registry tags that the remote lacks.
  notify      Tell people and programs what a tag changed.

Read:
  show       Show the registry, an artifact, or a version.
  history    List what happened, newest first.
  resolve    Print the version that a selector stands for, on one line.
  stages     List the stages and what holds them.
  search     Find the versions that are like this.
  get        Fetch the bytes of a version, and check them.
  url        Print where the bytes of a version are.
  inspect    Say what a model takes and gives, and what loading it runs.
  compare    Show how versions differ, and first what is likely to matter.
  diff       Show what changed in the registry between two revisions.
  export     Write the registry as tables, for whatever reads such.
  card       Write a model card, with the head that Hugging Face reads.
  reproduce  Check a version out with its data, to make it again.
  trace      Show what a version was made from, and by whom.
  reconcile  Compare what is deployed with what the registry says.
  feed       Write what happened as a feed (Atom), for readers of news.
  check-ref  Say what event a tag states.
  parse-tag  Print the parts of the name of a tag.
  ci         Say in a job of CI what event started it.

Look after:
  check       Find every problem in files, tags and state.
  doctor      Find out whether this machine and clone are fit.
  completion  Print the script that makes a shell complete with Tab.
  verify      Find out whether the bytes of versions are really there.
  gc          Delete bytes that no tag, branch or other ref needs.
  cache       Show or clear what is kept of repositories read by URL.
  hooks       Let git call gitreg: before a push, in a merge, in a diff.

Options:
  --version      Print the version.
  -q, --quiet    Print data and errors only.
  -v, --verbose  Print the traceback of an error.
  -h, --help     Show this message and exit.

  Examples:
    gitreg register churn --bump minor --push
    gitreg assign churn@latest prod --push
    gitreg show churn
    git checkout $(gitreg resolve 'churn#prod' --commit)

  gitreg COMMAND --help says more of each command.
""")


def test_no_command_at_all_is_the_help_and_a_wrong_command_line(gitreg: GitregCommand) -> None:
    nothing, asked = gitreg(), gitreg("-h")
    assert (nothing.stdout, nothing.code) == (asked.stdout, 2)


def test_the_help_of_a_command_has_examples(gitreg: GitregCommand) -> None:
    assert experience(gitreg("resolve", "-h")) == snapshot("""\

exit 0
Usage: gitreg resolve [OPTIONS] SELECTOR

  Print the version that a selector stands for, on one line.

Arguments:
  SELECTOR  What is meant: 'churn@v1.2.0', 'churn@latest', 'churn@stable' or
            'churn#prod'.  [required]

Options:
  --commit             Print the full id of the commit.
  --tag                Print the name of the tag that says so.
  --path               Print the path of the artifact, from the root of the
                       repository.
  --at TIME|REV        Look at the registry as it was then: an ISO date or
                       time, or a revision.
  --fetch              Bring the registry tags of the remote first.
  --json               Print JSON.
  -r, --repo PATH|URL  A folder in the repository, or its address: https, ssh,
                       git or file.  [env var: GITREG_REPO]
  -q, --quiet          Print data and errors only.
  -v, --verbose        Print the traceback of an error.
  -h, --help           Show this message and exit.

  Examples:
    gitreg resolve 'churn#prod'
    git checkout $(gitreg resolve churn@latest --commit)
""")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_sentence_a_group_and_examples(name: str) -> None:
    command = COMMANDS[name]
    assert command.help
    assert command.rich_help_panel in {WRITE, READ, LOOK_AFTER}
    assert f"gitreg {name}" in command.epilog


@pytest.mark.parametrize("name", ALL)
def test_every_argument_and_option_has_help(name: str) -> None:
    assert [parameter.name for parameter in ALL[name].params if not parameter.help] == []


@pytest.mark.parametrize("name", ALL)
def test_the_sentence_of_a_command_fits_into_the_list(name: str) -> None:
    assert not ALL[name].get_short_help_str(62).endswith("...")


@pytest.mark.parametrize("name", sorted(ALL.keys() - COMMANDS.keys()))
def test_every_command_of_a_group_has_a_sentence_and_examples(name: str) -> None:
    assert ALL[name].help
    assert f"gitreg {name}" in ALL[name].epilog


def test_every_command_is_found_by_its_module() -> None:
    assert sorted({name for names in MODULES.values() for name in names}) == sorted(COMMANDS)


def test_a_writer_can_rehearse_and_all_that_print_data_print_json() -> None:
    def lacking(option: str, *without: str) -> set[str]:
        return {name for name, command in ALL.items() if not any(option in one.opts for one in command.params)} - set(without)

    writers = {name for name, command in COMMANDS.items() if command.rich_help_panel == WRITE}
    assert lacking("--dry-run") & writers == set()
    by_git = {"hooks run", "hooks merge", "hooks textconv"}  # whoever starts them says where and reads no data
    assert lacking("--json", "card", "completion", "cache", "feed", *by_git) == set()  # a card is one text with YAML in it
    assert lacking("--repo", "completion", "cache", "parse-tag", *by_git) == set()


def test_a_typing_error_is_answered_with_what_was_meant(gitreg: GitregCommand) -> None:
    assert experience(gitreg("shw")) == snapshot("""\

exit 2
---- stderr
error: no such command 'shw'
hint: did you mean 'show'?
""")
    assert experience(gitreg("show", "--labl", "x")) == snapshot("""\

exit 2
---- stderr
error: no such option: --labl
hint: did you mean --all, --at, --label?
""")
    assert experience(gitreg("resolve")) == snapshot("""\

exit 2
---- stderr
error: missing argument 'SELECTOR'
hint: see: gitreg resolve --help
""")
    assert experience(gitreg("resolve", "a@latest", "b")) == snapshot("""\

exit 2
---- stderr
error: got unexpected extra argument(s) (b)
hint: see: gitreg resolve --help
""")
    assert experience(gitreg("history", "--limit", "-1")) == snapshot("""\

exit 2
---- stderr
error: invalid value for '--limit' / '-n': -1 is not in the range x>=0
hint: see: gitreg history --help
""")
    assert experience(gitreg("history", "--limit")) == snapshot("""\

exit 2
---- stderr
error: option '--limit' requires an argument
hint: see: gitreg --help
""")


def test_flags_work_before_and_after_the_command(gitreg: GitregCommand) -> None:
    assert gitreg("--quiet", "show") == gitreg("show", "-q")
    assert "Traceback" in gitreg("show", "nothing", "--verbose").stderr
    assert "Traceback" in gitreg("-v", "show", "nothing").stderr


def test_the_version_is_printed(gitreg: GitregCommand) -> None:
    assert gitreg("--version").stdout.startswith("gitreg ")
    assert gitreg("--version", "--quiet") == gitreg("--version")
