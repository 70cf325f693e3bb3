"""Loading: what is accepted besides the plain page, and that one run tells all."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from generator.disk.tree import Tree
from generator.findings.errors import InputError
from generator.inputs.load import load
from generator.inputs.schema_errors import misfits
from generator.inputs.shapes import FILES
from generator.yamlio import parse

if TYPE_CHECKING:
    from generator.inputs.project import Project

PROJECT = {
    "gitops.yaml": """\
        repoURL: https://git.example.com/shop/gitops.git
        argocd: {version: 3.5.7}
        kubernetesVersion: "1.35"
        environments: [dev, prod]
        """,
    "systems/shop.yaml": """\
        owner: shop
        namespaces: {shop: {}}
        environments:
          dev: {cluster: eu, registry: registry.example.com, defaults: {replicas: 2}}
          prod: {cluster: eu, registry: registry.example.com}
        defaults: {env: {A: system}}
        """,
    "environments/dev.yaml": "production: false\n",
    "environments/prod.yaml": "production: true\n",
    "clusters/eu.yaml": 'region: eu-west-1\naccount: "111122223333"\n',
}


def loaded(**services: str) -> Project:
    """Load the project with these service pages."""
    pages = PROJECT | {f"services/{name}.yaml": text for name, text in services.items()}
    files = {path: dedent(text).encode() for path, text in sorted(pages.items())}
    return load(Tree(Path(), files))


def refused(**services: str) -> list[str]:
    """Return the complaints about these service pages in dev and in the base."""
    try:
        project = loaded(**services)
        for page in project.services.values():
            for environment in (None, "dev"):
                project.service(page, environment)
    except InputError as error:
        return [str(complaint) for complaint in error.complaints]
    return []


def test_a_page_without_environments_runs_in_all_of_its_system() -> None:
    """There is nothing to say where nothing differs."""
    project = loaded(web="system: shop\nimage: web\n")
    assert project.environments_of(project.page("web")) == ("dev", "prod")


@pytest.mark.parametrize("value", ["null", "{}", "{dev: {}}"])
def test_an_empty_environments_part_says_nothing(value: str) -> None:
    """Null, nothing, and an environment without differences."""
    project = loaded(web=f"system: shop\nimage: web\nenvironments: {value}\n")
    assert project.environments_of(project.page("web")) == ("dev", "prod")


def test_an_environment_can_be_shut_out() -> None:
    """`false` keeps the service out of it."""
    project = loaded(web="system: shop\nimage: web\nenvironments: {dev: false}\n")
    assert project.environments_of(project.page("web")) == ("prod",)


def test_layers_are_laid_in_order() -> None:
    """Built-in < environment < system < system there < page < page there."""
    project = loaded(
        web="""\
        system: shop
        image: web
        env: {B: page}
        environments: {dev: {env: {C: there}}}
        """
    )
    page = project.page("web")
    there = project.service(page, "dev").page
    assert (there.replicas, there.env) == (2, {"A": "system", "B": "page", "C": "there"})
    base = project.service(page, None).page
    assert (base.replicas, base.env) == (1, {"B": "page"})


def test_anchors_are_allowed() -> None:
    """Within the page, and within bounds."""
    project = loaded(
        web="""\
        system: shop
        image: web
        resources: {requests: &same {memory: 64Mi}, limits: *same}
        """
    )
    resources = project.service(project.page("web"), None).page.resources
    assert resources is not None
    assert resources.requests == resources.limits == {"memory": "64Mi"}


def test_all_complaints_of_all_pages_come_in_one_run() -> None:
    """By file and line."""
    found = refused(web="system: shop\nimagee: web\nport: x\n", api="system: shop\nreplica: 1\nport: 0\n")
    assert [complaint.partition(": error")[0] for complaint in found] == [
        "services/api.yaml:2:1",
        "services/api.yaml:3:7",
        "services/web.yaml:2:1",
        "services/web.yaml:3:7",
    ]


@pytest.mark.parametrize(
    "page",
    [
        "livenessProbe: {exec: [check]}",
        "port: 80\nlivenessProbe: {httpGet: /}",
        "ports: {web: 80}\nreadinessProbe: {tcpSocket: {}}",
        "livenessProbe: {httpGet: {port: 80}}",
        "livenessProbe: {grpc: 5000}",
        "lifecycle: {preStop: {sleep: 0}}",
        "configMap: {data: {A: b}, mountPath: /etc/web}\nvolumeMounts: {/other: config}",
        "volumes: {v: {emptyDir: {}}}\njobs: {seed: {volumeMounts: {/v: v}}}",
        "containers: {side: {image: 'ghcr.io/example/side:1.0'}}",
        "containers: {side: {image: 'localhost:5000/side:1.0'}}",
        "podDisruptionBudget: {maxUnavailable: 0}",
        "service: {https: false}",
        "service: {portName: ''}",
        "ingress: {className: nginx, host: web.example.com}",
        "service: null",
        "environments: {dev: {strategy: null, securityContext: null}}",
    ],
)
def test_sound_pages_are_accepted(page: str) -> None:
    """What looks like a contradiction and is none."""
    assert refused(web=f"system: shop\nimage: web\n{page}\n") == []


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("jobs: {seed: {volumeMounts: {/v: v}}}", "services/web.yaml:3:34: error SPC008: no volume 'v'"),
        (
            "cronJobs: {r: {image: 'web:1', schedule: '@daily'}}",
            "services/web.yaml:3:23: error SPC008: 'web:1' has a tag",
        ),
        ("migrations: {env: {A: {}}}", "services/web.yaml:3:23: error SPC008: 'migrations.env.A' has none of"),
        ("initContainers: {i: {}}", "services/web.yaml:3:21: error SPC008: 'i' has no image"),
        (
            "service: {externalName: db.example.com}",
            "services/web.yaml:3:25: error SPC008: 'service.externalName' has no",
        ),
        (
            "port: 80\nports: {http: 81}",
            "services/web.yaml:4:15: error SPC008: 'ports.http' is what 'port' is short for",
        ),
        ("service: {ports: {http: {port: 81}}}", "services/web.yaml:3:25: error SPC008: 'service.ports.http' has the"),
        (
            "service: {portName: '', ports: {admin: {port: 81}}}",
            "services/web.yaml:3:21: error SPC008: 'service.portName' is empty, and the Service",
        ),
        ("ingress: {subdomain: web}", "services/web.yaml:3:22: error SPC008: 'ingress.subdomain' is 'web', and"),
        (
            "serviceAccount: {name: shared, external: true, role: orders}",
            "services/web.yaml:3:54: error SPC008: 'serviceAccount.role' is set on the account's object, and with `ext",
        ),
        (
            "serviceAccount:\n  name: shared\n  external: true\n  annotations: {a: b}",
            "services/web.yaml:6:16: error SPC008: 'serviceAccount.annotations' is set on the account's object, and",
        ),
        (
            "serviceAccount: {name: shared, external: true, imagePullSecrets: [registry]}",
            "services/web.yaml:3:66: error SPC008: 'serviceAccount.imagePullSecrets' is set on",
        ),
        (
            "cronJobs: {report: {schedule: 0 3 * * *, serviceAccount: {name: shared, external: true, role: orders}}}",
            "services/web.yaml:3:95: error SPC008: 'cronJobs.report.serviceAccount.role' is set on",
        ),
        (
            "serviceAccount: {external: true}",
            "services/web.yaml:3:28: error SPC008: 'serviceAccount.external' is true, and the account has no name",
        ),
        (
            "selector: {tier: front}\npodLabels: {team: a, tier: front}",
            "services/web.yaml:4:28: error SPC008: 'podLabels.tier' is a label of 'selector', which the service's pods",
        ),
    ],
)
def test_contradictions_are_placed(page: str, said: str) -> None:
    """In whatever container of the page they are."""
    (complaint,) = refused(web=f"system: shop\nimage: web\n{page}\n")
    assert complaint.startswith(said)


def test_a_whole_number_has_no_fraction() -> None:
    """1.0 is one to JSON Schema, and none to Kubernetes."""
    (complaint,) = refused(web="system: shop\nimage: web\nenvironments: {dev: {replicas: 1.0}}\n")
    said = "'environments.dev.replicas' must be a whole number, not the number 1.0"
    assert complaint.startswith(f"services/web.yaml:3:32: error SPC008: {said}")


def test_a_refusal_that_the_schema_does_not_share_is_told_all_the_same() -> None:
    """In the decoder's own words."""
    document, _ = parse(b"region: eu-west-1\n", "clusters/eu.yaml")
    assert document is not None
    (found,) = misfits({"region": "eu-west-1", "account": "111122223333"}, FILES["cluster"], document, "No")
    assert str(found) == "clusters/eu.yaml:1:1: error SPC008: No; see the schemas in schemas/"


@pytest.mark.parametrize(
    "page",
    [
        pytest.param("labels:\n" + "".join(f"  n{number}: {number}\n" for number in range(300)), id="values"),
        pytest.param("".join(f"n{number}: {number}\n" for number in range(300)), id="keys"),
    ],
)
def test_a_page_complains_a_hundred_times(page: str) -> None:
    """The first hundred in the order of the page, and a word that there are more."""
    complaints = [said for said in refused(web=f"system: shop\nimage: web\n{page}") if said.startswith("services/web")]
    first = 4 if page.startswith("labels") else 3
    assert [int(said.split(":")[1]) for said in complaints] == [*range(first, first + 100), first + 99]
    assert "and more: the first 100 complaints" in complaints[-1]


@pytest.mark.parametrize(
    ("page", "said"),
    [
        pytest.param(
            "topologySpreadConstraints:\n"
            "- {maxSkew: 1, topologyKey: zone, whenUnsatisfiable: DoNotSchedule}\n"
            "- {maxSkew: 2, topologyKey: zone, whenUnsatisfiable: DoNotSchedule}\n",
            "services/web.yaml:5:3: error WRK017: topology spread constraint `zone, DoNotSchedule` is there twice "
            "('topologySpreadConstraints[0]' and 'topologySpreadConstraints[1]'); the API server refuses the pods; "
            "keep one of the two",
            id="constraints",
        ),
        pytest.param(
            "service:\n  ports:\n    admin: {port: 80}\n",
            "services/web.yaml:5:12: error WRK017: port `80/TCP` is there twice ('service.port' and "
            "'service.ports.admin'); the API server refuses the Service; keep one of the two",
            id="ports",
        ),
    ],
)
def test_what_a_patch_cannot_tell_apart_is_refused(page: str, said: str) -> None:
    """Kustomize would build one of the two, and the difference would name another cause."""
    assert refused(web=f"system: shop\nimage: web\n{page}") == [said]


def test_what_differs_in_its_key_is_no_double() -> None:
    """Another protocol, and another way of being unsatisfiable."""
    page = (
        "system: shop\nimage: web\nport: 8000\nservice: {ports: {udp: {port: 80, protocol: UDP}}}\n"
        "topologySpreadConstraints:\n"
        "- {maxSkew: 1, topologyKey: zone, whenUnsatisfiable: DoNotSchedule}\n"
        "- {maxSkew: 1, topologyKey: zone, whenUnsatisfiable: ScheduleAnyway}\n"
    )
    assert refused(web=page) == []


SERVICES = [
    ("image: web\nport: 80", True),
    ("image: web\nports: {grpc: 80}", True),
    ("image: web", False),
    ("image: web\nservice: {}", True),
    ("image: web\nservice: {port: 5432}", True),
    ("image: web\nport: 80\nservice: null", False),
    ("image: web\nenvironments: {dev: {service: {type: NodePort}}}", True),
    ("service: {port: 5432}", True),
]


@pytest.mark.parametrize(("words", "wanted"), SERVICES)
def test_a_service_is_there_where_the_page_writes_it_or_has_a_port(words: str, wanted: bool) -> None:  # noqa: FBT001  # a table
    """The one of the layers below is for pages with a port."""
    project = loaded(web=f"system: shop\n{words}\n")
    assert bool(project.service(project.page("web"), "dev").page.service) is wanted


def test_null_leaves_the_number_of_pods_to_the_cluster() -> None:
    """`replicas: null` is no number, not the built-in one."""
    project = loaded(web="system: shop\nimage: web\nenvironments: {prod: {replicas: null}}\n")
    page = project.page("web")
    assert (project.service(page, None).page.replicas, project.service(page, "prod").page.replicas) == (1, None)
