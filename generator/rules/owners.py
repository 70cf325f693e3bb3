"""Objects that two overlays of one cluster render: each Application would take them for its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.findings.finding import Place
from generator.model.placeholder import filled_in
from generator.rules.world import RepositoryViolation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.findings.verdict import Verdict
    from generator.rules.world import World


_ONCE = "no namespace keeps the two apart: keep it in one environment of the cluster, or give each another name"


def owned_twice(world: World) -> Iterator[RepositoryViolation]:
    """Yield a violation for each object that two overlays of one cluster render."""
    owners: dict[tuple[str, str], Verdict] = {}
    for verdict in world.verdicts:
        for name in verdict.objects:
            owner = owners.setdefault((verdict.cluster, name), verdict)
            if owner is not verdict:
                place, remedy = _mending(world.files, verdict, name)
                if owner.environment != verdict.environment:
                    remedy = _apart(world.files, verdict, name)
                yield RepositoryViolation(
                    place=place,
                    message=(
                        f"overlays/{owner.environment}/{owner.unit} renders {name} too, on the same cluster: "
                        "two Applications would overwrite or prune each other"
                    ),
                    remedy=remedy,
                    object=name,
                    verdict=verdict,
                )


def _apart(files: Mapping[str, bytes], verdict: Verdict, name: str) -> str:
    """Return how two environments of one cluster stay apart, by the namespace of the object that both render."""
    kind, *_, last = parts = name.split("/")
    if len(parts) == 2 and kind != "Namespace":  # noqa: PLR2004  # kind and name: no namespace holds it
        return _ONCE
    namespace = last if kind == "Namespace" else parts[1]
    system, page = _system_of(files, verdict)
    for key, called in _called(page, verdict.environment).items():
        if called == namespace != key:
            return f"give namespace `{key}` another `name:` in {verdict.environment}, on {system}; or another cluster"
        if called == namespace:
            named = f'`namespaces: {{{key}: {{name: "{key}-{{env}}"}}}}`'
            return (
                f"give each environment a namespace of its own, on the page of the system: {named}; or another cluster"
            )
    return f"`{namespace}` is no namespace of {verdict.environment}: take `namespace:` out of the object's file"


def _called(page: Mapping[str, Any], environment: str) -> dict[str, str]:
    """Return what an environment calls the namespaces of a system's page."""
    there = ((page.get("environments") or {}).get(environment) or {}).get("namespaces") or {}
    return {
        key: filled_in((there.get(key) or {}).get("name") or (said or {}).get("name") or key, environment)
        for key, said in (page.get("namespaces") or {}).items()
    }


def _system_of(files: Mapping[str, bytes], verdict: Verdict) -> tuple[str, Mapping[str, Any]]:
    """Return the page of the system that an overlay belongs to, with its path."""
    page = _page_of(files, verdict)
    path = page if page.startswith("systems/") else f"systems/{_read(files, page).get('system')}.yaml"
    return path, _read(files, path)


def _read(files: Mapping[str, bytes], path: str) -> Mapping[str, Any]:
    from generator.yamlio import parse  # a sound repository never comes here

    document = parse(files[path], path)[0] if path in files else None
    return document.value if document and isinstance(document.value, dict) else {}


def _mending(files: Mapping[str, bytes], verdict: Verdict, name: str) -> tuple[Place, str]:
    """Return the place that renders an object, and what to do there: the line of a page's secret, or its page."""
    page, (kind, *_, own) = _page_of(files, verdict), name.split("/")
    if kind == "ExternalSecret" and page in files:
        from generator.yamlio import parse  # a sound repository never comes here

        document, _ = parse(files[page], page)
        secrets = document.value.get("secrets") if document and isinstance(document.value, dict) else None
        if document and isinstance(secrets, dict) and own in secrets:
            return document.key_place(("secrets", own)), f"a Secret belongs to one service: write `{own}: {{}}` here"
    if kind == "ServiceAccount":
        return Place(page), f"write `serviceAccount: {{name: {own}, external: true}}` on the page that only uses it"
    return Place(page), "give one of them another `name:` or namespace"


def _page_of(files: Mapping[str, bytes], verdict: Verdict) -> str:
    """Return the page that an overlay is rendered from."""
    if verdict.target.root.reader == "argocd":
        return "gitops.yaml"
    folder = "services" if f"services/{verdict.unit}.yaml" in files else "systems"
    return f"{folder}/{verdict.unit}.yaml"
