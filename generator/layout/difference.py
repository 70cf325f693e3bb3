"""The smallest strategic merge patch that turns one manifest into another, as kustomize applies it.

Which lists merge by key is Kubernetes' own knowledge (`x-kubernetes-list-map-keys` and `x-kubernetes-patch-merge-key`
in its OpenAPI document); every other list is replaced as a whole. `prove/build.py` holds the result against
the real tool.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from generator.kubernetes.manifest import Path

# A list's field name -> its merge keys, for the kinds that Fairlead renders. The parent tells Services from containers.
_MERGE_KEYS: dict[tuple[str, str], tuple[str, ...]] = {
    **{
        (parent, name): keys
        for parent in ("containers", "initContainers")
        for name, keys in {
            "env": ("name",),
            "ports": ("containerPort", "protocol"),
            "volumeMounts": ("mountPath",),
            "volumeDevices": ("devicePath",),
        }.items()
    },
    ("spec", "containers"): ("name",),
    ("spec", "initContainers"): ("name",),
    ("spec", "volumes"): ("name",),
    ("spec", "imagePullSecrets"): ("name",),
    ("spec", "hostAliases"): ("ip",),
    ("spec", "ports"): ("port", "protocol"),
}
# Keyed by topologyKey + whenUnsatisfiable: a changed constraint would be added beside the old one, so it is replaced.
_REPLACED = frozenset({"topologySpreadConstraints"})
_BUILT_IN = frozenset({"", "apps", "batch", "autoscaling", "policy"})

Patch = dict[str, Any]


def patch(base: dict[str, Any], wanted: dict[str, Any]) -> Patch | None:
    """Return the patch that turns `base` into `wanted` (the same object), None when they are equal."""
    if base == wanted:
        return None
    group = str(wanted["apiVersion"]).rpartition("/")[0]
    changes = _mapping(base, wanted, (), keyed=group.partition(".")[0] in _BUILT_IN or group.endswith(".k8s.io"))
    metadata = changes.pop("metadata", {})
    return {**_head(wanted, metadata), **changes}


def deletion(manifest: dict[str, Any]) -> Patch:
    """Return the patch that takes an object of the base away."""
    head = _head(manifest, {})
    return {"$patch": "delete", **head}


def _head(manifest: dict[str, Any], metadata: dict[str, Any]) -> Patch:
    """Return what names the object that a patch is for."""
    own = {key: manifest["metadata"][key] for key in ("name", "namespace") if key in manifest["metadata"]}
    return {"apiVersion": manifest["apiVersion"], "kind": manifest["kind"], "metadata": {**own, **metadata}}


def _mapping(base: dict[str, Any], wanted: dict[str, Any], path: Path, *, keyed: bool) -> Patch:
    if any(_keeps_quotes(base.get(key), value) for key, value in wanted.items()):
        return {"$patch": "replace", **wanted}
    changes: Patch = {}
    for key, value in wanted.items():
        if key not in base:
            changes[key] = value
        elif base[key] != value:
            changes[key] = _value(base[key], value, (*path, key), keyed=keyed)
    changes.update((key, None) for key in base if key not in wanted)
    return changes


def _keeps_quotes(base: Any, wanted: Any) -> bool:
    """Return whether a patch would become text: kustomize keeps the base's quotes around a new number or boolean."""
    return isinstance(base, str) and isinstance(wanted, (bool, int, float))


def _value(base: Any, wanted: Any, path: Path, *, keyed: bool) -> Any:
    if isinstance(base, dict) and isinstance(wanted, dict):
        return _mapping(base, wanted, path, keyed=keyed)
    if isinstance(base, list) and isinstance(wanted, list) and keyed:
        return _list(base, wanted, path)
    return wanted


def _list(base: list[Any], wanted: list[Any], path: Path) -> list[Any]:
    names = [step for step in path if isinstance(step, str)]
    if names[-1] in _REPLACED:
        return [{"$patch": "replace"}, *wanted]
    keys = _MERGE_KEYS.get((names[-2], names[-1])) if len(names) > 1 else None
    return wanted if keys is None else _keyed(base, wanted, keys, path)


def _keyed(base: list[Any], wanted: list[Any], keys: tuple[str, ...], path: Path) -> list[Any]:
    """Return the patch of a list that merges by `keys`.

    kustomize puts the elements that a patch names first, in the patch's order, and the others of the base after them
    (measured with 5.8.1). So the patch names the shortest head of the wanted list that holds every change. Where two
    fields make the key, new elements come first whatever is named: such a list is replaced.
    """
    before = {_key(item, keys): item for item in base}
    after = {_key(item, keys): item for item in wanted}
    if len(before) < len(base) or len(after) < len(wanted):
        return [{"$patch": "replace"}, *wanted]
    if len(keys) > 1 and [key for key in before if key in after] != list(after):
        return [{"$patch": "replace"}, *wanted]
    head = _head_length(before, after)
    named = [_element(before.get(key), item, keys, path) for key, item in list(after.items())[:head]]
    gone = [{**_keys(item, keys), "$patch": "delete"} for key, item in before.items() if key not in after]
    return named + gone


def _head_length(before: dict[Any, Any], after: dict[Any, Any]) -> int:
    """Return how many elements a patch has to name so that the rest follows by itself."""
    order = list(after)
    for length in range(len(order) + 1):
        rest = [key for key in before if key in after and key not in set(order[:length])]
        if rest == order[length:] and all(before[key] == after[key] for key in rest):
            return length
    return len(order)


def _element(base: dict[str, Any] | None, wanted: dict[str, Any], keys: tuple[str, ...], path: Path) -> Patch:
    if base is None:
        return wanted
    return {**_keys(wanted, keys), **_mapping(base, wanted, (*path, 0), keyed=True)}


def _key(item: dict[str, Any], keys: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(item.get(key) for key in keys)


def _keys(item: dict[str, Any], keys: tuple[str, ...]) -> Patch:
    return {key: item[key] for key in keys if key in item}
