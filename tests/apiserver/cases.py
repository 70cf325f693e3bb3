"""The corpus: pages and own files that kubeconform passes and a real API server refuses, each with its words.

All of them are services of one repository, so that one run judges them all.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import yaml

from generator.crds.definition import definition
from generator.crds.files import FOLDER, files
from tests.prove.shop import FILES, make_shop

CORPUS = Path(__file__).parent / "corpus"
SYSTEM = """\
owner: shop
namespaces:
  shop: {podSecurity: baseline}
  guarded: {podSecurity: restricted}
  open: {podSecurity: privileged}
environments:
  dev: {cluster: dev, registry: 111122223333.dkr.ecr.eu-west-1.amazonaws.com, domain: dev.example.com}
"""
# A kind of a team's own, with rules in CEL.
WIDGET: dict[str, Any] = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": "widgets.example.com"},
    "spec": {
        "group": "example.com",
        "names": {"kind": "Widget", "listKind": "WidgetList", "plural": "widgets", "singular": "widget"},
        "scope": "Namespaced",
        "versions": [
            {
                "name": "v1",
                "served": True,
                "storage": True,
                "schema": {
                    "openAPIV3Schema": {
                        "type": "object",
                        "properties": {
                            "spec": {
                                "type": "object",
                                "x-kubernetes-validations": [
                                    {"rule": "self.min <= self.max", "message": "min may not be above max"}
                                ],
                                "properties": {
                                    "min": {"type": "integer"},
                                    "max": {"type": "integer"},
                                    "colour": {
                                        "type": "string",
                                        "x-kubernetes-validations": [
                                            {"rule": "self == oldSelf", "message": "a widget keeps its colour"}
                                        ],
                                    },
                                },
                            }
                        },
                    }
                },
            }
        ],
    },
}


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One page, with its own files (name -> text) and the findings that it has to get, without their remedy."""

    name: str
    why: str
    page: str
    resources: dict[str, str] = {}
    patches: dict[str, str] = {}
    expected: tuple[str, ...] = ()


def corpus() -> list[Case]:
    """Read all cases, in the order of their names."""
    return [
        msgspec.convert(yaml.safe_load(path.read_text(encoding="utf-8")) | {"name": path.stem}, Case)
        for path in sorted(CORPUS.glob("*.yaml"))
    ]


def make_repository(root: Path, cases: list[Case], kubernetes: str = "1.35") -> Path:
    """Write a repository that has all cases as services, not rendered yet."""
    gitops = FILES["gitops.yaml"].replace("1.35", kubernetes)
    make_shop(root, gitops=gitops, systems__shop=SYSTEM, **{f"services__{case.name}": case.page for case in cases})
    (root / "services/cart.yaml").unlink()
    for path, text in files(definition(WIDGET)).items():
        _write(root / FOLDER / path, text)
    for case in cases:
        for folder, own in (("resources", case.resources), ("patches", case.patches)):
            for name, text in own.items():
                _write(root / "overlays/dev" / case.name / folder / name, text)
    return root


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
