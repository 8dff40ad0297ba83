from __future__ import annotations

import json
import re

import jsonschema
import pytest
from inline_snapshot import snapshot

from gitreg.render import schemas
from tests.cli.terminal import experience
from tests.support.command import GitregCommand, Result
from tests.support.repository import Repository


def seen(repository: Repository, result: Result) -> str:
    """Write a run as one text without the place of the temporary folder and the program."""
    text = experience(result).replace(str(repository.path), "REPOSITORY")
    return re.sub(r": gitreg hooks install; [^\n]*", "...", text)


def test_what_is_installed_and_uninstalled_is_said(repository: Repository, gitreg: GitregCommand) -> None:
    path = repository.path / ".git/hooks/pre-push"
    path.parent.mkdir()
    path.write_text("#!/bin/sh\n")
    assert seen(repository, gitreg("hooks", "install", "--dry-run")) == snapshot("""\

exit 0
Would keep the hook that is there as REPOSITORY/.git/hooks/pre-push.before-gitreg
Would write REPOSITORY/.git/hooks/pre-push
Would set merge.gitreg.name to gitreg: entry by entry
Would set merge.gitreg.recursive to text
Would set diff.gitreg.xfuncname to ^([A-Za-z0-9][A-Za-z0-9_/-]*)[:.]
Would set merge.gitreg.driver to ...
Would set diff.gitreg.textconv to ...
---- stderr
note: no .gitattributes names the drivers yet, so git does not use them; write it with: gitreg init
""")
    assert seen(repository, gitreg("hooks", "install")) == snapshot("""\

exit 0
Kept the hook that was there as REPOSITORY/.git/hooks/pre-push.before-gitreg; it runs first
Wrote REPOSITORY/.git/hooks/pre-push
Set merge.gitreg.name
Set merge.gitreg.recursive
Set diff.gitreg.xfuncname
Set merge.gitreg.driver
Set diff.gitreg.textconv
---- stderr
note: no .gitattributes names the drivers yet, so git does not use them; write it with: gitreg init
""")
    assert seen(repository, gitreg("hooks", "install")) == snapshot("""\

exit 0
Nothing to change: all is installed
---- stderr
note: no .gitattributes names the drivers yet, so git does not use them; write it with: gitreg init
""")
    assert seen(repository, gitreg("hooks", "uninstall")) == snapshot("""\

exit 0
Put back REPOSITORY/.git/hooks/pre-push, as it was before
Unset merge.gitreg.name
Unset merge.gitreg.recursive
Unset diff.gitreg.xfuncname
Unset merge.gitreg.driver
Unset diff.gitreg.textconv
""")
    assert seen(repository, gitreg("hooks", "uninstall")) == snapshot("""\

exit 0
Nothing to change: nothing is installed
""")


def test_a_hook_that_somebody_changed_is_said(repository: Repository, gitreg: GitregCommand) -> None:
    gitreg("hooks", "install")
    with (repository.path / ".git/hooks/pre-push").open("a") as file:
        file.write("echo mine\n")
    assert seen(repository, gitreg("hooks", "uninstall")) == snapshot("""\

exit 5
---- stderr
error: the hook 'REPOSITORY/.git/hooks/pre-push' was changed by hand since gitreg wrote it
hint: move what you added into a file pre-push.before-gitreg beside it, which runs first; then remove REPOSITORY/.git/hooks/pre-push and run it again
""")


def test_init_does_it_at_once(repository: Repository, gitreg: GitregCommand) -> None:
    assert seen(repository, gitreg("init", "--hooks")) == snapshot("""\

exit 0
Created .gitreg.yaml
Created artifacts.yaml
Created .gitattributes
Wrote REPOSITORY/.git/hooks/pre-push
Set merge.gitreg.name
Set merge.gitreg.recursive
Set diff.gitreg.xfuncname
Set merge.gitreg.driver
Set diff.gitreg.textconv
---- stderr
hint: commit them: git add .gitreg.yaml artifacts.yaml .gitattributes && git commit
""")


@pytest.mark.parametrize(
    ("command", "schema"), [("hooks install", "hooks"), ("hooks uninstall", "hooks"), ("init --hooks", "write")]
)
def test_the_same_as_json_follows_its_schema(command: str, schema: str, repository: Repository, gitreg: GitregCommand) -> None:
    document = json.loads(gitreg(*command.split(), "--json").stdout)
    jsonschema.Draft202012Validator(schemas.load(schema)).validate(document)
    if schema == "write":
        jsonschema.Draft202012Validator(schemas.load("hooks")).validate({"schema_version": 1, **document["hooks"]})
