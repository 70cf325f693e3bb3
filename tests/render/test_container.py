from __future__ import annotations

from typing import Any

import msgspec
import pytest
import yaml

from generator.model.container import Container, SideContainer
from generator.render import container

WHOLE = """
image: registry.example.com/db:16.4
imagePullPolicy: IfNotPresent
restartPolicy: Always
command: [postgres]
args: [-c, log=on]
workingDir: /srv
port: 5432
env: {A: "", B: {secretKeyRef: {name: s, key: k, optional: false}}}
envFrom: [{configMapRef: {name: c}}]
resources: {requests: {cpu: 0.5, memory: 64M}, limits: {nvidia.com/gpu: 1}}
readinessProbe: {tcpSocket: {}}
securityContext: {runAsUser: 999}
volumeMounts: {/data: {name: data, subPath: pg, readOnly: false}, /tmp: scratch}
"""


def test_whole() -> None:
    """Every word of a container comes out in Kubernetes' form."""
    assert container.render("db", msgspec.convert(yaml.safe_load(WHOLE), SideContainer)) == yaml.safe_load("""
        name: db
        image: registry.example.com/db:16.4
        imagePullPolicy: IfNotPresent
        restartPolicy: Always
        command: [postgres]
        args: [-c, log=on]
        workingDir: /srv
        ports: [{name: http, containerPort: 5432, protocol: TCP}]
        env:
        - {name: A, value: ""}
        - {name: B, valueFrom: {secretKeyRef: {name: s, key: k, optional: false}}}
        envFrom: [{configMapRef: {name: c}}]
        resources: {requests: {cpu: "0.5", memory: 64M}, limits: {nvidia.com/gpu: "1"}}
        readinessProbe: {tcpSocket: {port: 5432}}
        securityContext: {runAsUser: 999}
        volumeMounts:
        - {name: data, mountPath: /data, subPath: pg, readOnly: false}
        - {name: scratch, mountPath: /tmp}
    """)


def test_only_set_fields() -> None:
    """What the page leaves out is left out."""
    assert container.render("db", Container(image="db")) == {"name": "db", "image": "db"}


def test_sources_in_order() -> None:
    """Given sources come before the container's own, which win in Kubernetes because they are last."""
    own = msgspec.convert({"envFrom": [{"secretRef": {"name": "own"}}]}, Container)

    rendered = container.render("db", own, [{"secretRef": {"name": "given"}}])

    assert rendered["envFrom"] == [{"secretRef": {"name": "given"}}, {"secretRef": {"name": "own"}}]


@pytest.mark.parametrize(
    ("amount", "text"), [("60m", "60m"), (0.5, "0.5"), (2, "2"), (1.0, "1.0"), (134217728, "134217728")]
)
def test_quantities_are_strings(amount: Any, text: str) -> None:
    """A quantity is a string whatever YAML took it for."""
    limited = msgspec.convert({"resources": {"limits": {"cpu": amount}}}, Container)

    assert container.render("db", limited)["resources"] == {"limits": {"cpu": text}}
