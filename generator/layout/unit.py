"""Everything rendered for one service or one system: its files, and the objects that each overlay must build to."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import msgspec

from generator.argocd import render as render_argocd
from generator.findings.errors import InputError, collected
from generator.findings.finding import Finding, Place
from generator.findings.nearest import nearest
from generator.inputs.scope import environments_of, folder_of, scope_of
from generator.inputs.unnamed_files import unnamed_files
from generator.layout.argocd import instance_files
from generator.layout.base import Files, base_files, object_files
from generator.layout.comments import commented
from generator.layout.overlay import overlay_files
from generator.layout.own import Own, copies, listed_in_base, own_of
from generator.layout.release import Record, entries, own_images, released, same_image
from generator.model.base import Manifest
from generator.model.page import Suppression
from generator.model.service import Placement, Service
from generator.paths import NAME, overlay_folder
from generator.render import render, render_shared
from generator.roots import ARGOCD, BuildTarget, instance_target, overlay_target
from generator.rules.proof import REL001, REL002

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from generator.inputs.enrolment import Enrolment
    from generator.inputs.project import Project
    from generator.inputs.service_page import ServicePage
    from generator.layout.comments import RecordComments


class Overlay(msgspec.Struct, frozen=True, kw_only=True):
    """One overlay and the model's word on it: `objects` is what `kustomize build` must give without `own` files.

    The folder of an Argo CD instance counts as one too: its `target` says which root it stands in. `external` and
    `secrets` are names that the page lists under these words, `unnamed` files beside it that it names nowhere.
    `service` is what was rendered, None where that was no service.
    """

    target: BuildTarget
    page: str
    placement: Placement
    objects: tuple[Manifest, ...]
    own: Own = Own()
    suppress: tuple[Suppression, ...] = ()
    external: frozenset[str] = frozenset()
    secrets: frozenset[str] = frozenset()
    unnamed: tuple[str, ...] = ()
    service: Service | None = None

    @property
    def unit(self) -> str:
        """The service, the system or the instance."""
        return self.target.unit

    @property
    def folder(self) -> str:
        """Path of the overlay."""
        return self.target.path


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """A service with its base and overlays, or a system with its overlays; `files` is path -> text.

    `shared` are paths that people's own files may have in the base.
    """

    name: str
    files: dict[str, str]
    overlays: tuple[Overlay, ...]
    shared: frozenset[str] = frozenset()


def service_unit(
    project: Project,
    page: ServicePage,
    records: Mapping[str, Record],
    comments: Mapping[str, RecordComments] = MappingProxyType({}),
) -> Unit:
    """Render one service for the environments where it is released; raises InputError with all that is wrong in any.

    `records` and their `comments` are by environment. A page without an image of ours has nothing to release: it is
    rendered for all its environments.
    """
    with collected() as complaints:
        base: tuple[Manifest, ...] = ()
        shared: frozenset[str] = frozenset()
        with complaints.of_one():
            service = project.service(page, None)
            base, shared = render(service), frozenset(listed_in_base(page, service.page))
        files, unnamed = base_files(page.name, base), unnamed_files(project, page)
        overlays: list[Overlay] = []
        for environment in project.environments_of(page):
            if environment not in records and own_images(base):
                continue  # not released there
            with complaints.of_one():
                overlay, rendered = _rendered(project, page, environment, base, records)
                if rendered and environment in comments:
                    path = f"{overlay.folder}/{NAME}"
                    rendered |= {path: commented(rendered[path], comments[environment])}
                overlays += [msgspec.structs.replace(overlay, unnamed=unnamed)] if rendered else []
                files |= rendered
    return Unit(name=page.name, files=files, overlays=tuple(overlays), shared=shared)


def _rendered(
    project: Project, page: ServicePage, environment: str, base: Sequence[Manifest], records: Mapping[str, Record]
) -> tuple[Overlay, Files]:
    """Return one environment's overlay and its files; no files where it has an image of ours and no release."""
    service = project.service(page, environment)
    wanted = render(service)
    images = own_images(wanted)
    record = _complete(page.name, environment, images, records[environment]) if environment in records else {}
    overlay = overlay_of(service, page.file, wanted, record)
    if images and not record:
        return overlay, {}
    listed = entries(images, overlay.placement.registry, record)
    files = overlay_files(page.name, environment, base, wanted, listed, overlay.own)
    return overlay, files | copies(service, overlay.folder, overlay.own)


def overlay_of(service: Service, file: str, wanted: Sequence[Manifest], record: Record) -> Overlay:
    """Return the overlay of a rendered service (`wanted`) with these releases; `file` is its page."""
    placement = service.placement
    assert placement is not None  # noqa: S101  # an overlay is made for an environment
    objects = tuple(released(manifest, placement.registry, record) for manifest in wanted)
    return Overlay(
        target=overlay_target(placement.environment, service.name),
        page=file,
        placement=placement,
        objects=objects,
        own=own_of(service),
        suppress=tuple(service.page.suppress),
        external=frozenset(_elsewhere(service)),
        secrets=frozenset(service.page.secrets),
        service=service,
    )


def _elsewhere(service: Service) -> Iterator[str]:
    """Yield what the page says somebody else provides, as `external` writes it."""
    yield from service.page.external
    for _, account in service.page.all_accounts:
        if account.external:
            yield f"serviceaccount/{account.name}"


def system_unit(project: Project, system: str) -> Unit:
    """Render what a system's services share, for each of its environments."""
    files: dict[str, str] = {}
    overlays: list[Overlay] = []
    for name, environment in project.shared_overlays:
        if name != system:
            continue
        shared = project.shared(system, environment)
        objects = render_shared(shared)
        files |= object_files(overlay_folder(environment, system), objects)
        page = f"systems/{system}.yaml"
        target = overlay_target(environment, system)
        overlays.append(Overlay(target=target, page=page, placement=shared.placement, objects=objects))
    return Unit(name=system, files=files, overlays=tuple(overlays))


def argocd_unit(project: Project, roster: Mapping[str, Enrolment]) -> Unit:
    """Render what each instance of Argo CD syncs for itself; `roster` tells of every service."""
    files: dict[str, str] = {}
    overlays: list[Overlay] = []
    for name, instance in project.gitops.argocd.instances.items():
        scope = scope_of(project, name, roster)
        objects = render_argocd(scope)
        own = Own(tuple(f"resources/{file}" for file in instance.extraResources))
        files |= instance_files(scope.folder, objects, own)
        target, placement = instance_target(name), _beside(project, name)
        overlays.append(Overlay(target=target, page="gitops.yaml", placement=placement, objects=objects, own=own))
    return Unit(name=ARGOCD, files=files, overlays=tuple(overlays))


def _beside(project: Project, instance: str) -> Placement:
    """Return the placement of what belongs to Argo CD and to no environment; its cluster is its own."""
    return Placement(
        environment="",
        production=any(project.environments[name].production for name in environments_of(project, instance)),
        cluster=folder_of(instance),
        region="",
        account="",
        kubernetes_version=project.gitops.kubernetesVersion,
        registry="",
        domain=None,
        certificate=None,
    )


def _complete(service: str, environment: str, images: Sequence[str], record: Record) -> Record:
    """Return the record's part for the images in use.

    Raises InputError when one of them has no release, and for a release that stands under another name of one.
    """
    missing = [image for image in images if image not in record]
    if missing:
        unused = [name for name in record if name not in images]
        raise InputError([_unreleased(service, environment, image, unused) for image in missing])
    if mistaken := {name: meant for name in record if name not in images and (meant := same_image(name, images))}:
        raise InputError([_mistaken(service, environment, *each) for each in mistaken.items()])
    return {image: record[image] for image in images}


def _mistaken(service: str, environment: str, name: str, meant: str) -> Finding:
    return REL002.finding(
        place=Place(f"{overlay_folder(environment, service)}/{NAME}"),
        message=f"an entry for '{name}', and kustomize finds no image of this name",
        remedy=f"meant '{meant}'? Write the release to that entry, and take this one out",
        environment=environment,
    )


def _unreleased(service: str, environment: str, image: str, unused: Sequence[str]) -> Finding:
    near = nearest(image, unused)
    hint = f" (there is an entry '{near}')" if near else ""
    return REL001.finding(
        place=Place(f"{overlay_folder(environment, service)}/kustomization.yaml"),
        message=f"image '{image}' has no release in {environment}{hint}",
        remedy=f"run `fairlead bump {service} --env {environment} --image {image}=TAG`",
        environment=environment,
    )
