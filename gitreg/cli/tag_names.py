"""The commands that read tags, for hooks and CI."""

from __future__ import annotations

from typing import Annotated

import typer

from gitreg.cli.app import READ, command
from gitreg.cli.options import Fetch, JobTag, Json, Repo


@command(
    "check-ref", READ, "gitreg check-ref 'churn#prod#3'", "gitreg check-ref refs/tags/churn@v1.2.0 --json", "gitreg check-ref"
)
def check_ref(
    tag: JobTag = None,
    fetch: Fetch = False,
    json: Json = False,
    repo: Repo = ".",
) -> None:
    """Say what event a tag states.

    Exits with 1 if it is no registry tag. In CI, without an argument, it looks at the tag that started the job.
    """
    from gitreg.cli.answers import answer_event
    from gitreg.cli.surroundings import find_job_tag
    from gitreg.registry import Registry

    with Registry(repo) as registry:
        event = registry.check_ref(tag or find_job_tag(), fetch=fetch)
    answer_event(event, json=json)


@command("parse-tag", READ, "gitreg parse-tag 'churn#prod#3'", "gitreg parse-tag churn@v1.2.0 --json")
def parse_tag(
    tag: Annotated[str, typer.Argument(metavar="TAG", help="The name of a tag, which need not exist.", show_default=False)],
    json: Json = False,
) -> None:
    """Print the parts of the name of a tag.

    Needs no repository; exits with 1 if it is no registry tag.
    """
    from gitreg.cli.answers import answer_tag_name
    from gitreg.registry import Registry

    answer_tag_name(Registry.parse_tag(tag), json=json)
