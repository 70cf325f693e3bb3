"""What the sources of the two systems got wrong, and what fairlead says to it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Fairlead


def rewrite(path: Path, pattern: str, replacement: str) -> None:
    """Replace the one place in a file that `pattern` matches."""
    text, count = re.subn(pattern, replacement, path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert count == 1
    path.write_text(text, encoding="utf-8")


def line_of(path: Path, text: str) -> int:
    """Return the number of the first line that holds `text`."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if text in line)


# One command for both probes (WRK008)


@pytest.mark.parametrize("service", ["frontend", "users-backend", "thoughts-backend"])
def test_one_command_for_both_probes_needs_a_reason(repository: Path, fairlead: Fairlead, service: str) -> None:
    """Without the suppression `validate` reports WRK008 at the liveness probe's line, in all environments."""
    page = repository / "services" / f"{service}.yaml"
    rewrite(page, r"^suppress:\n(?:[- ].*\n)+", "")
    answer = fairlead("validate", root=repository)
    place = f"services/{service}.yaml:{line_of(page, 'exec: [curl')}:"
    found = [line for line in answer.stdout.splitlines() if line.startswith(place) and "warning WRK008: " in line]
    assert answer.code == 0
    assert [line.split("[")[-1].split(" Deployment")[0] for line in found] == ["dev, local, prod, staging"]


def test_the_reason_is_listed(repository: Path, fairlead: Fairlead) -> None:
    """An allowed finding is shown with the page's reason, and does not block."""
    answer = fairlead("validate", root=repository)
    assert answer.code == 0
    assert re.search(
        r"^services/frontend\.yaml:\d+:\d+: allowed WRK008: the page at / is static", answer.stdout, re.MULTILINE
    )


# Timings indented into `exec`

INDENTED = """\
livenessProbe:
  exec:
    command: [curl, "http://localhost:8000/"]
    initialDelaySeconds: 5
    periodSeconds: 30
"""


def test_timings_inside_exec_are_refused_on_a_page(repository: Path, fairlead: Fairlead) -> None:
    """Each of the two is named at its own line, with the place where it belongs."""
    page = repository / "services" / "frontend.yaml"
    rewrite(page, r"^livenessProbe:\n(?:  .*\n)+", INDENTED)
    answer = fairlead("generate", root=repository)
    line = line_of(page, "    initialDelaySeconds")
    assert answer.code == 2
    for number, key in ((line, "initialDelaySeconds"), (line + 1, "periodSeconds")):
        complaint = f"unknown key '{key}' in 'livenessProbe.exec'; it belongs to 'livenessProbe'"
        assert f"services/frontend.yaml:{number}:5: error SPC008: {complaint}\n" in answer.stderr


OWN = "overlays/dev/orders-service/resources/own.yaml"


def add_own_resource(root: Path, text: str) -> None:
    """Add a hand-written object to the overlay of orders-service in dev, and list it on the page."""
    (root / OWN).parent.mkdir()
    (root / OWN).write_text(text, encoding="utf-8")
    rewrite(
        root / "services" / "orders-service.yaml",
        "^environments:\n",
        "environments:\n  dev: {extraResources: [own.yaml]}\n",
    )


OWN_DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: own, namespace: orders-service}
spec:
  selector: {matchLabels: {app: own}}
  template:
    metadata: {labels: {app: own}}
    spec:
      containers:
      - name: own
        image: example.com/own:1.0
        livenessProbe:
          exec:
            command: [curl, "http://localhost:8000/"]
            initialDelaySeconds: 5
"""


def test_timings_inside_exec_are_refused_in_a_hand_written_object(repository: Path, fairlead: Fairlead) -> None:
    """The strict schema names the field in the person's own file."""
    add_own_resource(repository, OWN_DEPLOYMENT)
    assert fairlead("generate", root=repository).code == 0
    answer = fairlead("validate", root=repository)
    line = line_of(repository / OWN, "exec:")
    assert answer.code == 1
    assert re.search(
        rf"^{OWN}:({line}|{line + 1}):\d+: error SCH001: .*'initialDelaySeconds'",
        answer.stdout,
        re.MULTILINE,
    )


# `protocol: http`


def test_http_is_no_protocol_of_a_page(repository: Path, fairlead: Fairlead) -> None:
    """The page's own word is refused with the three protocols that there are."""
    page = repository / "services" / "orders-service.yaml"
    rewrite(page, "^service: .*$", "service: {ports: {api: {port: 81, protocol: http}}}")
    answer = fairlead("generate", root=repository)
    line = line_of(page, "protocol: http")
    assert answer.code == 2
    assert f"services/orders-service.yaml:{line}:" in answer.stderr
    assert "'service.ports.api.protocol' cannot be 'http'; one of: SCTP, TCP, UDP" in answer.stderr


OWN_SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: own, namespace: orders-service}
spec:
  selector: {app: orders-service}
  ports:
  - port: 80
    targetPort: 8000
    protocol: http
"""


def test_http_is_no_protocol_of_a_hand_written_service(repository: Path, fairlead: Fairlead) -> None:
    """Kubernetes refuses it, so an error at that port of the person's own file names it."""
    add_own_resource(repository, OWN_SERVICE)
    assert fairlead("generate", root=repository).code == 0
    answer = fairlead("validate", root=repository)
    line = line_of(repository / OWN, "protocol: http")
    assert answer.code == 1
    assert re.search(rf"^{OWN}:({line - 1}|{line}):\d+: error \w+: .*\bhttp\b", answer.stdout, re.MULTILINE)


# A database beside the service must not be scaled


def test_a_database_beside_the_service_is_not_scaled(repository: Path, fairlead: Fairlead) -> None:
    """An autoscaler in dev, where the database is in the pod, is an error that says why."""
    page = repository / "services" / "users-backend.yaml"
    rewrite(page, "^    replicas: 1 .*each pod.*$", "    autoscaling: {minReplicas: 2, maxReplicas: 8, cpu: 10}")
    assert fairlead("generate", root=repository).code == 0
    answer = fairlead("validate", root=repository)
    assert answer.code == 1
    assert re.search(
        r"^services/users-backend\.yaml:\d+:\d+: error WRK024: .*users-backend-db", answer.stdout, re.MULTILINE
    )


# References between services


def test_a_service_that_nobody_provides(repository: Path, fairlead: Fairlead) -> None:
    """The frontend's address of a back end must be a Service of some page."""
    page = repository / "services" / "frontend.yaml"
    rewrite(page, "http://users-service", "http://user-service")
    assert fairlead("generate", root=repository).code == 0
    answer = fairlead("validate", root=repository)
    place = f"services/frontend.yaml:{line_of(page, 'http://user-service')}:"
    assert answer.code == 1
    assert any(line.startswith(place) and "error WRK023: " in line for line in answer.stdout.splitlines())


# `:latest`


def test_latest_is_refused(repository: Path, fairlead: Fairlead) -> None:
    """The source's tag is an error in every environment that it is released to, whoever wrote it there."""
    record = repository / "overlays/prod/frontend/kustomization.yaml"
    record.write_text(record.read_text(encoding="utf-8").replace('"1.4.2"', '"latest"'), encoding="utf-8")
    answer = fairlead("validate", root=repository)
    assert answer.code == 1
    assert re.search(r": error WRK001: .*frontend:latest", answer.stdout)
