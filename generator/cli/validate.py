"""`fairlead validate`: prove what is on disk."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from generator.cli.common import (
    TerminalProgress,
    format_option,
    no_install_option,
    notes_outside_git,
    open_tree,
    root_option,
)
from generator.findings.answer import Answer, Part
from generator.pipeline import validate
from generator.report.report import report_data, report_text

if TYPE_CHECKING:
    from pathlib import Path


@click.command("validate", epilog="Example: fairlead validate --format json")
@click.option(
    "--base",
    metavar="REF",
    help="No service may be lost since HEAD left REF; in CI `origin/main`, with the history fetched. [default: HEAD]",
)
@click.option(
    "--api-server",
    is_flag=True,
    help="Ask a throw-away Kubernetes API server of each cluster's version too. It needs no cluster, and stays in "
    "memory (about 0.5 GB) until ten minutes after its last use; `fairlead tools stop` ends it now.",
)
@click.option("--own", is_flag=True, help="List every field that own files (patches, resources) change (OWN001).")
@no_install_option
@root_option
@format_option
def command(base: str | None, root: Path | None, *, api_server: bool, own: bool) -> Answer:
    """Prove what kustomize builds, and check it.

    Every kustomization passes a gate, every overlay is built by the real kustomize and must equal what the pages say,
    every built object is held against the Kubernetes schemas and the rules, and no service may vanish from an
    environment without `fairlead retire`. With --api-server every object goes through a server-side dry run as well,
    and changes against REF through one over what ran before: quantities, names that must agree, rules of CRDs, pods
    that a namespace would not admit, immutable fields. Exit 1 if anything speaks against the repository.
    """
    report = validate(open_tree(root), TerminalProgress(), datetime.now(UTC), base, api_server=api_server)
    return Answer(
        text=lambda: [Part.of_text(report_text(report, own=own))],
        data=lambda: report_data(report),
        findings=lambda: report.findings,
        notes=notes_outside_git(root),
        exit_code=int(report.errors > 0),
    )
