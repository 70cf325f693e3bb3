"""The prediction of kustomize's output is either exactly right or not made."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.layout.kustomization import kustomization
from generator.prove.canonical import canonical
from generator.tools.kustomize import build
from generator.yamlio import built, dump_all
from tests.examples import examples

TRICKY = st.sampled_from(
    [
        "on",
        "y",
        "1.10",
        "1e3",
        "12e4567",
        "0o14",
        "0x1F",
        "~",
        "",
        "null",
        "=",
        "<<",
        "-",
        "- a",
        "a: b",
        "a:",
        ": a",
        "#",
        "a #b",
        "'",
        '"',
    ]
)
TEXTS = st.one_of(
    TRICKY,
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=90),
    st.text(st.sampled_from("ab :#-\n'\"%@`!|>{}[],&*?"), max_size=12),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=8),
)


@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(TEXTS, min_size=1, max_size=60))
def test_a_prediction_is_what_kustomize_prints(kustomize: Path, texts: list[str]) -> None:
    """For every text as a ConfigMap value: the predicted document is one of those printed."""
    objects: list[dict[str, Any]] = [
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": f"c{number}"}, "data": {"k": text, "a": "b"}}
        for number, text in enumerate(texts)
    ]
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "objects.yaml").write_text(dump_all(objects), encoding="utf-8")
        Path(folder, "kustomization.yaml").write_text(kustomization(["objects.yaml"]), encoding="utf-8")
        text = build(kustomize, Path(folder)).decode()
    printed = {part if part.endswith("\n") else part + "\n" for part in text.split("\n---\n")}
    assert {one["metadata"]["name"]: one["data"] for one in built(text)} == {
        one["metadata"]["name"]: one["data"] for one in objects
    }
    predicted = [prediction for one in objects if (prediction := canonical(one)) is not None]
    assert [prediction for prediction in predicted if prediction not in printed] == []


def test_plain_objects_are_predicted() -> None:
    """The usual service costs no parsing: its objects are all predicted."""
    labels = {"app": "web", "app.kubernetes.io/part-of": "shop"}
    container = {
        "name": "web",
        "image": "registry.example.com:5000/web:1.10@sha256:" + "0" * 64,
        "args": ["--port=80", "-v"],
    }
    spec = {
        "replicas": 2,
        "template": {"spec": {"containers": [container], "volumes": [{"name": "t", "emptyDir": {}}]}},
    }

    text = canonical({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"labels": labels}, "spec": spec})

    assert text is not None
    assert "      - args:\n        - --port=80\n        - -v\n" in text
