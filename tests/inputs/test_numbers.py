"""Whole numbers on pages have the bounds that Kubernetes has, and addresses lead where others can reach."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from generator.disk.tree import Tree
from generator.findings.errors import InputError
from generator.inputs.load import load
from generator.inputs.schema import exported
from generator.inputs.shapes import FILES
from tests.inputs.test_load import PROJECT, refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.yamlio.document import Path as Steps

PAGE = "system: shop\nimage: web\nport: 80\n"


@pytest.mark.parametrize(
    "line",
    [
        "replicas: 99999999999999999",
        "replicas: 2147483648",
        "minReadySeconds: 2147483648",
        "revisionHistoryLimit: 2147483648",
        "progressDeadlineSeconds: 2147483648",
        "terminationGracePeriodSeconds: 2147483648",
        "strategy: {maxSurge: 2147483648}",
        "autoscaling: {minReplicas: 1, maxReplicas: 2147483648, cpu: 70}",
        "autoscaling: {minReplicas: 2147483648, maxReplicas: 2147483648, cpu: 70}",
        "autoscaling: {minReplicas: 1, maxReplicas: 2, cpu: 2147483648}",
        "podDisruptionBudget: {minAvailable: 2147483648}",
        "livenessProbe: {httpGet: /, periodSeconds: 2147483648}",
        "livenessProbe: {httpGet: /, failureThreshold: 2147483648}",
        "ingress: {className: alb, groupName: shop, groupOrder: 1001}",
        "topologySpreadConstraints: [{topologyKey: zone, maxSkew: 2147483648}]",
    ],
)
def test_a_number_beyond_the_field_is_refused(line: str) -> None:
    """At the number, whatever a schema without `maximum` would take."""
    found = refused(web=f"{PAGE}{line}\n")
    assert found
    assert all(each.startswith("services/web.yaml:4:") for each in found), found
    assert all("must be at most" in each or "must be a whole number" in each for each in found), found


@pytest.mark.parametrize(
    ("line", "name"),
    [
        pytest.param(line.format(2147483648), name, id=name)
        for line, name in {
            "service: {{spec: {{healthCheckNodePort: {0}}}}}": "service.spec.healthCheckNodePort",
            "volumes: {{a: {{configMap: {{name: b, defaultMode: {0}}}}}}}": "volumes.a.configMap.defaultMode",
            "volumes: {{a: {{secret: {{items: [{{key: a, path: b, mode: {0}}}]}}}}}}": "volumes.a.secret.items[0].mode",
            "networkPolicy: {{ingress: [{{ports: [{{port: 80, endPort: {0}}}]}}]}}": (
                "networkPolicy.ingress[0].ports[0].endPort"
            ),
            "autoscaling: {{minReplicas: 1, maxReplicas: 2, behavior: {{scaleUp: {{periodSeconds: {0}}}}}}}": (
                "autoscaling.behavior.scaleUp.periodSeconds"
            ),
            "service: {{sessionAffinityConfig: {{clientIP: {{timeoutSeconds: {0}}}}}}}": (
                "service.sessionAffinityConfig.clientIP.timeoutSeconds"
            ),
            "affinity: {{podAffinity: {{preferredDuringSchedulingIgnoredDuringExecution: [{{weight: {0}}}]}}}}": (
                "affinity.podAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight"
            ),
        }.items()
    ],
)
def test_a_number_beyond_32_bits_is_refused_in_what_kubernetes_types_alone(line: str, name: str) -> None:
    """Words that a page has as Kubernetes writes them are bounded as the page's own are."""
    (found,) = refused(web=f"{PAGE}{line}\n")
    assert found.startswith("services/web.yaml:4:")
    assert f"'{name}' must be at most 2147483647, not " in found
    assert found.endswith("; write 2147483647 or less")


@pytest.mark.parametrize(
    "line",
    ["volumes: {a: {emptyDir: {sizeLimit: 2147483648}}}", "tolerations: [{key: a, tolerationSeconds: 2147483648}]"],
)
def test_a_field_of_more_than_32_bits_takes_more(line: str) -> None:
    """A quantity, and a number of 64 bits."""
    assert refused_nothing(f"{PAGE}{line}\n")


def refused_nothing(page: str) -> bool:
    """A project with a page loads."""
    pages = PROJECT | {"services/web.yaml": page}
    load(Tree(Path(), {path: dedent(text).encode() for path, text in sorted(pages.items())}))
    return True


def test_a_number_beyond_32_bits_in_the_defaults_of_an_environment_is_refused_there() -> None:
    """Once, at its own line."""
    text = "production: false\ndefaults:\n  volumes: {a: {configMap: {name: b, defaultMode: 2147483648}}}\n"
    (found,) = refused_with("environments/dev.yaml", text)
    assert found.startswith(
        "environments/dev.yaml:3:51: error SPC008: 'defaults.volumes.a.configMap.defaultMode' must be"
    )


def refused_with(file: str, text: str) -> list[str]:
    """Return the complaints about a project in which one file says something else."""
    pages = PROJECT | {file: text, "services/web.yaml": PAGE}
    files = {path: dedent(page).encode() for path, page in sorted(pages.items())}
    with pytest.raises(InputError) as error:
        load(Tree(Path(), files))
    return [str(each) for each in error.value.complaints]


def unbounded(schema: Any, path: Steps = ()) -> Iterator[Steps]:
    """Yield the place of each whole number without an upper bound."""
    if isinstance(schema, dict):
        if schema.get("type") == "integer" and "maximum" not in schema:
            yield path
        for key, inner in schema.items():
            yield from unbounded(inner, (*path, key))
    elif isinstance(schema, list):
        for number, inner in enumerate(schema):
            yield from unbounded(inner, (*path, number))


@pytest.mark.parametrize("kind", FILES)
def test_no_whole_number_is_without_a_bound(kind: str) -> None:
    """But for quantities, which Kubernetes reads as text."""
    places = unbounded(msgspec.json.decode(exported(kind)))
    assert {path for path in places if not {"requests", "limits", "quota"}.intersection(path)} == set()


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc",
        "/srv/git/shop.git",
        "../shop.git",
        "shop.git",
        "ext::sh",
        "fd::17",
        "--upload-pack=touch",
        "-oProxyCommand=x@git.example.com:shop.git",
        "ssh://-oProxyCommand=x/shop.git",
        "git.example.com:-x/../../y",
        "https://",
        "https://git.example.com",
        "https://git.example.com/../x",
    ],
)
def test_an_address_that_is_no_repository_is_refused(url: str) -> None:
    """Argo CD would read folders of its own, git would run a command."""
    gitops = f'repoURL: "{url}"\nargocd: {{version: 3.5.7}}\nkubernetesVersion: "1.35"\nenvironments: [dev, prod]\n'
    found = refused_with("gitops.yaml", gitops)
    message = f"'{url}' is no address of a repository that others can reach"
    remedy = "write https://HOST/PATH.git, ssh://git@HOST/PATH.git or git@HOST:PATH.git"
    assert found == [f"gitops.yaml:1:10: error SPC008: {message}; {remedy}"]


@pytest.mark.parametrize(
    "program", ["/bin/sh", "../../../bin/x", "scripts/../../x", "./../x", "..", "/", "//bin/sh", "a/../b"]
)
def test_a_program_outside_of_the_repository_is_refused(program: str) -> None:
    """Where it is written."""
    page = f"gates:\n  command: {{args: [{program}]}}\n"
    (found,) = refused_with("environments/prod.yaml", page)
    assert found.startswith(f"environments/prod.yaml:2:20: error SPC008: '{program}' is no path in the repository")
