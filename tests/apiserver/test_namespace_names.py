"""Objects are judged in the namespace as it is called in the environment, not as the pages call it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from tests.apiserver.conftest import KUBERNETES
from tests.cli.test_shared_cluster import PAGES

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Answer, Fairlead

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: shell}\n"
POD += "spec: {containers: [{name: sh, image: docker.io/library/busybox:1.37}]}\n"


@pytest.fixture
def acme(judging: Path, tmp_path: Path, fairlead: Fairlead) -> Path:
    """Return dev and staging on one cluster, the API released in both and rendered."""
    assert judging.is_dir()
    for path, text in PAGES.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text.replace("1.35", KUBERNETES), encoding="utf-8")
    for environment in ("dev", "staging"):
        assert fairlead("bump", "api=1.0.0", "--env", environment, root=tmp_path).code == 0
    assert fairlead("generate", root=tmp_path).code == 0
    return tmp_path


def refused(answer: Answer) -> list[str]:
    """Return the file and the environment of each refusal."""
    found = [each for each in msgspec.json.decode(answer.stdout)["findings"] if each["rule"] == "API001"]
    return [f"{each['place']['file']}: {each['environment']}" for each in found]


def test_environments_of_one_cluster_pass(acme: Path, fairlead: Fairlead) -> None:
    """Each is asked about in its own namespace, two Namespaces beside four objects."""
    answer = fairlead("validate", "--api-server", "--format", "json", root=acme)
    assert (answer.code, refused(answer)) == (0, [])


def test_an_own_object_without_a_namespace_is_judged_where_it_goes(acme: Path, fairlead: Fairlead) -> None:
    """The namespace of dev admits restricted pods alone, and that of the pages' word is no namespace at all."""
    page, system = acme / "services/api.yaml", acme / "systems/acme.yaml"
    listed = page.read_text() + "environments: {dev: {extraResources: [pod.yaml]}}\n"
    page.write_text(listed, encoding="utf-8")
    strict = system.read_text().replace("baseline", "restricted") + "kinds: [Pod]\n"
    system.write_text(strict, encoding="utf-8")
    own = acme / "overlays/dev/api/resources/pod.yaml"
    own.parent.mkdir()
    own.write_text(POD, encoding="utf-8")
    assert fairlead("generate", root=acme).code == 0
    answer = fairlead("validate", "--api-server", "--format", "json", root=acme)
    assert "overlays/dev/api/resources/pod.yaml: dev" in refused(answer)
