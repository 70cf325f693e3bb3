from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

from generator.findings.errors import ToolError
from generator.kubernetes import packs
from generator.tools import process


def test_every_supported_version_has_a_pack() -> None:
    """Each pack holds one file a kind, all packs the same kinds."""
    names = [
        {path.name for path in packs.kubernetes_pack(version).iterdir()}
        for version in packs.supported_kubernetes_versions()
    ]
    assert "deployment-apps-v1.json" in names[0]
    assert all(other == names[0] for other in names)


def test_versions_are_ordered_by_number() -> None:
    """1.9 comes before 1.10, and the supported ones are these."""
    assert packs.supported_kubernetes_versions() == ("1.33", "1.34", "1.35", "1.36")


def test_a_patch_number_does_not_matter() -> None:
    """Schemas do not change within a minor version."""
    assert packs.kubernetes_pack("1.35.4") == packs.kubernetes_pack("1.35")


def test_an_unknown_version_names_the_known_ones() -> None:
    """The message says what to choose from."""
    with pytest.raises(ToolError, match=r"no schemas for Kubernetes 1\.20; .* 1\.33, 1\.34, 1\.35, 1\.36"):
        packs.kubernetes_pack("1.20")


def test_a_pack_is_self_contained() -> None:
    """No schema refers to another file: kubeconform reads one file a kind, and never the network."""
    for path in packs.kubernetes_pack("1.35").iterdir():
        assert '"$ref":"#/definitions/' in path.read_text() or '"$ref"' not in path.read_text()


def test_kustomize_has_a_short_document() -> None:
    """It is an OpenAPI document with the kinds we render."""
    document = packs.openapi_document("5.8.1")
    assert document
    assert "io.k8s.api.apps.v1.Deployment" in json.loads(document.read_text())["definitions"]


def test_another_kustomize_has_none() -> None:
    """Then the one built in is used."""
    assert packs.openapi_document("5.0.0") is None
    assert packs.openapi_left_out("5.0.0") == frozenset()


def test_kinds_that_need_the_full_document_are_known() -> None:
    """A kind known to kustomize only, yes; a kind in the short document or in none, no."""
    left_out = packs.openapi_left_out("5.8.1")
    assert ("v1", "ReplicationController") in left_out
    assert ("apps/v1", "Deployment") not in left_out
    assert ("external-secrets.io/v1", "ExternalSecret") not in left_out


def test_an_installed_package_brings_its_schemas(tmp_path: Path) -> None:
    """In a wheel the schemas lie inside the package, not beside it."""
    package = tmp_path / "generator"
    package.mkdir()
    source = Path(packs.__file__).parents[1]
    for name in ("__init__.py", "findings", "kubernetes"):
        (shutil.copytree if (source / name).is_dir() else shutil.copy)(source / name, package / name)
    shutil.copytree(source.parent / "schemas", package / "schemas")
    ask = "from generator.kubernetes import packs; print(packs.kubernetes_pack('1.35'))"
    answer = process.run([sys.executable, "-c", ask], cwd=tmp_path)
    assert answer.stdout.decode().strip() == str((package / "schemas/kubernetes/1.35").resolve())


def test_the_groups_of_kubernetes_are_known_by_all_of_their_name() -> None:
    """The oldest one has none, and is called by its version."""
    assert {"v1", "apps", "networking.k8s.io"} < packs.kubernetes_groups()
    assert "networking" not in packs.kubernetes_groups()


def test_there_are_definitions_and_schemas_of_custom_kinds() -> None:
    """What Argo CD's files and pages with secrets need."""
    names = {path.relative_to(packs.crd_pack()).as_posix() for path in packs.crd_pack().glob("*/*.json")}
    assert {"argoproj.io/applicationset_v1alpha1.json", "external-secrets.io/externalsecrets.crd.json"} < names
