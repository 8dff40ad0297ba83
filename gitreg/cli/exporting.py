"""The commands that hand the registry on."""

from __future__ import annotations

from typing import Annotated

import typer

from gitreg.cli.app import READ, command
from gitreg.cli.options import At, Fetch, Json, Repo, Selector, refuse_without
from gitreg.core.exports import Format
from gitreg.errors import UsageFault


@command(
    "export",
    READ,
    "gitreg export --format sqlite -o registry.db",
    "gitreg export --what versions --format csv > versions.csv",
    "gitreg export --what metrics,params --format parquet -o tables/",
    "gitreg export --what events | jq .stage",
)
def export(
    what: Annotated[
        list[str] | None,
        typer.Option(
            "--what",
            "-w",
            metavar="TABLE,...",
            help="Tables: versions, events, metrics, params, packages, data, lineage, or all. Default: all.",
            show_default=False,
        ),
    ] = None,
    format: Annotated[Format, typer.Option("--format", "-f", help="How they are written.")] = Format.JSONL,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="PATH",
            show_default=False,
            help="The file; of several tables the folder. Default: standard output, for one table of jsonl or csv.",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace what is there.")] = False,
    active: Annotated[
        bool, typer.Option("--active", help="Leave out deregistered versions, and those of deprecated artifacts.")
    ] = False,
    at: At = None,
    fetch: Fetch = False,
    json: Json = False,
    repo: Repo = ".",
) -> None:
    """Write the registry as tables, for whatever reads such.

    All versions that were ever registered are in them; 'artifact' and 'version' join the tables. SQLite is one file with all
    tables. Of several tables in another format each is a file in a folder, and a single one is the file itself. Rows are in the
    order of show: artifacts by name, the greatest version first; events are in the order in which they happened.

    \b
    versions   registration, stages held now, entry, and where the bytes are
    events     what each tag states
    metrics    value and text of each metric, with its goal
    params     value and text of each parameter
    packages   exact versions, or what is allowed
    data       what pipelines start from, with hashes
    lineage    arrows of the graph that trace shows

    In CSV a text that a spreadsheet would take for a formula gets a ' before it; numbers stay numbers. The other formats keep
    every text as it is. Parquet needs: pip install 'gitreg-ml[parquet]'
    """  # noqa: D301  backspaces keep paragraphs as they are
    from gitreg.cli.exported import answer_exported, choose_writer
    from gitreg.registry import Registry

    to = None if output == "-" else output
    if to is None and json:
        raise UsageFault("--json tells what was written to a place, and there is none", hint="say where to: -o PATH")
    with Registry(repo) as registry:
        exported = registry.export(
            to, what=what or (), format=format, force=force, active=active, at=at, fetch=fetch, write=choose_writer(format)
        )
    answer_exported(exported, json=json)


@command("card", READ, "gitreg card 'churn#prod'", "gitreg card churn@v1.2.0 -o README.md", "gitreg card churn@latest --repo URL")
def card(
    selector: Selector,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="FILE", show_default=False, help="The file. Default: standard output."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", "-f", help="Replace what is there.")] = False,
    at: At = None,
    fetch: Fetch = False,
    repo: Repo = ".",
) -> None:
    """Write a model card, with the head that Hugging Face reads.

    Markdown: what the model is, its version and the stages that it holds, metrics with those of the version before, training data
    and parameters, how it was made, its environment, inputs and outputs, people, and how to get it. The YAML at its head has
    license, library_name, pipeline_tag, tags, base_model, datasets, metrics and model-index, as far as the entry and the files
    of the commit say them. Text of the repository stays text: it is neither link nor HTML.
    """
    from gitreg.cli import console
    from gitreg.registry import Registry

    to = None if output == "-" else output
    refuse_without("--output", to is not None, force=force)
    with Registry(repo) as registry:
        text = registry.card(selector, to, force=force, at=at, fetch=fetch)
    if to is None:
        console.write(console.guard(text))
    else:
        console.say(f"Wrote the card of {selector} to {to}")
