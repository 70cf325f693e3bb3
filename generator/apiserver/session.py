"""One server at work: it knows where kinds live, has the namespaces made, and is asked about one object at a time."""

from __future__ import annotations

from functools import cached_property, partial
from http import HTTPStatus
from typing import TYPE_CHECKING

from generator.apiserver.causes import hear
from generator.apiserver.definitions import install
from generator.apiserver.discovery import Discovery
from generator.apiserver.dry_run_request import prepare_object
from generator.apiserver.namespaces import ensure, strict_namespace
from generator.apiserver.podsecurity import pod_of, violations
from generator.apiserver.refusal import RefusalCause
from generator.apiserver.retry import patiently

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.apiserver.client import Client, Response
    from generator.apiserver.discovery import Resource
    from generator.apiserver.dry_run_request import Question
    from generator.crds.definition import Definition
    from generator.model.base import Manifest

_PODS = "/api/v1/namespaces/{}/pods/pod"


class Session:
    """Asks one server about objects; all its methods may be called by several threads."""

    def __init__(self, client: Client, known: Mapping[tuple[str, str], Definition]) -> None:
        """Ask `client`; `known` are the definitions that may be installed, by group and kind."""
        self.client = client
        self._known = known
        self._discovery = Discovery(client)
        self._refused_namespaces: dict[str, str] = {}

    def prepare(self, questions: Iterable[Question], namespaces: Iterable[str]) -> None:
        """Install what the objects need; raises ToolError when that cannot be."""
        kinds = {each.type for each in questions}
        missing = [self._known[wanted] for wanted in sorted(self._missing(kinds))]
        if missing:
            install(self.client, missing)
            self._discovery = Discovery(self.client)
        self._refused_namespaces |= ensure(self.client, namespaces)

    def _missing(self, kinds: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
        unserved = {
            (version.rpartition("/")[0], kind) for version, kind in kinds if self.resource(version, kind) is None
        }
        return unserved & self._known.keys()

    @cached_property
    def version(self) -> str:
        """The server's own version, `1.35.4`."""
        return str(patiently(lambda: self.client.get("/version")).body.get("gitVersion", "")).removeprefix("v")

    def resource(self, api_version: str, kind: str) -> Resource | None:
        """Return where a kind lives, None when the server does not serve it."""
        return self._discovery.resource(api_version, kind)

    def refusals(self, question: Question, namespace: str) -> tuple[RefusalCause, ...]:
        """Return every cause for which the server would not create an object in `namespace`."""
        api_version, kind = question.type
        resource = self.resource(api_version, kind)
        if resource is None:
            return (RefusalCause((), f"no kind {kind} in {api_version} on this server"),)
        if not question.name:
            return (RefusalCause(("metadata", "name"), "Required value: name or generateName is required"),)
        if resource.namespaced and namespace in self._refused_namespaces:
            return (RefusalCause(("metadata", "namespace"), self._refused_namespaces[namespace]),)
        return hear(question.manifest, lambda manifest: self.apply(manifest, resource, namespace, dry_run=True))

    def apply(self, manifest: Manifest, resource: Resource, namespace: str, *, dry_run: bool) -> Response:
        """Apply an object in `namespace`, by a dry run or for real."""
        body = prepare_object(manifest, resource, namespace)
        path = resource.path(namespace, body["metadata"]["name"])
        return patiently(partial(self.client.apply, path, body, dry_run=dry_run))

    def pod_refusals(self, question: Question, labels: Mapping[str, str]) -> tuple[RefusalCause, ...]:
        """Return why a namespace with these labels would not admit the pods of a workload."""
        namespace = strict_namespace(self.client, labels)
        pod = pod_of(question.manifest, namespace or "")
        if namespace is None or pod is None:
            return ()
        answer = patiently(partial(self.client.apply, _PODS.format(namespace), pod, dry_run=True))
        if answer.status != HTTPStatus.FORBIDDEN:
            return ()  # accepted, or refused for what the workload itself was refused for
        return tuple(violations(str(answer.body.get("message", "")), question.manifest))
