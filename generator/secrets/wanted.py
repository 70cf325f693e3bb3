"""The secrets of an environment whose values come from a file: which key of which Secret wants which entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.findings.errors import InputError, UsageError
from generator.findings.finding import Place
from generator.model.secret import entry_of
from generator.model.service import Service
from generator.rules.spec import SPC008

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from generator.findings.finding import Finding
    from generator.inputs.project import Project
    from generator.inputs.service_page import ServicePage


class WantedSecret(msgspec.Struct, frozen=True, kw_only=True):
    """One key of a Secret: the service that uses it, the entry of the file at `path`, and the line of the page."""

    service: Service
    secret: str
    key: str
    entry: str
    path: str
    place: Place


def wanted_secrets(project: Project, environment: str, named: Collection[str]) -> tuple[WantedSecret, ...]:
    """Return what the named services want in an environment, or all that take their secrets from a file there.

    Raises UsageError where none does, or a named one does not; InputError for a Secret that two services make.
    """
    if environment not in project.environments:
        raise UsageError(f"no environment '{environment}'; there are: {', '.join(project.gitops.environments)}")
    pages = [project.page(name) for name in sorted(named or project.services)]
    for page in pages if named else ():
        project.require_environment(page, environment)
        _require_file(project, page, environment)
    found = tuple(each for page in pages for each in _wanted(project, page, environment))
    if not named and not any(_path(project, page, environment) for page in pages):
        raise UsageError(
            f"no secret of {environment} comes from a file: no system has `secretStore: {{kind: File}}` there"
        )
    if doubles := list(_doubles(found)):
        raise InputError(doubles)
    return found


def everything(project: Project) -> Iterator[WantedSecret]:
    """Yield what the loaded services want from files, in whichever environment."""
    for page in project.services.values():
        for environment in project.environments_of(page):
            yield from _wanted(project, page, environment)


def _require_file(project: Project, page: ServicePage, environment: str) -> None:
    if _path(project, page, environment) is None:
        store = project.placement(page.system, environment).secret_store
        source = f"come from a {store.kind}" if store else "are made elsewhere: its system has no `secretStore` there"
        raise UsageError(f"no secret of {page.name} in {environment} comes from a file; they {source}")


def _path(project: Project, page: ServicePage, environment: str) -> str | None:
    """Return the path of the file that holds a service's values, None where it runs not or has another store."""
    if environment not in project.environments_of(page):
        return None
    store = project.placement(page.system, environment).secret_store
    return store.path if store is not None and store.kind == "File" else None


def _wanted(project: Project, page: ServicePage, environment: str) -> Iterator[WantedSecret]:
    path = _path(project, page, environment)
    if path is None:
        return
    service, layers = project.service(page, environment), project.layers(page, environment)
    store = project.placement(page.system, environment).secret_store
    prefix = store.prefix if store else ""
    for secret, keys in service.page.secrets.items():
        for key, entry in keys.items():
            place = layers.place(("secrets", secret, key))
            named = entry_of(entry, prefix, environment)
            yield WantedSecret(service=service, secret=secret, key=key, entry=named, path=path, place=place)


def _doubles(found: Sequence[WantedSecret]) -> Iterator[Finding]:
    """Yield a complaint for each Secret that another service makes too: of two, the last one applied would stay."""
    owners: dict[tuple[str, str], str] = {}
    firsts = {(each.service.name, each.service.namespace, each.secret): each for each in reversed(found)}
    for (service, *secret), each in reversed(firsts.items()):
        owner = owners.setdefault((secret[0], secret[1]), service)
        if owner != service:
            message = f"the Secret '{each.secret}' is one of {owner} too, in the same namespace"
            yield SPC008.complaint(each.place, message, "rename one of them")
