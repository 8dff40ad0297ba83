"""The options for the fields of an entry, which `annotate` and `add` share."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import typer

Type: TypeAlias = Annotated[str | None, typer.Option("--type", help="What it is: model, dataset, ...")]
Description: TypeAlias = Annotated[str | None, typer.Option("--description", metavar="TEXT", help="Plain text or Markdown.")]
Label: TypeAlias = Annotated[list[str] | None, typer.Option("--label", help="A label to add; may be repeated.")]
Owner: TypeAlias = Annotated[str | None, typer.Option("--owner", help="Person or team.")]
License: TypeAlias = Annotated[str | None, typer.Option("--license", metavar="SPDX", help="Licence, such as Apache-2.0.")]
Framework: TypeAlias = Annotated[str | None, typer.Option("--framework", help="What runs it: onnx, sklearn, ...")]
Task: TypeAlias = Annotated[str | None, typer.Option("--task", help="What it does: classification, ...")]
Homepage: TypeAlias = Annotated[str | None, typer.Option("--homepage", metavar="URL", help="Where to read more.")]
Base: TypeAlias = Annotated[str | None, typer.Option("--base", help="The artifact or model that this one was made from.")]
Metrics: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--metrics", metavar="FILE[:KEY,...]", help="A file with its metrics, and which of them; may be repeated."),
]
Params: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--params", metavar="FILE[:KEY,...]", help="A file with its parameters, and which of them; may be repeated."),
]
Goal: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--goal", metavar="METRIC=higher|lower", help="Which way a metric gets better; may be repeated."),
]
Custom: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--custom", metavar="KEY=VALUE", help="Anything else; the value is JSON, or text; may be repeated."),
]
