from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from generator.render import deployment, hpa

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.model.service import Service


def _spec(service: Service) -> Any:
    manifest = deployment.render(service)
    assert manifest is not None
    return manifest["spec"]


def _pod(service: Service) -> Any:
    return _spec(service)["template"]["spec"]


def test_smallest(base: Callable[[str], Service]) -> None:
    """An image and a port make a whole Deployment."""
    assert deployment.render(base("{image: coffeemesh-orders, port: 8000, replicas: 1}")) == yaml.safe_load("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: orders
          namespace: shop
          labels:
            app: orders
            app.kubernetes.io/part-of: coffeemesh
            app.kubernetes.io/managed-by: fairlead
        spec:
          replicas: 1
          selector: {matchLabels: {app: orders}}
          template:
            metadata:
              labels:
                app: orders
                app.kubernetes.io/part-of: coffeemesh
                app.kubernetes.io/managed-by: fairlead
            spec:
              automountServiceAccountToken: false
              enableServiceLinks: false
              containers:
              - name: orders
                image: coffeemesh-orders
                ports: [{name: http, containerPort: 8000, protocol: TCP}]
    """)


def test_none_without_image(base: Callable[[str], Service]) -> None:
    """A page without an image has no Deployment."""
    assert deployment.render(base("port: 8000")) is None


def test_names(base: Callable[[str], Service]) -> None:
    """Workload and container are called what the page calls them, and the selector follows the workload."""
    manifest = deployment.render(base("{image: o, name: frontend, containerName: frontend-service}"))

    assert manifest is not None
    assert manifest["metadata"]["name"] == "frontend"
    assert manifest["spec"]["selector"] == {"matchLabels": {"app": "frontend"}}
    assert manifest["spec"]["template"]["spec"]["containers"] == [{"name": "frontend-service", "image": "o"}]


def test_selector_holds_one_label(base: Callable[[str], Service]) -> None:
    """Labels of page and pods stay out of the selector, which can never change."""
    spec = _spec(base("{image: o, labels: {tier: web}, podLabels: {team: orders}}"))

    assert spec["selector"] == {"matchLabels": {"app": "orders"}}


def test_autoscaler_owns_replicas(base: Callable[[str], Service]) -> None:
    """With autoscaling the Deployment says no number, or every sync would reset it."""
    assert "replicas" not in _spec(base("{image: o, replicas: 4, autoscaling: {minReplicas: 2, maxReplicas: 8}}"))


def test_a_scaler_elsewhere_owns_replicas(base: Callable[[str], Service]) -> None:
    """With `autoscaling: external` the Deployment says no number, and no autoscaler is rendered."""
    service = base("{image: o, replicas: 4, autoscaling: external}")
    assert ("replicas" in _spec(service), hpa.render(service)) == (False, None)


def test_zero_replicas(base: Callable[[str], Service]) -> None:
    """Zero is a number of replicas."""
    assert _spec(base("{image: o, replicas: 0}"))["replicas"] == 0


STRATEGIES = [
    ("{maxUnavailable: 25%, maxSurge: 1}",
     "{type: RollingUpdate, rollingUpdate: {maxUnavailable: 25%, maxSurge: 1}}"),
    ("{maxUnavailable: 0}", "{type: RollingUpdate, rollingUpdate: {maxUnavailable: 0}}"),
    ("{}", "{type: RollingUpdate}"),
    ("{type: Recreate}", "{type: Recreate}"),
    ("{type: Recreate, maxSurge: 1}", "{type: Recreate}"),
]  # fmt: skip


@pytest.mark.parametrize(("strategy", "expected"), STRATEGIES)
def test_strategy(base: Callable[[str], Service], strategy: str, expected: str) -> None:
    """The bounds belong to a rolling update alone: Kubernetes refuses them beside Recreate."""
    assert _spec(base(f"{{image: o, strategy: {strategy}}}"))["strategy"] == yaml.safe_load(expected)


def test_rollout_words(base: Callable[[str], Service]) -> None:
    """Words of the rollout are passed on in a fixed order, before the pod template."""
    page = "{image: o, replicas: 1, progressDeadlineSeconds: 300, revisionHistoryLimit: 0, minReadySeconds: 5}"

    spec = _spec(base(page))
    del spec["template"]
    assert list(spec.items()) == [
        ("replicas", 1),
        ("revisionHistoryLimit", 0),
        ("progressDeadlineSeconds", 300),
        ("minReadySeconds", 5),
        ("selector", {"matchLabels": {"app": "orders"}}),
    ]


def test_containers_beside_and_before(base: Callable[[str], Service]) -> None:
    """The service's own container is first, the others follow in the page's order."""
    page = """
        image: users_server
        containerName: users-backend-service
        containers: {users-backend-db: {image: users_backend_db}, agent: {image: example.com/agent:1}}
        initContainers: {wait: {image: example.com/wait:1}}
    """
    assert _pod(base(page)) == yaml.safe_load("""
        automountServiceAccountToken: false
        enableServiceLinks: false
        initContainers: [{name: wait, image: "example.com/wait:1"}]
        containers:
        - {name: users-backend-service, image: users_server}
        - {name: users-backend-db, image: users_backend_db}
        - {name: agent, image: "example.com/agent:1"}
    """)


def test_secrets_and_configuration_as_environment(base: Callable[[str], Service]) -> None:
    """ConfigMap, secrets, then the page's own sources: a later one wins; other containers get none."""
    page = """
        image: o
        secrets: {db-credentials: {DB_URL: x}, mail: {KEY: y}}
        configMap: {name: settings}
        envFrom: [{secretRef: {name: mine}}]
        containers: {db: {image: d}}
    """
    assert _pod(base(page))["containers"] == yaml.safe_load("""
        - name: orders
          image: o
          envFrom:
          - configMapRef: {name: settings}
          - secretRef: {name: db-credentials}
          - secretRef: {name: mail}
          - secretRef: {name: mine}
        - {name: db, image: d}
    """)


def test_configuration_as_files(base: Callable[[str], Service]) -> None:
    """With a mount path the ConfigMap is a read-only volume of the own container, and rolls the pods."""
    template = _spec(base("{image: o, configMap: {data: {a: '1', b: '2'}, mountPath: /etc/orders}}"))["template"]

    assert template == yaml.safe_load("""
        metadata:
          labels:
            app: orders
            app.kubernetes.io/part-of: coffeemesh
            app.kubernetes.io/managed-by: fairlead
          annotations:
            checksum/config: 21f76dfbfe6dfe21f762080ef484112cf2952974cef30741fd1931e1c6d92112
        spec:
          automountServiceAccountToken: false
          enableServiceLinks: false
          containers:
          - name: orders
            image: o
            volumeMounts: [{name: config, mountPath: /etc/orders, readOnly: true}]
          volumes: [{name: config, configMap: {name: orders}}]
    """)


def test_volumes(base: Callable[[str], Service]) -> None:
    """Volumes are passed on as they are, an empty source included."""
    page = "{image: o, volumes: {tmp: {emptyDir: {}}, data: {persistentVolumeClaim: {claimName: d}}}}"

    assert _pod(base(page))["volumes"] == [
        {"name": "tmp", "emptyDir": {}},
        {"name": "data", "persistentVolumeClaim": {"claimName": "d"}},
    ]


def test_page_volume_replaces_the_one_of_the_configuration(base: Callable[[str], Service]) -> None:
    """A volume that the page calls `config` is the page's."""
    page = "{image: o, configMap: {mountPath: /etc}, volumes: {config: {emptyDir: {}}}}"

    assert _pod(base(page))["volumes"] == [{"name": "config", "emptyDir": {}}]


def test_order_of_the_pod(placed: Callable[[str], Service], full: str) -> None:
    """A full pod reads from identity over containers to placement."""
    assert list(_pod(placed(full))) == [
        "serviceAccountName",
        "automountServiceAccountToken",
        "enableServiceLinks",
        "imagePullSecrets",
        "securityContext",
        "priorityClassName",
        "terminationGracePeriodSeconds",
        "initContainers",
        "containers",
        "volumes",
        "affinity",
        "topologySpreadConstraints",
        "nodeSelector",
        "tolerations",
        "hostAliases",
    ]


def test_order_of_the_container(placed: Callable[[str], Service], full: str) -> None:
    """A full container reads from what runs over its surroundings to its checks."""
    assert list(_pod(placed(full))["containers"][0]) == [
        "name",
        "image",
        "imagePullPolicy",
        "command",
        "args",
        "workingDir",
        "ports",
        "env",
        "envFrom",
        "resources",
        "startupProbe",
        "livenessProbe",
        "readinessProbe",
        "lifecycle",
        "securityContext",
        "volumeMounts",
        "terminationMessagePolicy",
    ]


def test_image_is_left_to_the_release(placed: Callable[[str], Service]) -> None:
    """The image stands as the page has it, in an environment too: registry and tag belong to the overlay."""
    assert _pod(placed("image: coffeemesh-orders"))["containers"][0]["image"] == "coffeemesh-orders"


def test_a_template_as_a_team_wrote_it(base: Callable[[str], Service]) -> None:
    """With the defaults taken away a page adds no field to a pod: what runs already is not rolled."""
    page = """
        image: orders
        containerName: server
        enableServiceLinks: null
        automountServiceAccountToken: null
        ports: {"8000": 8000, "9090": 9090}
        env: {EMPTY: ""}
        podSpec: {dnsPolicy: Default, hostname: orders}
        container: {terminationMessagePolicy: FallbackToLogsOnError}
    """
    assert _pod(base(page)) == yaml.safe_load("""
        containers:
        - name: server
          image: orders
          ports: [{containerPort: 8000, protocol: TCP}, {containerPort: 9090, protocol: TCP}]
          env: [{name: EMPTY, value: ""}]
          terminationMessagePolicy: FallbackToLogsOnError
        dnsPolicy: Default
        hostname: orders
    """)
