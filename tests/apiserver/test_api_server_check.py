"""`fairlead validate --api-server`: what is asked, what is remembered, and what happens when there is nobody to ask."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from generator.apiserver import dry_run as judge
from generator.apiserver import retry as patience
from generator.apiserver import server
from generator.apiserver.client import Client, Response
from generator.apiserver.discovery import Resource
from generator.apiserver.dry_run_request import prepare_object, questions
from generator.apiserver.retry import patiently
from generator.findings.errors import ToolError
from tests.apiserver.cases import SYSTEM
from tests.apiserver.conftest import KUBERNETES
from tests.prove.shop import FILES, make_shop

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Answer as Said
    from tests.conftest import Fairlead

PAGE = "system: shop\nimage: registry.example.com/shop/cart:1.0.0\nport: 8080\n"
JSON = ("--api-server", "--format", "json")


@pytest.fixture
def shop(judging: Path, tmp_path: Path, fairlead: Fairlead) -> Path:
    """Return a rendered repository with one service: two objects, and three Namespaces beside them."""
    assert judging.is_dir()
    gitops = FILES["gitops.yaml"].replace("1.35", KUBERNETES)
    root = make_shop(tmp_path, gitops=gitops, systems__shop=SYSTEM, services__cart=PAGE)
    assert fairlead("generate", root=root).code == 0
    return root


def counts(said: Said) -> tuple[int, int]:
    """Return how many objects were asked about in this run, and in earlier ones."""
    asked = msgspec.json.decode(said.stdout)["apiServer"]
    return asked["asked"], asked["cached"]


def refused(said: Said) -> list[str]:
    """Return what the server refused, with its place before it."""
    found = [each for each in msgspec.json.decode(said.stdout)["findings"] if each["rule"] == "API001"]
    return [f"{each['place']['file']}:{each['place']['line']} {each['message']}" for each in found]


def nobody(*_: object, **__: object) -> object:
    """Stand in for a server that must not be started."""
    raise ToolError("a server was started")


def test_every_built_object_is_asked_about_once(
    shop: Path, fairlead: Fairlead, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second run does not even start a server."""
    everything, _ = counts(fairlead("validate", *JSON, root=shop))
    assert everything == 5
    monkeypatch.setattr(judge, "running", nobody)
    assert counts(fairlead("validate", *JSON, root=shop)) == (0, everything)
    assert "nothing asked now" in fairlead("validate", "--api-server", root=shop).stdout


def test_only_what_changed_is_asked_about(shop: Path, fairlead: Fairlead) -> None:
    """One page, its two objects."""
    everything, _ = counts(fairlead("validate", *JSON, root=shop))
    (shop / "services/cart.yaml").write_text(f"{PAGE}replicas: 2\n", encoding="utf-8")
    fairlead("generate", root=shop)
    now, before = counts(fairlead("validate", *JSON, root=shop))
    assert now < everything == now + before


def test_a_refusal_is_remembered_as_well(shop: Path, fairlead: Fairlead, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was refused is refused until it changes; without the option nothing is said of it."""
    (shop / "services/cart.yaml").write_text(f"{PAGE}resources: {{limits: {{memory: 1x}}}}\n", encoding="utf-8")
    fairlead("generate", root=shop)
    first = fairlead("validate", *JSON, root=shop)
    monkeypatch.setattr(judge, "running", nobody)
    second = fairlead("validate", *JSON, root=shop)
    assert refused(first) == refused(second) != []
    assert first.code == second.code == 1
    assert "API001" not in fairlead("validate", root=shop).stdout


def test_no_server_is_no_all_clear(shop: Path, fairlead: Fairlead, monkeypatch: pytest.MonkeyPatch) -> None:
    """What could not be asked is exit 3."""
    monkeypatch.setattr(judge, "running", nobody)
    said = fairlead("validate", "--api-server", root=shop)
    assert (said.code, said.stderr) == (3, "a server was started\n")


def test_a_server_that_goes_away_is_no_all_clear(
    shop: Path, fairlead: Fairlead, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of that run is remembered: the next one asks everything."""
    running = server.running

    class Dying(Client):
        def apply(self, path: str, manifest: Any, *, dry_run: bool) -> Response:
            if "deployments" in path:
                self._address, self._mine = "127.0.0.1:1", type(self._mine)()
            return super().apply(path, manifest, dry_run=dry_run)

    @contextlib.contextmanager
    def short_lived(*arguments: Any, **options: Any) -> Iterator[Client]:
        with running(*arguments, **options) as client:
            client.__class__ = Dying
            yield client

    monkeypatch.setattr(judge, "running", short_lived)
    said = fairlead("validate", "--api-server", root=shop)
    assert said.code == 3
    assert "Connection refused" in said.stderr
    monkeypatch.setattr(judge, "running", running)
    assert counts(fairlead("validate", *JSON, root=shop))[1] == 0


def test_what_kubeconform_says_is_not_said_twice(shop: Path, fairlead: Fairlead) -> None:
    """The server has the same field in mind."""
    _own(shop, "apiVersion: v1\nkind: Service\nmetadata: {name: x, namespace: shop}\nspec: {prots: []}\n")
    fairlead("generate", root=shop)
    said = fairlead("validate", *JSON, root=shop)
    assert "additional properties 'prots' not allowed" in said.stdout
    assert [line for line in refused(said) if "prots" in line] == []


def test_an_object_without_a_namespace_goes_where_argo_cd_puts_it(shop: Path, fairlead: Fairlead) -> None:
    """Into the first namespace of its system, and not into none."""
    _own(shop, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {a b: c}\n")
    fairlead("generate", root=shop)
    (said,) = refused(fairlead("validate", *JSON, root=shop))
    assert said.startswith("overlays/dev/cart/resources/own.yaml:4 data")


def test_a_namespace_that_admits_everything_admits_everything(shop: Path, fairlead: Fairlead) -> None:
    """The server takes privileged pods, and what they refer to is in the cluster, not here."""
    spec = "{hostNetwork: true, priorityClassName: x, runtimeClassName: x, serviceAccountName: x, containers: [%s]}"
    container = "{name: x, image: registry.example.com/x:1, securityContext: {privileged: true}}"
    metadata = "{name: x, namespace: open}"
    _own(shop, f"apiVersion: v1\nkind: Pod\nmetadata: {metadata}\nspec: {spec % container}\n")
    fairlead("generate", root=shop)
    assert refused(fairlead("validate", *JSON, root=shop)) == []


def test_a_kind_that_the_server_lacks_is_refused(shop: Path, fairlead: Fairlead) -> None:
    """There is no schema of it for kubeconform either, which says so at the same place."""
    _own(shop, "apiVersion: example.com/v1\nkind: Gadget\nmetadata: {name: x, namespace: shop}\n")
    fairlead("generate", root=shop)
    said = fairlead("validate", *JSON, root=shop)
    assert "no schema for example.com/v1 Gadget" in said.stdout
    assert refused(said) == []


def test_a_definition_holds_for_the_overlay_that_brings_it(shop: Path, fairlead: Fairlead) -> None:
    """It is installed on a server of its own."""
    schema = "{type: object, properties: {spec: {type: object, properties: {size: {type: integer, maximum: 5}}}}}"
    _own(
        shop,
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: gadgets.example.com}\n"
        "spec:\n  group: example.com\n  scope: Namespaced\n"
        "  names: {kind: Gadget, plural: gadgets, singular: gadget, listKind: GadgetList}\n"
        f"  versions: [{{name: v1, served: true, storage: true, schema: {{openAPIV3Schema: {schema}}}}}]\n",
        "apiVersion: example.com/v1\nkind: Gadget\nmetadata: {name: x, namespace: shop}\nspec: {size: 4}\n",
    )
    fairlead("generate", root=shop)
    assert refused(fairlead("validate", *JSON, root=shop)) == []


def _own(root: Path, *texts: str) -> None:
    """Give the service files of its own."""
    names = [f"own{number or ''}.yaml" for number in range(len(texts))]
    (root / "services/cart.yaml").write_text(f"{PAGE}extraResources: [{', '.join(names)}]\n", encoding="utf-8")
    folder = root / "overlays/dev/cart/resources"
    folder.mkdir(parents=True)
    for name, text in zip(names, texts, strict=True):
        (folder / name).write_text(text, encoding="utf-8")


def test_members_of_a_list_are_asked_about_one_by_one() -> None:
    """And their fields are those of the list's file."""
    member = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x", "namespace": "shop"}}
    (question,) = questions({"apiVersion": "v1", "kind": "List", "items": [member, "nothing"]})
    assert (question.manifest, question.path, question.namespace) == (member, ("items", 0), "shop")


def test_a_generated_name_is_any_name() -> None:
    """The server would make one up; to an apply it has to be said."""
    metadata = prepare_object(
        {"metadata": {"generateName": "x-"}}, Resource("/api/v1", "pods", namespaced=True), "shop"
    )["metadata"]
    assert metadata == {"name": "x-fairlead", "namespace": "shop"}


def test_a_cluster_wide_object_has_no_namespace() -> None:
    """Argo CD takes it away as well."""
    resource = Resource("/api/v1", "nodes", namespaced=False)
    assert prepare_object({"metadata": {"name": "x", "namespace": "y"}}, resource, "shop")["metadata"] == {"name": "x"}
    assert resource.path("shop", "a/b") == "/api/v1/nodes/a%2Fb"


OVERTAKEN = Response(
    409, {"reason": "Conflict", "message": "... the object has been modified; please apply your changes"}
)
BUSY = [Response(429, {}), Response(503, {}), OVERTAKEN, Response(500, {"message": "etcd"})]


def test_a_busy_server_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Until it gets to an answer; a refusal is one, also where the server calls it an internal error."""
    monkeypatch.setattr(patience, "_PAUSES", (0.0,) * 5)
    for answer in (
        Response(200, {}),
        Response(422, {}),
        Response(500, {"message": "failed to convert new object (x)"}),
    ):
        answers = iter([*BUSY, answer])
        assert patiently(lambda answers=answers: next(answers)) == answer  # type: ignore[misc]


def test_a_server_that_stays_busy_is_no_all_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a while that is an error."""
    monkeypatch.setattr(patience, "_PAUSES", (0.0,) * 2)
    with pytest.raises(ToolError, match="503 no leader"):
        patiently(lambda: Response(503, {"message": "no leader"}))


def test_a_conflict_that_stays_belongs_to_the_object(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a refusal like any other, never "the server does not get to an answer" with all other findings hidden."""
    monkeypatch.setattr(patience, "_PAUSES", (0.0,) * 2)
    assert patiently(lambda: OVERTAKEN) == OVERTAKEN


def test_a_conflict_that_no_other_run_can_cause_is_not_asked_again() -> None:
    """The server says for ever that an object has a `uid` that is not there."""
    asked: list[Response] = []

    def ask() -> Response:
        asked.append(Response(409, {"reason": "Conflict", "message": "uid mismatch: ..., and no existing object"}))
        return asked[-1]

    assert patiently(ask).status == 409
    assert len(asked) == 1
