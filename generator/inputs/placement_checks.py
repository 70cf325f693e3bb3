"""Where systems run: words about clusters and secret stores that only fit together with others, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.inputs.addresses import foreign_partition
from generator.inputs.fault import Fault, Path
from generator.model.aws import registry_fault
from generator.model.placeholder import foreign_placeholder
from generator.model.project import Cluster

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.findings.finding import Finding
    from generator.inputs.project import Project
    from generator.model.project import SecretStore, SystemEnvironment
    from generator.yamlio import Document

_PLACEHOLDER = "the only one is `{env}`, the name of the environment"

_AWS_ONLY = {"region": "region: eu-west-1", "account": 'account: "111122223333"'}

# Words of a secret store -> the kinds that they belong to, and what to write.
_STORE_WORDS = {
    "name": ({"ClusterSecretStore", "SecretStore"}, "name: NAME"),
    "path": ({"File"}, "path: secrets.local.yaml"),
}


def unfit_cluster(document: Document) -> Iterator[Finding]:
    """Yield a complaint for each word of a cluster's page that does not fit its `provider`, or that this one lacks."""
    yield from _placed(document, (), _cluster(msgspec.convert(document.value, Cluster)))


def unfit_places(project: Project) -> Iterator[Finding]:
    """Yield a complaint for each system's environment whose words do not fit together, or not with other pages."""
    for name, system in project.systems.items():
        document = project.documents[f"systems/{name}.yaml"]
        for environment, place in system.environments.items():
            yield from _placed(document, ("environments", environment), _place(project, environment, place))


def _placed(document: Document, prefix: Path, faults: Iterator[Fault]) -> Iterator[Finding]:
    for fault in faults:
        yield fault.rule.complaint(document.place((*prefix, *fault.path)), fault.message, fault.remedy)


def _cluster(cluster: Cluster) -> Iterator[Fault]:
    if cluster.provider == "none":
        for word in _AWS_ONLY:
            if getattr(cluster, word) is not None:
                message = f"'{word}' means nothing on a cluster without AWS"
                yield Fault((word,), message, "drop it, or drop `provider: none`")
        return
    for word, example in _AWS_ONLY.items():
        if getattr(cluster, word) is None:
            yield Fault((word,), f"'{word}' is missing", f"add `{example}`, or `provider: none` where there is no AWS")
    if cluster.ingressClassName is not None:
        message = "'ingressClassName' is for clusters without AWS: in AWS an Ingress has the class of its page"
        yield Fault(("ingressClassName",), message, "drop it, and write `className:` on the pages")
    if cluster.loadBalancers:
        message = "'loadBalancers' is for clusters without AWS: in AWS a Service of type LoadBalancer always gets one"
        yield Fault(("loadBalancers",), message, "drop it")


def _place(project: Project, environment: str, place: SystemEnvironment) -> Iterator[Fault]:
    yield from _names(project, place)
    if place.secretStore is not None:
        yield from _store(place.secretStore)
        if place.secretStore.kind == "File":
            yield from _laptop(project, environment, place.cluster)
        if place.secretStore.kind == "SecretProviderClass" and project.clusters[place.cluster].provider == "none":
            message = f"a SecretProviderClass of AWS, and clusters/{place.cluster}.yaml has `provider: none`"
            yield Fault(("secretStore", "kind"), message, "use another kind there, e.g. File")
    if project.environments[environment].gates.image is not None and place.registry is None:
        message = f"environments/{environment}.yaml asks the registry for each image (`gates.image`), and there is none"
        yield Fault((), message, "add `registry:`, or drop the gate")


def _names(project: Project, place: SystemEnvironment) -> Iterator[Fault]:
    """Yield the faults of names of AWS that have the form of one and are none."""
    if place.registry is not None and (wanted := registry_fault(place.registry)):
        yield Fault(("registry",), f"'{place.registry}' is no registry of AWS", wanted)
    region = project.clusters[place.cluster].region
    if place.certificate is not None and region is not None:
        for certificate in place.certificate.split(","):
            yield from foreign_partition(("certificate",), certificate, region)


def _laptop(project: Project, environment: str, cluster: str) -> Iterator[Fault]:
    """Yield the faults of values from a file where more than a laptop runs on them."""
    others = "use a ClusterSecretStore, a SecretStore or a SecretProviderClass"
    if project.environments[environment].production:
        message = f"a File is for a laptop, and environments/{environment}.yaml has `production: true`"
        yield Fault(("secretStore", "kind"), message, others)
    elif project.clusters[cluster].provider == "aws":
        message = f"a File is for a laptop, and clusters/{cluster}.yaml is in AWS"
        yield Fault(("secretStore", "kind"), message, f"{others}, or write `provider: none` there")


def _store(store: SecretStore) -> Iterator[Fault]:
    for word, (kinds, example) in _STORE_WORDS.items():
        given = getattr(store, word)
        if store.kind in kinds and not given:
            yield Fault(("secretStore", word), f"a {store.kind} has a '{word}'", f"add `{example}`")
        elif store.kind not in kinds and given is not None:
            message = f"'secretStore.{word}' means nothing for a {store.kind}"
            yield Fault(("secretStore", word), message, "drop it")
    if brace := foreign_placeholder(store.prefix):
        yield Fault(("secretStore", "prefix"), f"'{brace}' is no placeholder", _PLACEHOLDER)
    if store.path is not None and not _inside(store.path):
        message = f"'{store.path}' is no path inside the repository"
        yield Fault(("secretStore", "path"), message, "e.g. secrets.local.yaml")


def _inside(path: str) -> bool:
    """Return whether a path stays below the folder that it starts from, as its parts tell."""
    return path.isprintable() and "\\" not in path and not {"", ".", "..", ".git"} & set(path.split("/"))
