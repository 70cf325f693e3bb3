"""Any valid page renders, and the real kustomize builds exactly what the page says, in every environment."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from generator.build.wrapper import Wrapper
from generator.change import Change
from generator.disk.tree import Tree, read
from generator.disk.writer import write
from generator.findings.errors import InputError
from generator.inputs.load import load
from generator.kubernetes.packs import openapi_document
from generator.layout.release import Release
from generator.layout.unit import Unit, service_unit
from generator.plan.plan import plan
from generator.prove.build import Builder
from generator.prove.compare import compare
from generator.tools.install import ensure
from generator.tools.pins import KUSTOMIZE
from generator.yamlio import dump
from tests.examples import examples
from tests.properties.pages import Page, pages

if TYPE_CHECKING:
    from collections.abc import Mapping

ENVIRONMENTS = ("dev", "staging", "prod")
RECORD = {"app": Release(newTag="1.10"), "side": Release(newTag="on", digest="sha256:" + "0" * 64)}
REGISTRY = "111122223333.dkr.ecr.eu-west-1.amazonaws.com"
PROJECT: Mapping[str, dict[str, Any]] = {
    "gitops.yaml": {
        "repoURL": "https://git.example.com/shop.git",
        "argocd": {"version": "3.5.7"},
        "kubernetesVersion": "1.35",
        "environments": list(ENVIRONMENTS),
    },
    "systems/shop.yaml": {
        "owner": "shop",
        "namespaces": {"shop": {}},
        "environments": {
            name: {
                "cluster": name,
                "registry": REGISTRY,
                "domain": f"{name}.example.com",
                "certificate": f"arn:aws:acm:eu-west-1:111122223333:certificate/{name}",
            }
            for name in ENVIRONMENTS
        },
    },
    **{f"environments/{name}.yaml": {"production": name == "prod"} for name in ENVIRONMENTS},
    **{f"clusters/{name}.yaml": {"region": "eu-west-1", "account": "111122223333"} for name in ENVIRONMENTS},
}


@pytest.fixture(scope="module")
def kustomize() -> Path:
    """Return the real kustomize."""
    return ensure(KUSTOMIZE, "5.8.1")


def rendered(page: Page) -> Unit:
    """Render a page for all environments, everything released."""
    files = {path: dump(value).encode() for path, value in {**PROJECT, "services/app.yaml": page}.items()}
    project = load(Tree(Path("/"), files))
    return service_unit(project, project.page("app"), dict.fromkeys(ENVIRONMENTS, RECORD))


@settings(max_examples=examples(60), deadline=None, suppress_health_check=list(HealthCheck))
@given(page=st.data())
def test_what_kustomize_builds_is_what_the_page_says(kustomize: Path, page: st.DataObject) -> None:
    """Base and overlays on disk, built together and alone, give the model's objects."""
    drawn = page.draw(pages())
    try:
        unit = rendered(drawn)
    except InputError:
        assume(False)  # noqa: FBT003  # a page that the loader refuses is another test's business
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write(root, [Change(path=path, before=None, after=text) for path, text in unit.files.items()])
        assert not list(plan(read(root), [unit], read(root).files).drift())
        builder = Builder(Wrapper(kustomize, openapi_document("5.8.1")), root)
        for built in builder.build(unit.overlays, {overlay.folder for overlay in unit.overlays}):
            assert not built.error
            differences = list(compare(built.overlay.objects, built.alone))
            assert not differences
