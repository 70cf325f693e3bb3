"""Words of a page that its renderers leave out or replace, each with the reason: the one table of them.

`explain` shows them beside the value, and `validate` warns where a page itself writes a word that can do nothing. A
property test sets every word of the model and finds either another build or the word in this table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.kubernetes.image import is_own
from generator.model.overruled import Overruled, Path
from generator.model.page import Deployment
from generator.render import batch, secret, volume
from generator.render.common import in_aws
from generator.render.overruled_config import config_words
from generator.render.overruled_network import ingress_words, service_words
from generator.render.overruling import NOT_AWS, stated_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model.container import Container
    from generator.model.page import JobSettings, Page
    from generator.model.service import Service

# What only the Deployment's pods, or the Deployment itself, have.
_OF_DEPLOYMENT = (
    "containerName", "command", "args", "workingDir", "livenessProbe", "readinessProbe", "startupProbe", "lifecycle",
    "volumeMounts", "replicas", "strategy", "minReadySeconds", "progressDeadlineSeconds", "revisionHistoryLimit",
    "terminationGracePeriodSeconds", "priorityClassName", "affinity", "podAntiAffinity", "colocateWith",
    "topologySpreadConstraints", "podDisruptionBudget", "podSpec", "container", "rollOnConfigChange",
)  # fmt: skip
# What the pods of jobs have too.
_OF_PODS = (
    "podLabels", "podAnnotations", "imagePullSecrets", "podSecurityContext", "nodeSelector", "tolerations",
    "enableServiceLinks", "automountServiceAccountToken",
)  # fmt: skip
# What a job takes from the page unless it says it itself, and what only one that inherits takes.
_LENT = ("imagePullPolicy", "resources", "securityContext")
_INHERITED = ("env", "envFrom")
_OF_ACCOUNTS = ("automountServiceAccountToken",)
# What any object has.
_OF_ANY = ("labels", "annotations")


def find_overruled(service: Service) -> Iterator[Overruled]:
    """Yield each word of a page that is not rendered as it is written."""
    page = service.page
    yield from _deployment(page)
    if not page.has_deployment:
        yield from _without_deployment(page)
    yield from _tokens(page)
    yield from _jobs(page)
    yield from _policies(service)
    yield from config_words(service)
    yield from service_words(service)
    yield from ingress_words(service)
    yield from _pull_policies(service)
    yield from _secrets(service)


def _deployment(page: Page) -> Iterator[Overruled]:
    if page.has_deployment and page.autoscaling is not None and page.replicas is not None:
        yield Overruled(("replicas",), "nothing", "an autoscaler decides the number of pods", ("autoscaling",))
    if page.strategy is not None and page.strategy.type == "Recreate":
        why = "a strategy of type Recreate stops all pods at once"
        yield from stated_words(page.strategy, ("strategy",), ("maxUnavailable", "maxSurge"), why, ("strategy", "type"))


def _without_deployment(page: Page) -> Iterator[Overruled]:
    by = ("image",) if page.image is None else ("deployment",)
    jobs = [job for _, job in page.all_jobs]
    yield from stated_words(page, (), _OF_DEPLOYMENT, "the page has no Deployment", by)
    if isinstance(page.deployment, Deployment):
        yield from stated_words(page.deployment, ("deployment",), _OF_ANY, "the page has no Deployment", by)
    if page.resources is not None:
        yield from stated_words(page.resources, ("resources",), ("claims",), "the page has no Deployment", by)
    if not jobs:
        yield from stated_words(page, (), (*_OF_PODS, *_LENT), "the page has no pods", by)
        if page.serviceAccount is not None:
            yield from stated_words(page.serviceAccount, ("serviceAccount",), _OF_ACCOUNTS, "the page has no pods", by)
    for word in _LENT if jobs else ():
        if all(getattr(job, word) for job in jobs):
            yield from stated_words(page, (), (word,), "each job says its own, and the page has no Deployment", by)
    yield from _unmounted(page, by)


def _unmounted(page: Page, by: Path) -> Iterator[Overruled]:
    """Yield what only a container could use, where no job does."""
    jobs = [job for _, job in page.all_jobs]
    if not any(map(batch.inherits, jobs)):
        yield from stated_words(page, (), _INHERITED, "the page has no Deployment, and no job inherits it", by)
    mounted = {name for job in jobs for name in volume.used_volumes(job)}
    for name in page.volumes:
        if name not in mounted:
            yield Overruled(("volumes", name), "nothing", "no container of the page mounts it", by)
    for name, keys in page.secrets.items():
        if not jobs and not keys:
            yield Overruled(("secrets", name), "nothing", "the page has no pods", by)


def _tokens(page: Page) -> Iterator[Overruled]:
    """Yield the page's word about tokens where its account says another."""
    own = page.serviceAccount.automountServiceAccountToken if page.serviceAccount else None
    if own is not None and own != page.automountServiceAccountToken is not None:
        by = ("serviceAccount", "automountServiceAccountToken")
        yield Overruled(by[1:], str(own).lower(), "the page's account says otherwise", by)


def _jobs(page: Page) -> Iterator[Overruled]:
    for path, job in page.all_jobs:
        config = bool(page.configMap or page.configMaps) and batch.inherits_config(
            msgspec.structs.replace(job, inherit=True)
        )
        if not (page.env or page.envFrom or config):
            yield from stated_words(job, path, ("inherit",), "the page has nothing that the job could inherit")


def _policies(service: Service) -> Iterator[Overruled]:
    page = service.page
    if page.networkPolicy is not None and page.networkPolicy.ingress is page.networkPolicy.egress is None:
        why = "without `ingress` and `egress` there is no NetworkPolicy"
        words = ("name", *_OF_ANY)
        yield from stated_words(page.networkPolicy, ("networkPolicy",), words, why, ("networkPolicy", "ingress"))
    for path, account in page.all_accounts if not in_aws(service) else ():
        yield from stated_words(account, path, ("role",), NOT_AWS)


def _pull_policies(service: Service) -> Iterator[Overruled]:
    if service.placement is None or service.placement.registry:
        return
    for path, container in _containers(service.page):
        if container.imagePullPolicy == "Always" and is_own(container.image or service.page.image or ""):
            why = "the environment has no registry to pull from"
            yield Overruled((*path, "imagePullPolicy"), "IfNotPresent", why)


def _containers(page: Page) -> Iterator[tuple[Path, Container]]:
    owners: list[tuple[Path, Page | JobSettings]] = [((), page), *page.all_jobs]
    for path, owner in owners:
        yield path, owner
        yield from (((*path, "initContainers", name), each) for name, each in owner.initContainers.items())
        yield from (((*path, "containers", name), each) for name, each in owner.containers.items())


def _secrets(service: Service) -> Iterator[Overruled]:
    """Yield the keys of secrets where nothing that the page renders fetches them."""
    if service.placement is None or secret.store(service, "ClusterSecretStore", "SecretStore", "SecretProviderClass"):
        return
    file = secret.store(service, "File")
    why = f"its value comes from {file.path}" if file else "the environment has no secretStore: others make the Secret"
    for name, keys in service.page.secrets.items():
        yield from (Overruled(("secrets", name, key), "nothing", why) for key in keys)
