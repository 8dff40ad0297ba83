"""The merge driver and the diff driver, as the real git calls them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from inline_snapshot import snapshot

import gitreg as package
from gitreg.git.drivers import list_drivers
from tests.cli.terminal import experience
from tests.support.command import GitregCommand
from tests.support.repository import Repository

FILE: Final = "artifacts.yaml"
BASE: Final = """\
# Models of the growth team

# churn is trained each week
churn:
  path: models/churn.pkl
  labels: [tabular] # for search
  owner: growth

fraud:
  path: models/fraud.pkl
"""
OURS: Final = BASE.replace("[tabular]", "[weekly, tabular]") + "\nltv:\n  path: models/ltv.pkl\n"
THEIRS: Final = BASE.replace("[tabular]", "[tabular, pii]") + "\n# small\nsegment:\n  path: models/segment.pkl\n"
MERGED: Final = """\
# Models of the growth team

# churn is trained each week
churn:
  path: models/churn.pkl
  labels: [weekly, tabular, pii] # for search
  owner: growth

fraud:
  path: models/fraud.pkl

ltv:
  path: models/ltv.pkl

# small
segment:
  path: models/segment.pkl
"""


@pytest.fixture
def team(repository: Repository) -> Repository:
    """A repository with the drivers."""
    repository.extra["PYTHONPATH"] = str(Path(package.__file__).parent.parent)
    for key, value in list_drivers([sys.executable, "-m", "gitreg"]).items():
        repository.git("config", key, value)
    repository.commit({".gitattributes": "artifacts.yaml merge=gitreg diff=gitreg\n"}, "Attributes")
    return repository


def branch_off(team: Repository, base: str | None, ours: str | None, theirs: str | None, file: str = FILE) -> None:
    """Make a branch ``feature`` with theirs, and stay on ``main`` with ours."""
    if base is not None:
        team.commit({file: base}, "Base")
    team.git("switch", "--quiet", "--create", "feature")
    team.commit({file: theirs}, "Theirs")
    team.git("switch", "--quiet", "main")
    team.commit({file: ours}, "Ours")


def run(team: Repository, *args: str) -> tuple[int, str]:
    """Run git; return its exit code, and what it and the driver say."""
    done = subprocess.run(
        ["git", *args], cwd=team.path, env=team.env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    return done.returncode, done.stdout.decode()


def read(team: Repository, file: str = FILE) -> str:
    return (team.path / file).read_bytes().decode()


def test_what_git_alone_leaves_to_a_person_the_driver_merges(team: Repository) -> None:
    branch_off(team, BASE, OURS, THEIRS)
    assert run(team, "-c", "merge.gitreg.driver=git merge-file %A %O %B", "merge", "feature")[0] == 1
    team.git("merge", "--abort")
    code, said = run(team, "merge", "--no-edit", "feature")
    assert code == 0, said
    assert read(team) == MERGED
    assert team.git("status", "--porcelain") == ""


@pytest.mark.parametrize("command", ["rebase", "cherry-pick"])
def test_commits_that_are_applied_again_are_merged(team: Repository, command: str) -> None:
    branch_off(team, BASE, OURS, THEIRS)
    code, said = run(team, command, "feature")
    assert code == 0, said
    merged = read(team)
    if command == "rebase":  # git applies our commits to theirs, which come first
        merged = merged.replace("[tabular, pii, weekly]", "[weekly, tabular, pii]")
    assert merged == MERGED


def test_a_conflict_is_one_field_between_markers_until_a_person_decides(team: Repository, gitreg: GitregCommand) -> None:
    branch_off(team, BASE, OURS.replace("fraud.pkl", "ours.pkl"), THEIRS.replace("fraud.pkl", "theirs.pkl"))
    code, said = run(team, "merge", "feature")
    assert code == 1
    assert said == snapshot("""\
warning: artifacts.yaml: conflict in fraud: path
hint: choose between the markers, then: gitreg check
Auto-merging artifacts.yaml
CONFLICT (content): Merge conflict in artifacts.yaml
Automatic merge failed; fix conflicts and then commit the result.
""")
    assert re.sub("(<<<<<<<|>>>>>>>) .*", r"\1", read(team)) == MERGED.replace(
        "  path: models/fraud.pkl\n", "<<<<<<<\n  path: models/ours.pkl\n=======\n  path: models/theirs.pkl\n>>>>>>>\n"
    )
    assert experience(gitreg("check")) == snapshot("""\

exit 1
artifacts.yaml:10:1: error GR101 the file has conflict markers
  hint: keep what is right of both sides, delete the lines that begin with '<<<<<<<', '=======' and '>>>>>>>'
1 error in 1 file with 0 entries and 0 registry tags
""")
    marked = read(team)
    start, end = marked.index("<<<<<<<"), marked.index("\n", marked.index(">>>>>>>")) + 1
    (team.path / FILE).write_text(marked[:start] + "  path: models/both.pkl\n" + marked[end:])
    assert gitreg("check").code == 0
    team.git("add", FILE)
    team.git("commit", "--quiet", "--no-edit")
    assert read(team) == MERGED.replace("fraud.pkl", "both.pkl")


def test_conflicts_are_marked_in_the_style_that_git_is_told(team: Repository) -> None:
    branch_off(team, BASE, BASE.replace("fraud.pkl", "o.pkl"), BASE.replace("fraud.pkl", "t.pkl"))
    team.commit({".gitattributes": "artifacts.yaml merge=gitreg conflict-marker-size=9\n"}, "Longer markers")
    assert run(team, "-c", "merge.conflictStyle=diff3", "merge", "feature")[0] == 1
    lines = read(team).splitlines()
    begin = next(number for number, line in enumerate(lines) if line.startswith("<<<<<<<<< "))
    assert lines[begin + 1] == "  path: models/o.pkl"
    assert lines[begin + 2].startswith("||||||||| ")
    assert lines[begin + 3 : begin + 6] == ["  path: models/fraud.pkl", "=========", "  path: models/t.pkl"]
    assert lines[begin + 6].startswith(">>>>>>>>> ")


def test_merges_that_cross_are_merged_again(team: Repository) -> None:
    branch_off(team, BASE, BASE.replace("growth", "ml"), BASE.replace("fraud.pkl", "t.pkl"))
    team.git("tag", "here")
    team.git("tag", "there", "feature")
    team.git("merge", "--quiet", "--no-edit", "there")
    team.git("switch", "--quiet", "feature")
    team.git("merge", "--quiet", "--no-edit", "here")
    team.commit({FILE: read(team) + "\nsegment: {}\n"}, "Theirs again")
    team.git("switch", "--quiet", "main")
    team.commit({FILE: read(team).replace("[tabular]", "[tabular, ours]") + "\nltv: {}\n"}, "Ours again")
    code, said = run(team, "merge", "--no-edit", "feature")
    assert code == 0, said
    changed = BASE.replace("growth", "ml").replace("fraud.pkl", "t.pkl").replace("[tabular]", "[tabular, ours]")
    assert read(team) == changed + "\nltv: {}\n\nsegment: {}\n"


def test_a_file_that_one_side_moved_is_merged_where_it_went(team: Repository) -> None:
    team.commit({FILE: BASE}, "Base")
    team.git("switch", "--quiet", "--create", "feature")
    team.commit({FILE: THEIRS}, "Theirs")
    team.git("switch", "--quiet", "main")
    (team.path / "it's -x").mkdir()
    team.git("mv", FILE, f"it's -x/{FILE}")
    team.commit({f"it's -x/{FILE}": OURS}, "Ours")
    code, said = run(team, "merge", "--no-edit", "feature")
    assert code == 0, said
    assert read(team, f"it's -x/{FILE}") == MERGED


@pytest.mark.parametrize("folder", ["-x", "a b", 'say "no"', "$(touch pwned)", "`touch pwned`;touch pwned", "ünï\ncode"])
def test_a_path_is_only_a_word(team: Repository, folder: str) -> None:
    file = f"{folder}/{FILE}"
    branch_off(team, BASE, OURS, THEIRS.replace("fraud.pkl", "t.pkl"), file)
    assert run(team, "merge", "--no-edit", "feature")[0] == 0
    assert read(team, file) == MERGED.replace("fraud.pkl", "t.pkl")
    assert "+fraud.path: models/t.pkl" in team.git("diff", "HEAD^", "--", file)
    (team.path / file).write_text(MERGED + "\nnew: {}\n")  # git hands the file of the work tree itself to the driver
    assert "+new: {}" in team.git("diff")
    assert not (team.path / "pwned").exists()


def test_a_file_that_both_sides_added_is_merged(team: Repository) -> None:
    branch_off(team, None, "a:\n  labels: [y]\n\nb: {}\n", "a:\n  labels: [x]\n")
    code, said = run(team, "merge", "--no-edit", "feature")
    assert code == 0, said
    assert read(team) == "a:\n  labels: [y, x]\n\nb: {}\n"


def test_a_file_that_one_side_made_executable_is_so(team: Repository) -> None:
    branch_off(team, BASE, OURS, THEIRS)
    (team.path / FILE).chmod(0o755)
    team.git("commit", "--quiet", "--all", "--message", "Executable")
    assert run(team, "merge", "--no-edit", "feature")[0] == 0
    assert read(team) == MERGED
    assert team.git("ls-files", "--stage", FILE).startswith("100755")
    assert os.access(team.path / FILE, os.X_OK)


def test_line_ends_stay(team: Repository) -> None:
    ours, theirs = OURS.replace("\n", "\r\n"), THEIRS.replace("\n", "\r\n")
    branch_off(team, BASE.replace("\n", "\r\n"), ours, theirs)
    assert run(team, "merge", "--no-edit", "feature")[0] == 0
    assert read(team) == MERGED.replace("\n", "\r\n")


def test_a_file_that_cannot_be_read_is_merged_as_git_does(team: Repository, gitreg: GitregCommand) -> None:
    branch_off(team, BASE, OURS + "broken: [\n", THEIRS)
    code, said = run(team, "merge", "--no-edit", "feature")
    assert code == 1
    assert said == snapshot("""\
note: artifacts.yaml: merged line by line; line 14 of our side: the file is no YAML: did not find expected node content
hint: choose between the markers, then: gitreg check
Auto-merging artifacts.yaml
CONFLICT (content): Merge conflict in artifacts.yaml
Automatic merge failed; fix conflicts and then commit the result.
""")
    merged = read(team)
    assert merged.count("<<<<<<<") == merged.count(">>>>>>>") == 2
    assert "[weekly, tabular]" in merged
    assert "[tabular, pii]" in merged


def test_a_file_that_cannot_be_read_and_does_not_conflict_is_merged_by_git(team: Repository) -> None:
    base = "x: &x {}\n" + BASE
    branch_off(team, base, base.replace("growth", "ml"), base + "\nltv: {}\n")
    assert run(team, "merge", "--no-edit", "feature")[0] == 0
    assert read(team) == base.replace("growth", "ml") + "\nltv: {}\n"


def test_bytes_that_are_no_text_stay_as_ours_and_are_a_conflict(team: Repository, tmp_path: Path, gitreg: GitregCommand) -> None:
    for name, content in (("base", b"a: {}\n"), ("ours", b"a: \0\n"), ("theirs", b"b: {}\n")):
        (tmp_path / name).write_bytes(content)
    files = [str(tmp_path / name) for name in ("base", "ours", "theirs")]
    result = gitreg("hooks", "merge", "--", *files, "7", FILE)
    assert result.code == 1
    assert "not merged" in result.stderr
    assert (tmp_path / "ours").read_bytes() == b"a: \0\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["base", "ours", "repository", "theirs"]


def test_the_names_that_git_has_for_the_sides_stand_behind_the_markers(tmp_path: Path, gitreg: GitregCommand) -> None:
    for name in ("base", "ours", "theirs"):
        (tmp_path / name).write_text(f"a:\n  path: {name}\n")
    files = [str(tmp_path / name) for name in ("base", "ours", "theirs")]
    style = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "merge.conflictStyle", "GIT_CONFIG_VALUE_0": "zdiff3"}
    result = gitreg("hooks", "merge", "--", *files, "7", FILE, "1a2b3c4", "HEAD", "5d6e7f8 (Say \x1b[2J it)", env=style)
    assert result.code == 1
    assert (tmp_path / "ours").read_text() == (
        "a:\n<<<<<<< HEAD\n  path: ours\n||||||| 1a2b3c4\n  path: base\n=======\n  path: theirs\n>>>>>>> 5d6e7f8 (Say ?[2J it)\n"
    )


def test_a_file_that_is_not_there_stops_the_merge(gitreg: GitregCommand) -> None:
    assert experience(gitreg("hooks", "merge", "--", "base", "ours", "theirs", "7", FILE)) == snapshot("""\

exit 129
---- stderr
error: cannot read ours: No such file or directory
hint: abort the merge and try again: git merge --abort
""")
    assert gitreg("hooks", "merge", "base", "ours", "theirs", "7", FILE).code == 129


def test_a_difference_is_shown_field_by_field(team: Repository) -> None:
    branch_off(
        team,
        BASE,
        BASE,
        THEIRS.replace("fraud.pkl", "new.pkl").replace("  owner: growth\n", "  description: |\n    One.\n    Two.\n"),
    )
    assert team.git("diff", "main", "feature") == snapshot("""\
diff --git a/artifacts.yaml b/artifacts.yaml
index 55c0944..0b7b8a5 100644
--- a/artifacts.yaml
+++ b/artifacts.yaml
@@ -1,4 +1,7 @@
 churn.path: models/churn.pkl
+churn.description: One.
+churn.description: Two.
 churn.labels: tabular
-churn.owner: growth
-fraud.path: models/fraud.pkl
+churn.labels: pii
+fraud.path: models/new.pkl
+segment.path: models/segment.pkl\
""")
    assert team.git("log", "-1", "-p", "-U0", "--format=%s", "feature") == snapshot("""\
Theirs

diff --git a/artifacts.yaml b/artifacts.yaml
index 55c0944..0b7b8a5 100644
--- a/artifacts.yaml
+++ b/artifacts.yaml
@@ -1,0 +2,2 @@ churn
+churn.description: One.
+churn.description: Two.
@@ -3,2 +5,3 @@ churn
-churn.owner: growth
-fraud.path: models/fraud.pkl
+churn.labels: pii
+fraud.path: models/new.pkl
+segment.path: models/segment.pkl\
""")
    assert "+churn.labels: pii" in team.git("show", "feature")
    assert team.git("diff", "--no-textconv", "-U0", "main", "feature") == snapshot("""\
diff --git a/artifacts.yaml b/artifacts.yaml
index 55c0944..0b7b8a5 100644
--- a/artifacts.yaml
+++ b/artifacts.yaml
@@ -6,2 +6,4 @@ churn
-  labels: [tabular] # for search
-  owner: growth
+  labels: [tabular, pii] # for search
+  description: |
+    One.
+    Two.
@@ -10 +12,5 @@ fraud
-  path: models/fraud.pkl
+  path: models/new.pkl
+
+# small
+segment:
+  path: models/segment.pkl\
""")


def test_the_history_of_one_entry_can_be_asked_for(team: Repository) -> None:
    branch_off(team, BASE, BASE.replace("fraud.pkl", "new.pkl"), THEIRS)
    assert team.git("log", "--format=%s", "-s", f"-L:fraud:{FILE}") == "Ours\nBase"


def test_each_field_has_its_own_blame(team: Repository) -> None:
    team.commit({FILE: BASE}, "Base")
    first = team.git("rev-parse", "--short=8", "HEAD")
    second = team.commit({FILE: BASE.replace("[tabular]", "[tabular, pii]")}, "Label")[:8]
    blamed = [line.partition(" ")[0] + line.partition(")")[2] for line in team.git("blame", "--abbrev=7", FILE).splitlines()]
    assert blamed == [
        f"{first} churn.path: models/churn.pkl",
        f"{first} churn.labels: tabular",
        f"{second} churn.labels: pii",
        f"{first} churn.owner: growth",
        f"{first} fraud.path: models/fraud.pkl",
    ]


def test_a_file_that_cannot_be_read_still_shows_what_changed(team: Repository) -> None:
    branch_off(team, BASE, BASE, BASE.replace("[tabular]", "[tabular") + "\nbad: \x1b[2J\u202e\n")
    assert team.git("diff", "-U0", "main", "feature") == snapshot("""\
diff --git a/artifacts.yaml b/artifacts.yaml
index 55c0944..d65a8e6 100644
--- a/artifacts.yaml
+++ b/artifacts.yaml
@@ -1,3 +1,4 @@
-churn.path: models/churn.pkl
-churn.labels: tabular
-churn.owner: growth
+churn:
+  path: models/churn.pkl
+  labels: [tabular # for search
+  owner: growth
@@ -4,0 +6 @@ fraud
+bad: \\x1b[2J\\u{202e}\
""")


def test_a_conflict_is_shown_beside_what_is_merged(team: Repository) -> None:
    branch_off(team, BASE, OURS.replace("fraud.pkl", "ours.pkl"), THEIRS.replace("fraud.pkl", "theirs.pkl"))
    run(
        team,
        "-c",
        "merge.gitreg.driver=" + team.git("config", "merge.gitreg.driver").replace(" %S %X %Y", ""),
        "merge",
        "feature",
    )
    assert team.git("diff") == snapshot("""\
diff --cc artifacts.yaml
index d536307,ac4fbc3..0000000
--- a/artifacts.yaml
+++ b/artifacts.yaml
@@@ -1,6 -1,6 +1,13 @@@
  churn.path: models/churn.pkl
 +churn.labels: weekly
  churn.labels: tabular
+ churn.labels: pii
  churn.owner: growth
- fraud.path: models/ours.pkl
 -fraud.path: models/theirs.pkl
++fraud: null
++<<<<<<< ours
++  path: models/ours.pkl
++=======
++  path: models/theirs.pkl
++>>>>>>> theirs
 +ltv.path: models/ltv.pkl
+ segment.path: models/segment.pkl\
""")
