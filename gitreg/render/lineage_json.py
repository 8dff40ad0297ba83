"""Where a version comes from, as JSON."""

from __future__ import annotations

from gitreg.core.lineage import Containment, Lineage
from gitreg.render.json_values import Shape, shape_commit, shape_plain, shape_problem
from gitreg.render.text import format_iso_time


def shape_lineage(lineage: Lineage) -> Shape:
    """Shape what `trace` answers."""
    return {
        "artifact": lineage.artifact,
        "version": lineage.version,
        "commit": lineage.commit,
        "active": lineage.active,
        "registered_at": None if lineage.registered_at is None else format_iso_time(lineage.registered_at),
        "registered_by": lineage.registered_by,
        "registered_by_email": lineage.registered_by_email,
        "reverse": lineage.reverse,
        "root": lineage.root,
        "nodes": [
            {"id": node.id, "kind": node.kind.value, "label": node.label, "facts": shape_plain(node.facts)}
            for node in lineage.nodes
        ],
        "edges": [{"source": edge.source, "target": edge.target, "kind": edge.kind} for edge in lineage.edges],
        "previous": lineage.previous,
        "code": list(lineage.code),
        "commits": [{**shape_commit(found), "files": found.files} for found in lineage.commits],
        "commits_total": lineage.commits_total,
        "people": [{"name": name, "commits": count} for name, count in lineage.people],
        "packages": [
            {"name": package.name, "version": package.version, "specifier": package.specifier, "file": package.file}
            for package in lineage.packages
        ],
        "params": shape_plain(lineage.params),
        "metrics": shape_plain(lineage.metrics),
        "notes": list(lineage.notes),
        "problems": [shape_problem(problem) for problem in lineage.problems],
    }


def shape_containment(found: Containment) -> Shape:
    """Shape what `trace --contains` answers."""
    return {
        "artifact": found.artifact,
        "version": found.version,
        "stage": found.stage,
        "commit": found.commit,
        "subject": found.subject,
        "target": found.target,
        "contained": found.contained,
        "versions": list(found.versions),
        "first": found.first,
        "first_at": None if found.first_at is None else format_iso_time(found.first_at),
    }
