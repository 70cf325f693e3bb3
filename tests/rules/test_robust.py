"""Rules see what people wrote by hand: no shape makes one raise, and no secret reaches a message."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.inputs.name import is_name
from generator.inputs.reserved import reserved
from generator.kubernetes.manifest import at
from generator.rules.applications import made
from generator.rules.references import references
from generator.rules.rule import Violation
from generator.rules.runner import violations
from generator.rules.sources import reads
from generator.rules.unprovided import unknown
from generator.rules.view import Limits, SyncedRepository, View
from tests.examples import examples

CASES = sorted((Path(__file__).parent / "cases").glob("*/*.yaml"))
STREAMS = [[one for one in yaml.safe_load_all(case.read_text()) if one] for case in CASES]
ODD_TEXT = [
    "",
    "{}",
    "{x}",
    "%",
    "25%",
    "-1%",
    "1e99",
    "1e-99",
    "9" * 60,
    "a\nb",
    "\u202e",
    "http://",
    "@",
    ":",
]
ODD_SHAPES: list[Any] = [[], {}, [None], [[1]], {"name": ["x"]}, {1: 2, None: "x"}]
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.sampled_from(ODD_TEXT),
    st.text(max_size=8),
    st.sampled_from(ODD_SHAPES).map(copy.deepcopy),
)
ANYTHING = st.recursive(
    ODD,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["name", "kind", "spec", "metadata", "labels", "template", "containers", "env"]),
            inner,
        )
    ),
    max_leaves=12,
)
KINDS = st.sampled_from(
    [
        ("v1", "Service"),
        ("v1", "Pod"),
        ("v1", "ConfigMap"),
        ("apps/v1", "Deployment"),
        ("autoscaling/v2", "HorizontalPodAutoscaler"),
        ("policy/v1", "PodDisruptionBudget"),
        ("networking.k8s.io/v1", "Ingress"),
        ("argoproj.io/v1alpha1", "Application"),
        ("argoproj.io/v1alpha1", "ApplicationSet"),
        ("argoproj.io/v1alpha1", "AppProject"),
    ]
)
REPOSITORY = SyncedRepository(url="https://git.example.com/shop.git", folders=frozenset({"overlays/prod/web"}))
THOROUGH = settings(max_examples=examples(400), deadline=None, suppress_health_check=[HealthCheck.too_slow])


def paths(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of every value inside `value`."""
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path for step, inner in steps for path in ((*here, step), *paths(inner, (*here, step)))]


@st.composite
def mutated(draw: st.DrawFn) -> tuple[Any, ...]:
    """Return the objects of some case after a few values were replaced or removed."""
    objects = copy.deepcopy(draw(st.sampled_from(STREAMS)))
    for _ in range(draw(st.integers(1, 4))):
        path = draw(st.sampled_from(paths(objects)))
        holder = at(objects, path[:-1])
        if draw(st.booleans()):
            holder[path[-1]] = draw(ODD)
        elif isinstance(holder, dict):
            del holder[path[-1]]
    return tuple(one for one in objects if isinstance(one, dict))


def run(objects: tuple[Any, ...], *, production: bool) -> list[str]:
    """Return everything that all rules have to say, as it would be printed."""
    view = View(
        objects=objects,
        environment="prod",
        production=production,
        service="web",
        repository=REPOSITORY,
        limits=Limits(system="shop", kinds=frozenset({("", "Service")}), namespaces=frozenset({"shop"})),
    )
    found = [violation for _, _, violation in violations(view)]
    found += [violation for _, violation in unknown(references(objects), [("shop", "web")])]
    found += [Violation(path=read.path, message=read.what) for one in objects for read in reads(one, REPOSITORY)]
    found += [Violation(path=(), message=each.name) for one in objects for each in made(one, REPOSITORY)]
    return [f"{one.message} {one.remedy} {one.path}" for one in found]


@THOROUGH
@given(mutated(), st.booleans())
def test_no_rule_raises_on_mutated_objects(objects: tuple[Any, ...], production: bool) -> None:  # noqa: FBT001
    """Missing fields and wrong types are no reason to stop."""
    run(objects, production=production)


@THOROUGH
@given(KINDS, ANYTHING, ANYTHING)
def test_no_rule_raises_on_any_shape(kind: tuple[str, str], metadata: Any, spec: Any) -> None:
    """Nor is an object that is nothing but its kind."""
    one = {"apiVersion": kind[0], "kind": kind[1], "metadata": metadata, "spec": spec, "data": spec}
    run((one, *STREAMS[0]), production=True)


@THOROUGH
@given(mutated())
def test_same_objects_same_words(objects: tuple[Any, ...]) -> None:
    """Two runs say the same in the same order."""
    assert run(objects, production=True) == run(copy.deepcopy(objects), production=True)


@THOROUGH
@given(ANYTHING, st.text(max_size=50))
def test_page_checks_take_anything(value: Any, text: str) -> None:
    """Reserved content and names are looked for in whatever was read."""
    list(reserved(value))
    is_name(text)


@given(st.sampled_from(["DB_PASSWORD", "API_TOKEN", "DB_URL", "SESSION_SECRET"]), st.sampled_from([True, False]))
def test_no_message_holds_a_secret(name: str, as_number: bool) -> None:  # noqa: FBT001
    """Neither a value under a telling name, nor one in a Secret, nor the password of a URL."""
    secret: Any = 4242424242 if as_number else "postgres://user:4242424242@nowhere:5432/x"
    pod = {"containers": [{"name": "web", "env": [{"name": name, "value": secret}, {"name": name, "value": secret}]}]}
    objects = (
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}, "spec": pod},
        {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": "web"},
            "stringData": {"some key": 4242424242},
        },
    )
    said = run(objects, production=True)
    assert said
    assert not [line for line in said if "4242424242" in line]
