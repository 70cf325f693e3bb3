"""Release records that the last commit has and the disk has not: losing one is never silent."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.finding import Finding
    from generator.tree import Tree


def refuse_lost_overlays(tree: Tree, committed: Iterable[tuple[str, str]]) -> None:
    """Raise InputError for each (environment, service) of `committed` whose page still wants the missing overlay."""
    gone = [(env, name) for env, name in committed if f"overlays/{env}/{name}/kustomization.yaml" not in tree.files]
    gone = [(env, name) for env, name in gone if f"services/{name}.yaml" in tree.files]
    if not gone:
        return
    from generator.errors import InputError  # a sound repository never comes here
    from generator.inputs.load import load  # the same

    project = load(tree, only={name for _, name in gone})
    lost = [_lost(env, name) for env, name in gone if env in project.environments_of(project.services[name])]
    if lost:
        raise InputError(sorted(lost, key=lambda found: found.place))


def _lost(environment: str, name: str) -> Finding:
    from generator.finding import Place  # as above
    from generator.inputs.complaint import complaint  # as above

    folder = f"overlays/{environment}/{name}"
    remedy = (
        f"run `git checkout HEAD -- {folder}`, "
        f"or write `environments: {{{environment}: false}}` on the page to take the service out of {environment}"
    )
    message = "the last commit has this release record and the disk has not"
    return complaint("REL004", Place(f"{folder}/kustomization.yaml"), message, remedy)
