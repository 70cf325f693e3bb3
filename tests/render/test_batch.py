from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from generator.render import batch

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.model.service import Service


def _pod(service: Service) -> Any:
    return batch.spec(service, "seed", service.page.jobs["seed"])["template"]["spec"]


OWN = """
    image: orders
    imagePullPolicy: Always
    resources: {requests: {cpu: 60m}}
    securityContext: {readOnlyRootFilesystem: true}
"""


def test_takes_over_what_every_container_needs(base: Callable[[str], Service]) -> None:
    """A job that says nothing runs the service's image, as large and as confined as the service."""
    assert _pod(base(f"{OWN}\n    jobs: {{seed: {{}}}}"))["containers"] == yaml.safe_load("""
        - name: seed
          image: orders
          imagePullPolicy: Always
          resources: {requests: {cpu: 60m}}
          securityContext: {readOnlyRootFilesystem: true}
    """)


def test_own_words_win(base: Callable[[str], Service]) -> None:
    """What a job says for itself stands."""
    words = """
    jobs:
      seed:
        image: seeder
        imagePullPolicy: IfNotPresent
        resources: {limits: {memory: 1Gi}}
        securityContext: {runAsUser: 1}
    """
    assert _pod(base(OWN + words))["containers"] == yaml.safe_load("""
        - name: seed
          image: seeder
          imagePullPolicy: IfNotPresent
          resources: {limits: {memory: 1Gi}}
          securityContext: {runAsUser: 1}
    """)


def test_secrets_but_no_environment(base: Callable[[str], Service]) -> None:
    """A plain job gets the service's secrets and nothing of its `env`, ConfigMap, ports or probes."""
    page = """
        image: orders
        port: 8000
        readinessProbe: {httpGet: /ready}
        env: {LOG_LEVEL: info}
        envFrom: [{configMapRef: {name: theirs}}]
        configMap: {data: {A: b}}
        secrets: {db-credentials: {DB_URL: x}}
        jobs: {seed: {env: {MINE: "1"}, envFrom: [{secretRef: {name: mine}}]}}
    """
    assert _pod(base(page))["containers"] == yaml.safe_load("""
        - name: seed
          image: orders
          env: [{name: MINE, value: "1"}]
          envFrom: [{secretRef: {name: db-credentials}}, {secretRef: {name: mine}}]
    """)


def test_volumes_that_it_mounts(base: Callable[[str], Service]) -> None:
    """Of the page's volumes a job's pod has those that the job mounts, the ConfigMap's included."""
    page = """
        image: orders
        configMap: {mountPath: /etc/orders}
        volumes: {scratch: {emptyDir: {}}, data: {persistentVolumeClaim: {claimName: d}}}
        jobs: {seed: {volumeMounts: {/tmp: scratch, /etc/seed: {name: config, readOnly: true}}}}
    """
    assert _pod(base(page))["volumes"] == [
        {"name": "config", "configMap": {"name": "orders"}},
        {"name": "scratch", "emptyDir": {}},
    ]


@pytest.mark.parametrize("kind", ["migrations: {}", "jobs: {migrations: {}}"])
def test_pods_are_not_the_services(base: Callable[[str], Service], kind: str) -> None:
    """No Service, budget or spread of the page counts a job's pods: their `app` is the job's name."""
    service = base(f"{{image: o, {kind}}}")
    job = service.page.migrations or service.page.jobs["migrations"]

    labels = batch.spec(service, "migrations", job)["template"]["metadata"]["labels"]
    assert labels["app"] == "orders-migrations"


def test_runs_as_the_service(base: Callable[[str], Service]) -> None:
    """A job has the service's identity, confinement and nodes."""
    page = """
        image: o
        serviceAccount: {}
        podSecurityContext: {runAsNonRoot: true}
        nodeSelector: {disk: ssd}
        terminationGracePeriodSeconds: 45
        podAntiAffinity: required
        jobs: {seed: {}}
    """
    assert _pod(base(page)) == yaml.safe_load("""
        serviceAccountName: orders
        automountServiceAccountToken: false
        enableServiceLinks: false
        securityContext: {runAsNonRoot: true}
        restartPolicy: Never
        containers: [{name: seed, image: o}]
        nodeSelector: {disk: ssd}
    """)


def test_a_block_device_brings_its_volume(base: Callable[[str], Service]) -> None:
    """A job has the volumes of the page that it uses, mounted or not."""
    page = """
        image: orders
        volumes: {raw: {persistentVolumeClaim: {claimName: raw}}, other: {emptyDir: {}}}
        jobs: {seed: {container: {volumeDevices: [{name: raw, devicePath: /dev/raw}]}}}
    """
    assert _pod(base(page))["volumes"] == [{"name": "raw", "persistentVolumeClaim": {"claimName": "raw"}}]


@pytest.mark.parametrize(("words", "name"), [("{}", "seed"), ("{containerName: seeder}", "seeder")])
def test_the_container_is_called_like_the_job_unless_it_has_a_name(
    base: Callable[[str], Service], words: str, name: str
) -> None:
    """An existing Job may call it otherwise."""
    (container,) = _pod(base(f"{OWN}\n    jobs: {{seed: {words}}}"))["containers"]
    assert container["name"] == name


def test_own_pod_fields_replace_what_is_taken_over(base: Callable[[str], Service]) -> None:
    """And the page's own are the Deployment's alone."""
    page = """
        image: orders
        nodeSelector: {disk: ssd}
        podSpec: {hostNetwork: true}
        jobs: {seed: {podSpec: {nodeSelector: {disk: hdd}, enableServiceLinks: true}}}
    """
    pod = _pod(base(page))
    assert (pod["nodeSelector"], pod["enableServiceLinks"], "hostNetwork" in pod) == ({"disk": "hdd"}, True, False)


SETTINGS = """
    image: orders
    env: {LOG_LEVEL: info, REGION: eu}
    envFrom: [{configMapRef: {name: flags}}]
    configMap: {data: {A: b}}
    secrets: {db: {DB_URL: x}}
"""
DB = "{secretRef: {name: db}}"
ALL = f"[{{configMapRef: {{name: orders}}}}, {DB}, {{configMapRef: {{name: flags}}}}]"
KINDS = {
    "cronJobs: {seed: {schedule: '@daily'%s}}": True,
    "migrations: {containerName: seed%s}": True,
    "jobs: {seed: {completions: 1%s}}": False,
}


def _container(service: Service) -> Any:
    _, job = service.page.all_jobs[0]
    return batch.spec(service, "seed", job)["template"]["spec"]["containers"][0]


@pytest.mark.parametrize("said", [None, True, False])
@pytest.mark.parametrize("kind", KINDS)
def test_what_a_job_inherits(base: Callable[[str], Service], kind: str, said: bool | None) -> None:  # noqa: FBT001  # a table
    """CronJobs and migrations get the page's settings, plain Jobs where they ask; each can say otherwise."""
    words = "" if said is None else f", inherit: {str(said).lower()}"
    container = _container(base(f"{SETTINGS}\n    {kind % words}"))
    inherits = KINDS[kind] if said is None else said
    env = "[{name: LOG_LEVEL, value: info}, {name: REGION, value: eu}]" if inherits else "null"
    assert (container.get("env"), container["envFrom"]) == (
        yaml.safe_load(env),
        yaml.safe_load(ALL if inherits else f"[{DB}]"),
    )


def test_the_jobs_own_words_win_over_those_it_inherits(base: Callable[[str], Service]) -> None:
    """A variable of its own replaces the page's, and a source that both name is there once, in the job's place."""
    words = "cronJobs: {seed: {schedule: '@daily', env: {REGION: us}, envFrom: [{configMapRef: {name: flags}}]}}"
    container = _container(base(f"{SETTINGS}\n    {words}"))
    assert container["env"] == [{"name": "LOG_LEVEL", "value": "info"}, {"name": "REGION", "value": "us"}]
    assert container["envFrom"] == yaml.safe_load(ALL)


def test_files_of_the_config_map_are_inherited_with_their_volume(base: Callable[[str], Service]) -> None:
    """With a mount path the ConfigMap is mounted in the job as in the service."""
    page = "{image: o, configMap: {mountPath: /etc/o}, cronJobs: {seed: {schedule: '@daily'}}}"
    service = base(page)
    body = batch.spec(service, "seed", service.page.cronJobs["seed"])["template"]["spec"]
    assert body["containers"][0]["volumeMounts"] == [{"name": "config", "mountPath": "/etc/o", "readOnly": True}]
    assert body["volumes"] == [{"name": "config", "configMap": {"name": "orders"}}]


def test_before_the_sync_there_is_no_config_map_to_inherit(base: Callable[[str], Service]) -> None:
    """A PreSync hook gets the variables alone: on the first sync the ConfigMap would not be there yet."""
    container = _container(base(f"{SETTINGS}\n    migrations: {{hook: PreSync}}"))
    assert container["envFrom"] == yaml.safe_load(f"[{DB}, {{configMapRef: {{name: flags}}}}]")
    assert len(container["env"]) == 2


def test_a_variable_about_a_container_is_about_the_jobs_own(base: Callable[[str], Service]) -> None:
    """One about the service's container loses its name; one about a sidecar, which the job lacks, is not inherited."""
    page = """
        image: o
        containerName: web
        env:
          OWN: {resourceFieldRef: {containerName: web, resource: limits.memory}}
          SIDE: {resourceFieldRef: {containerName: proxy, resource: limits.memory}}
        cronJobs: {seed: {schedule: "@daily"}}
    """
    container = _container(base(page))
    assert container["env"] == [{"name": "OWN", "valueFrom": {"resourceFieldRef": {"resource": "limits.memory"}}}]


def test_claims_are_not_taken_over(base: Callable[[str], Service]) -> None:
    """They name what the Deployment's pods have, and a job's pods do not."""
    page = "{image: orders, resources: {requests: {cpu: 1}, claims: [{name: gpu}]}, jobs: {seed: {}}}"
    assert _pod(base(page))["containers"][0]["resources"] == {"requests": {"cpu": "1"}}


def test_a_file_of_variables_brings_its_volume(base: Callable[[str], Service]) -> None:
    """As a mount does."""
    page = """
        image: orders
        volumes: {start: {emptyDir: {}}}
        jobs: {seed: {env: {A: {fileKeyRef: {volumeName: start, path: a.env, key: A}}}}}
    """
    assert _pod(base(page))["volumes"] == [{"name": "start", "emptyDir": {}}]


def test_containers_before_and_beside(base: Callable[[str], Service]) -> None:
    """As a Deployment has them; the pod has the volumes that any of them uses."""
    page = """
        image: orders
        volumes: {in: {emptyDir: {}}, out: {emptyDir: {}}, other: {emptyDir: {}}}
        jobs:
          seed:
            initContainers: {fetch: {image: fetcher, volumeMounts: {/in: in}}}
            containers: {watch: {image: watcher, volumeMounts: {/out: out}}}
    """
    pod = _pod(base(page))
    assert [each["name"] for each in pod["initContainers"]] == ["fetch"]
    assert [each["name"] for each in pod["containers"]] == ["seed", "watch"]
    assert [each["name"] for each in pod["volumes"]] == ["in", "out"]


@pytest.mark.parametrize(
    ("words", "name", "token"),
    [
        ("{}", "web", True),
        ("{serviceAccount: {}}", "orders-seed", True),
        ("{name: fill, serviceAccount: {automountServiceAccountToken: false}}", "fill", False),
        ("{serviceAccount: {name: seeder}}", "seeder", True),
    ],
)
def test_the_identity_of_a_job(base: Callable[[str], Service], words: str, name: str, *, token: bool) -> None:
    """The page's account, or one of its own; whether there is a token, the own one may say."""
    page = f"{{serviceAccount: {{name: web, automountServiceAccountToken: true}}, jobs: {{seed: {words}}}}}"
    pod = _pod(base(page))
    assert (pod["serviceAccountName"], pod["automountServiceAccountToken"]) == (name, token)
