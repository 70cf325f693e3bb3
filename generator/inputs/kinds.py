"""The `kinds:` of a system's page: each must be a kind that there is, and one that stands in a namespace."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from generator.crds.definition import at, read_manifest
from generator.crds.files import DEFINITION, FOLDER
from generator.findings.nearest import nearest
from generator.kubernetes.packs import crd_pack, schema_folder
from generator.rules.spec import SPC008, SPC009

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.disk.tree import Tree
    from generator.findings.finding import Finding, Place
    from generator.inputs.project import Project

GroupKind = tuple[str, str]

_NAMESPACED = "Namespaced"

# Kinds of Kubernetes in a namespace that there are no schemas for: a person sees them in Argo CD, nobody writes them.
_SEEN = {
    "": "Event PodTemplate ReplicationController",
    "apps": "ControllerRevision",
    "coordination.k8s.io": "Lease",
    "events.k8s.io": "Event",
    "resource.k8s.io": "ResourceClaim ResourceClaimTemplate",
    "storage.k8s.io": "CSIStorageCapacity",
}


def unfit_kinds(project: Project, tree: Tree) -> Iterator[Finding]:
    """Yield a complaint for each of a system's `kinds` that does not exist, or that no namespace holds."""
    if not any(system.kinds for system in project.systems.values()):
        return
    known = {**_of_kubernetes(), **_of_definitions(tree)}
    bare = _of_schemas(tree) - {_shown(each).lower() for each in known}  # without a definition beside it
    for name, system in project.systems.items():
        document = project.documents[f"systems/{name}.yaml"]
        for number, text in enumerate(system.kinds):
            if text.lower() not in bare:
                yield from _unfit(text, known, document.place(("kinds", number)))


def _unfit(text: str, known: dict[GroupKind, bool], place: Place) -> Iterator[Finding]:
    """`known` says of each kind whether a namespace holds it."""
    group, _, kind = text.rpartition("/")
    if (group, kind) not in known:
        where = f"group {group}" if group else "the core group"
        yield SPC009.complaint(place, f"no kind '{kind}' in {where}", _meant(group, kind, known))
    elif not known[group, kind]:
        message = f"'{text}' belongs to no namespace, and a system syncs nothing beside its namespaces"
        yield SPC008.complaint(place, message, "drop it, and give such objects to whoever runs the platform")


def _meant(group: str, kind: str, known: dict[GroupKind, bool]) -> str:
    """Return the kind of that name in another group, else the nearest in its own, for an unknown group the nearest."""
    namespaced = [each for each, is_namespaced in known.items() if is_namespaced]
    same = [_shown(each) for each in namespaced if each[1] == kind]
    beside = [each[1] for each in namespaced if each[0] == group]
    text = _shown((group, kind))
    found = nearest(text, same) or (same[0] if len(same) == 1 else None)
    if not found and (near := nearest(kind, beside)):
        found = _shown((group, near))
    if not found and not beside:
        found = nearest(text, map(_shown, namespaced))
    if found:
        return f"did you mean '{found}'?"
    return "`fairlead schemas add CRD.yaml` makes a kind known by its definition"


def _shown(each: GroupKind) -> str:
    return "/".join(part for part in each if part)


def _of_kubernetes() -> dict[GroupKind, bool]:
    from generator.rules.limits import CLUSTER_WIDE  # with all rules: 50 ms, for a system with kinds of its own

    lines = (schema_folder() / "kinds.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split() for line in lines if not line.startswith("#"))
    packed = {(version.rpartition("/")[0], kind) for version, kind in pairs}
    seen = {(group, kind) for group, kinds in _SEEN.items() for kind in kinds.split()}
    return dict.fromkeys(packed | seen, True) | dict.fromkeys(CLUSTER_WIDE, False)


def _of_definitions(tree: Tree) -> dict[GroupKind, bool]:
    """Return the custom kinds: those that Fairlead brings along, and the repository's own over them."""
    brought = (path.read_bytes() for path in sorted(crd_pack().glob(f"*/*{DEFINITION}")))
    own = (tree.files[path] for path in tree.under(FOLDER) if PurePosixPath(path).name.endswith(DEFINITION))
    return dict(found for data in (*brought, *own) if (found := _defined(data)))


def _of_schemas(tree: Tree) -> set[str]:
    """Return `group/kind`, in small letters, of each JSON Schema that the repository has."""
    paths = (path.removeprefix(f"{FOLDER}/") for path in tree.under(FOLDER) if not path.endswith(DEFINITION))
    return {path.rpartition("_")[0] for path in paths}


def _defined(data: bytes) -> tuple[GroupKind, bool] | None:
    """Return the kind of a definition, None for a damaged one: it is refused where it is used."""
    manifest = read_manifest(data)
    if manifest is None:
        return None
    kind = at(manifest, ("spec", "names", "kind"))
    return (str(at(manifest, ("spec", "group"))), str(kind)), at(manifest, ("spec", "scope")) == _NAMESPACED
