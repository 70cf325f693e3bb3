"""No page is missing among those that another one depends on: what is remembered would outlive a change of it."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.disk.tree import Tree
from generator.findings.errors import InputError
from generator.inputs.configmaps import config_map_name
from generator.inputs.load import load
from generator.render.configmap import used_config_maps
from generator.render.deployment import pod_spec
from tests.examples import examples
from tests.prove.shop import FILES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.inputs.project import Project
    from generator.model.service import Service

NAMES = st.sampled_from(["web", "api", "web-a", "api-a", "other"])
MAP = st.fixed_dictionaries(
    {},
    optional={"name": st.one_of(NAMES, st.none()), "data": st.just({"A": "b"}), "env": st.just(False)},  # noqa: FBT003  # a value of the page
)
REFERENCE = st.builds(lambda name: {"name": name, "key": "A"}, NAMES)
VOLUMES = st.one_of(
    st.builds(lambda name: {"configMap": {"name": name}}, NAMES),
    st.builds(lambda name: {"projected": {"sources": [{"configMap": {"name": name}}]}}, NAMES),
)
LAYER: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "name": NAMES,
        "configMap": st.one_of(MAP, st.none()),
        "configMaps": st.dictionaries(st.sampled_from(["a", "b"]), st.one_of(MAP, st.none()), max_size=2),
        "env": st.dictionaries(st.just("X"), st.builds(lambda one: {"configMapKeyRef": one}, REFERENCE), max_size=1),
        "envFrom": st.lists(st.builds(lambda name: {"configMapRef": {"name": name}}, NAMES), max_size=2),
        "volumes": st.dictionaries(st.just("v"), VOLUMES, max_size=1),
        "containers": st.dictionaries(
            st.just("side"),
            st.builds(lambda one: {"image": "ghcr.io/a/b:1", "env": {"Y": {"configMapKeyRef": one}}}, REFERENCE),
            max_size=1,
        ),
        "colocateWith": st.lists(NAMES, max_size=1),
    },
)
PAGE = st.builds(lambda own, dev: {"system": "shop", "image": "app", **own, "environments": {"dev": dev}}, LAYER, LAYER)


def project(pages: dict[str, dict[str, Any]], defaults: dict[str, Any], folder: str) -> Project:
    """Return a project of these pages, with defaults of their system."""
    system = {**yaml.safe_load(FILES["systems/shop.yaml"]), "defaults": defaults}
    texts = {f"services/{name}.yaml": yaml.safe_dump(page) for name, page in pages.items()}
    texts["systems/shop.yaml"] = yaml.safe_dump(system)
    files = {path: text.encode() for path, text in sorted({**FILES, **texts}.items())}
    files.pop("services/cart.yaml")
    root = Path(folder)
    return load(Tree(root, files, memory=root))


def services(project: Project) -> Iterator[Service]:
    """Yield each service in the base and in its environment, if its page is fit."""
    for page in project.services.values():
        for environment in (None, "dev"):
            try:
                yield project.service(page, environment)
            except InputError:
                continue


@settings(max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(["web", "api", "jobs"]), PAGE, min_size=2, max_size=3), LAYER)
def test_no_page_is_missing(pages: dict[str, dict[str, Any]], defaults: dict[str, Any]) -> None:
    """Whoever renders a ConfigMap is known by its name, and whoever is asked about another is known to depend on it."""
    with TemporaryDirectory() as folder:
        known = project(pages, defaults, folder)
        for service in services(known):
            own = {config_map_name(each, service.workload, volume) for _, volume, each in service.page.all_config_maps}
            assert all(service.name in known.dependencies.renderers_of(name) for name in own)
            others = known.dependencies.pages_of(service.name)
            found = [service.find_config_map(name) for name in used_config_maps(pod_spec(service)) - own]
            found += [service.find_service(name) for name in service.page.colocateWith]
            assert {other.name for other in found if other} - {service.name} <= {*others}


def test_what_is_found_is_in_the_same_environment(tmp_path: Path) -> None:
    """A service of an environment is found in it, one of the base in the base."""
    using = {"system": "shop", "image": "app", "envFrom": [{"configMapRef": {"name": "api"}}]}
    rendering = {"system": "shop", "image": "app", "configMap": {"data": {"A": "b"}}}
    known = project({"web": using, "api": rendering}, {}, str(tmp_path))
    for service in services(known):
        if service.name == "web":
            other = service.find_config_map("api")
            assert other is not None
            assert other.placement == service.placement
            assert other.name == "api"
