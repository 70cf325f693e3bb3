"""Sets of manifests as teams apply them, the pages that take their place, and what kustomize builds from those.

A set is a folder: `original.yaml`, and `systems/`, `services/` (and what else a repository has) that express it. The
releases are those of the originals' images.
"""

from __future__ import annotations

import shutil
from collections import Counter
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import msgspec
import yaml

from generator.layout.kustomization import kustomization
from generator.paths import HEADER
from generator.tools.install import ensure
from generator.tools.kustomize import build
from generator.tools.pins import KUSTOMIZE, kustomize_version_for
from tests.adopt.fields import Difference, compare
from tests.cases.case import rendered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.adopt.defaults import Object

HERE = Path(__file__).parent
SETS = HERE / "sets"
REGISTRY = "registry.example.com/"
ENVIRONMENT = "live"

WORKLOADS = ("Deployment", "CronJob", "Job")
# The kinds that the promise is about, and what stands beside them.
PROMISED = ("Deployment", "CronJob", "Service", "Ingress", "HorizontalPodAutoscaler")
PAGEABLE = (*PROMISED, "Job", "PodDisruptionBudget", "ServiceAccount", "ConfigMap", "NetworkPolicy")

Identity = tuple[str, str, str]


class Measured(msgspec.Struct, frozen=True):
    """An object of a set, and how it differs from what was built in its place."""

    kind: str
    name: str
    difference: Difference


class Adoption(msgspec.Struct, frozen=True):
    """A set: its objects that a page can hold, how many there are of other kinds, and what pages render beside."""

    name: str
    objects: tuple[Measured, ...]
    left_out: dict[str, int]
    surplus: tuple[str, ...]

    def of(self, kind: str) -> list[Measured]:
        """Return the objects of a kind."""
        return [each for each in self.objects if each.kind == kind]


def sets() -> list[str]:
    """Return the names of the sets."""
    return sorted(folder.name for folder in SETS.iterdir() if folder.is_dir())


@cache
def measure(name: str) -> Adoption:
    """Render the pages of a set, build them with kustomize, and compare the result with the originals."""
    originals = list(documents((SETS / name / "original.yaml").read_text(encoding="utf-8")))
    built = {_identity(manifest): manifest for manifest in _pages_of(name, originals)}
    pageable = [manifest for manifest in originals if manifest["kind"] in PAGEABLE]
    objects = (
        Measured(each["kind"], each["metadata"]["name"], compare(each, built.get(_identity(each)))) for each in pageable
    )
    left = Counter(manifest["kind"] for manifest in originals if manifest["kind"] not in PAGEABLE)
    beside = built.keys() - {_identity(manifest) for manifest in originals}
    surplus = sorted(f"{kind}/{other}" for kind, _, other in beside if kind != "Namespace")
    return Adoption(name, tuple(objects), dict(sorted(left.items())), tuple(surplus))


def _pages_of(name: str, originals: list[Object]) -> list[Object]:
    """Return what kustomize builds from the pages of a set, with the images that run today."""
    with TemporaryDirectory(prefix="fairlead-adopt-") as folder:
        root = Path(folder).resolve()
        shutil.copytree(HERE / "project", root, dirs_exist_ok=True)
        shutil.copytree(SETS / name, root, dirs_exist_ok=True)
        _release(root, dict(_tags(originals)))
        return list(documents(_built(root)))


def documents(text: str) -> Iterator[Object]:
    """Return the objects of a stream of YAML."""
    return (document for document in yaml.load_all(text, yaml.CSafeLoader) if document)


def _identity(manifest: Object) -> Identity:
    metadata = manifest["metadata"]
    return manifest["kind"], metadata.get("namespace", ""), metadata["name"]


def _tags(value: Any) -> Iterator[tuple[str, str]]:
    """Return our own images in manifests, without the registry, and their tags."""
    if isinstance(value, dict):
        image = value.get("image")
        if isinstance(image, str) and image.startswith(REGISTRY):
            name, _, tag = image.removeprefix(REGISTRY).partition(":")
            yield name, tag
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _tags(inner)


def _release(root: Path, tags: dict[str, str]) -> None:
    """Write the record of every page's images, as they run today."""
    for page in (root / "services").glob("*.yaml"):
        images = sorted(set(_images(yaml.safe_load(page.read_bytes()))) & tags.keys())
        entries = "".join(f'- name: {image}\n  newTag: "{tags[image]}"\n' for image in images)
        record = root / "overlays" / ENVIRONMENT / page.stem / "kustomization.yaml"
        record.parent.mkdir(parents=True, exist_ok=True)
        record.write_text(HEADER + (f"images:\n{entries}" if entries else "resources: []\n"), encoding="utf-8")


def _images(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (str(inner) for key, inner in value.items() if key == "image")
        for inner in value.values():
            yield from _images(inner)


def _built(root: Path) -> str:
    """Build every overlay of the rendered repository as one."""
    rendered(root)
    overlays = sorted(path.parent for path in root.glob(f"overlays/{ENVIRONMENT}/*/kustomization.yaml"))
    together = root / "together"
    together.mkdir()
    names = [f"../{overlay.relative_to(root).as_posix()}" for overlay in overlays]
    (together / "kustomization.yaml").write_text(kustomization(names), encoding="utf-8")
    version = kustomize_version_for(yaml.safe_load((root / "gitops.yaml").read_bytes())["argocd"]["version"])
    return build(ensure(KUSTOMIZE, version), together).decode()
