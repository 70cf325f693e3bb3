"""What an Application's project refuses: its source, its destination, and its objects, in Argo CD's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.controller.permission import is_destination_permitted, is_kind_permitted, is_source_permitted
from generator.controller.scope import is_namespaced
from generator.kubernetes.manifest import ObjectId

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from generator.controller.application import Application
    from generator.controller.object_summary import Trait
    from generator.controller.order import Task
    from generator.controller.permission import ApplicationDestination
    from generator.model.base import Manifest


class ProjectRefusal(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that Argo CD refuses; `certain` is False where that hangs on what only the cluster knows.

    `id` is the object that it is about, None where it is about the Application; `prune` says that it would go.
    """

    message: str
    id: ObjectId | None = None
    certain: bool = True
    prune: bool = False

    @property
    def object(self) -> str:
        """The name of the object as people read it, "" without one."""
        return "" if self.id is None else str(self.id)


def check_project(
    application: Application, project: Manifest | None, tasks: Iterable[Task], scopes: Mapping[tuple[str, str], bool]
) -> Iterator[ProjectRefusal]:
    """Yield everything that a project refuses of an Application; `tasks` are those of a sync, deletions too.

    `scopes` is what definitions of custom kinds say. Without its project Argo CD does nothing.
    """
    name = application.project
    if project is None:
        missing = f"project '{name}' does not exist"
        yield ProjectRefusal(message=missing if name != "default" else f"{missing} here", certain=name != "default")
        return
    yield from _of_sources(application, project)
    yield from _of_destination(application, project)
    permitted: dict[str, bool | None] = {}
    for task in tasks:
        for each in _of_object(application, project, task.object, scopes, permitted):
            yield msgspec.structs.replace(each, prune=task.prune)


def _of_sources(application: Application, project: Manifest) -> Iterator[ProjectRefusal]:
    for source in application.sources:
        if not is_source_permitted(project, source.repository):
            repository = source.repository
            yield ProjectRefusal(
                message=f"application repo {repository} is not permitted in project '{application.project}'"
            )


def _of_destination(application: Application, project: Manifest) -> Iterator[ProjectRefusal]:
    destination = application.destination
    if destination.name and destination.server:
        yield ProjectRefusal(message="application destination can't have both name and server defined")
    elif not (destination.name or destination.server):
        yield ProjectRefusal(message="application destination has neither name nor server")
    elif (permitted := is_destination_permitted(project, destination)) is not True:
        yield ProjectRefusal(
            message=(
                f"application destination server '{destination.name or destination.server}' and namespace "
                f"'{destination.namespace}' do not match any of the allowed destinations in project "
                f"'{application.project}'"
            ),
            certain=permitted is False,
        )


def _of_object(
    application: Application,
    project: Manifest,
    trait: Trait,
    scopes: Mapping[tuple[str, str], bool],
    permitted: dict[str, bool | None],
) -> Iterator[ProjectRefusal]:
    """Yield what is refused of one object; `permitted` remembers namespaces."""
    namespaced = is_namespaced((trait.group, trait.kind), scopes)
    answers = {
        is_kind_permitted(project, trait.group, trait.kind, trait.name, namespaced=scope)
        for scope in ((True, False) if namespaced is None else (namespaced,))
    }
    if answers != {True}:
        message = (
            f"resource {trait.group}:{trait.kind} is not permitted in project {application.project}"
            if answers == {False}
            else f"not known whether {trait.kind} is namespaced; add its definition: fairlead schemas add CRD.yaml"
        )
        yield ProjectRefusal(message=message, id=trait.id, certain=answers == {False})
        return
    if namespaced is False or (namespaced is None and not trait.namespace):
        return
    namespace = trait.namespace or application.destination.namespace
    if namespace not in permitted:
        permitted[namespace] = _is_within(application.destination, project, namespace)
    if permitted[namespace] is not True:
        message = f"namespace {namespace} is not permitted in project '{application.project}'"
        yield ProjectRefusal(message=message, id=trait.id, certain=permitted[namespace] is False)


def _is_within(destination: ApplicationDestination, project: Manifest, namespace: str) -> bool | None:
    return is_destination_permitted(project, destination.within(namespace))
