"""The API server's word on overlays: every built object goes through a dry run, and what it refuses becomes a finding.

The server is a real one without a cluster (server.py), so it knows what no schema says: quantities, names that must
agree, rules in CEL, the pods that a namespace admits, and what nobody may change of an object that is there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.apiserver.definitions import defined_among, definition_files, definitions, definitions_digest
from generator.apiserver.dry_run_batch import Case, Court, Judgement
from generator.apiserver.server import running
from generator.apiserver.session import Session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.crds.definition import Definition
    from generator.disk.tree import Tree
    from generator.findings.progress import Progress
    from generator.inputs.project import Project


def judge(project: Project, tree: Tree, cases: Sequence[Case], progress: Progress) -> list[Judgement]:
    """Judge overlays, each on a server of its cluster's version; the answers come in the order of `cases`.

    Definitions among an overlay's own objects hold for it and for no other: it has a server of its own.
    Raises ToolError when a server cannot be had or goes away, InputError for a definition that cannot be read.
    """
    files = definition_files(tree)
    servers: dict[tuple[str, str], list[Case]] = {}
    for case in cases:
        brought = {f"{each.group} {each.kind}": msgspec.json.encode(each.manifest) for each in _brought(case)}
        version = case.overlay.placement.kubernetes_version
        servers.setdefault((version, definitions_digest(files | brought)), []).append(case)
    answers: dict[str, Judgement] = {}
    for (version, digest), group in servers.items():
        known = {(each.group, each.kind): each for each in (*definitions(files), *_brought(group[0]))}
        with running(version, digest, progress=progress, root=tree.root) as client:
            judgements = Court(Session(client, known), project, progress).judge(group)
        answers |= {case.overlay.folder: judgement for case, judgement in zip(group, judgements, strict=True)}
    return [answers[case.overlay.folder] for case in cases]


def _brought(case: Case) -> list[Definition]:
    return defined_among(case.examined.objects)
