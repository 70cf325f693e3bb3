"""The Applications of an instance, as the ApplicationSet controller of Argo CD 3.5.7 makes them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.controller.checkout import Checkout
from generator.disk.tree import read
from generator.findings.errors import InputError
from generator.preview.declared import declaration, instances
from generator.preview.expansion import Unexpanded, applications, expanded
from generator.yamlio import dump_all
from tests.conftest import CHECKOUT
from tests.preview.hub import URL, application, application_set, folders, hub, shop, tree_of


def made(*generators: dict[str, Any], files: tuple[str, ...] = (), **spec: Any) -> list[str]:
    """Return the names that a set with these generators makes over some files.

    Raises ValueError where it is unknown.
    """
    found = hub(application_set("set", *generators, **spec)) | dict.fromkeys(files, "")
    answer = expanded(Checkout(tree_of(found).files), declaration(tree_of(found), "hub"))
    if answer.unexpanded:
        raise ValueError(answer.unexpanded[0].why)
    return [each.name for each in answer.applications if each.made_by]


def why(*generators: dict[str, Any], **spec: Any) -> Unexpanded:
    """Return why a set is not expanded."""
    found = tree_of(hub(application_set("set", *generators, **spec)) | {"a/b/f": "", "conf.yaml": "name: [x"})
    (answer,) = expanded(Checkout(found.files), declaration(found, "hub")).unexpanded
    return answer


def test_the_applications_of_an_instance() -> None:
    """The root, what is declared, and one for each overlay that is there, all with what the plan is about."""
    found = applications(tree_of(shop()), "hub")
    assert [(each.name, each.project, str(each.destination), each.sources[0].path) for each in found] == [
        ("root", "root", "https://kubernetes.default.svc/argocd", "argocd/hub"),
        ("dev-api", "shop", "dev/shop", "overlays/dev/api"),
        ("dev-web", "shop", "dev/shop", "overlays/dev/web"),
    ]
    assert found[1].made_by == "dev-shop"
    assert found[1].keeps


def test_an_overlay_that_is_not_there_yet_makes_none() -> None:
    """The set lists it all the same."""
    files = {path: text for path, text in shop().items() if not path.startswith("overlays/dev/web")}
    assert [each.name for each in applications(tree_of(files), "hub")] == ["root", "dev-api"]


def test_folders_by_pattern_and_exclusion() -> None:
    """`exclude` wins wherever it stands; folders that begin with a dot are not seen; folders of folders are."""
    entries = [{"path": "o/*/*"}, {"path": "o/prod/*", "exclude": True}, {"path": "o/prod/b"}, {"path": "o"}]
    generator = {"git": {"repoURL": URL, "revision": "main", "directories": entries}}
    files = ("o/dev/a/f", "o/dev/.git/f", "o/prod/b/f", "o/dev/c/d/f")
    assert made(generator, files=files) == ["dev-o", "dev-a", "dev-c"]


def test_values_and_a_prefix() -> None:
    """`values` are templates over the parameters, the prefix keeps two paths apart."""
    generator = folders("o/*", pathParamPrefix="my", values={"short": "{{ .my.path.basename | trunc 1 }}"})
    template = {"metadata": {"name": "{{ .values.short }}-{{ .my.path.path }}"}, "spec": {}}
    assert made(generator, files=("o/abc/f",), template=template) == ["a-o/abc"]


def test_files_give_their_contents() -> None:
    """Nested, with the path of their folder; a list gives several; JSON and YAML alike."""
    found = hub(
        application_set(
            "set",
            {"git": {"repoURL": URL, "revision": "main", "files": [{"path": "conf/*.yaml"}, {"path": "more"}]}},
            template={"metadata": {"name": "{{ .path.filename }}-{{ .at.name }}-{{ .port }}"}, "spec": {}},
        ),
        conf__a__b="",
    ) | {"conf/x/a.yaml": "at: {name: one}\nport: 8080\n", "more/b.json": '[{"at": {"name": "two"}, "port": 1000000}]'}
    names = [each.name for each in applications(tree_of(found), "hub") if each.made_by]
    assert names == ["a.yaml-one-8080", "b.json-two-1e+06"]


def test_older_templates_know_dotted_names() -> None:
    """Everything is text, a path has numbered segments."""
    element = {"name": "x", "values": {"env": "dev"}}
    template = {"metadata": {"name": "{{name}}-{{values.env}}-{{nope}}"}, "spec": {}}
    listed = made({"list": {"elements": [element]}}, goTemplate=False, template=template)
    template = {"metadata": {"name": "{{path[1]}}-{{path.basenameNormalized}}"}, "spec": {}}
    assert made(folders("o/*/*"), files=("o/dev/A_b/f",), goTemplate=False, template=template) == ["dev-a-b"]
    assert listed == ["x-dev-{{nope}}"]


def test_a_matrix_feeds_the_first_into_the_second() -> None:
    """The second one's texts are templates over the first one's parameters, which win where both have a name."""
    elements = {"list": {"elements": [{"env": "dev"}, {"env": "prod"}]}}
    template = {"metadata": {"name": "{{ .env }}-{{ .path.basename }}"}, "spec": {}}
    generator = {"matrix": {"generators": [elements, folders("o/{{ .env }}/*")]}}
    files = ("o/dev/a/f", "o/prod/b/f", "o/test/c/f")
    assert made(generator, files=files, template=template) == ["dev-a", "prod-b"]


def test_a_merge_overrides_by_keys() -> None:
    """Empty values override too; sets that only a later generator has are dropped."""
    base = {
        "list": {"elements": [{"env": "dev", "size": "s", "deep": {"a": "1", "b": "2"}}, {"env": "prod", "size": "m"}]}
    }
    override = {"list": {"elements": [{"env": "dev", "size": "", "deep": {"b": "3"}}, {"env": "test", "size": "x"}]}}
    template = {"metadata": {"name": "{{ .env }}{{ .size }}"}, "spec": {}}
    assert made({"merge": {"mergeKeys": ["env"], "generators": [base, override]}}, template=template) == [
        "dev",
        "prodm",
    ]


@pytest.mark.parametrize(
    ("generator", "words"),
    [
        ({"list": {"elements": [{"a": "1"}]}}, 'map has no entry for key "path"'),
        ({"matrix": {"generators": [folders("a/*")]}}, "Matrix support only two"),
        ({"merge": {"generators": [folders("a/*"), folders("a/*")]}}, "no merge keys"),
        (
            {"merge": {"mergeKeys": ["x"], "generators": [folders("a", "a/*"), folders("a/*")]}},
            "not unique by the given mergeKeys",
        ),
        ({"git": {"repoURL": URL, "revision": "main"}}, "ApplicationSet is empty"),
    ],
)
def test_where_argo_cd_fails_the_whole_set_makes_nothing(generator: dict[str, Any], words: str) -> None:
    """It is told as certain, with words like Argo CD's."""
    answer = why(generator)
    assert answer.certain
    assert words in answer.why


@pytest.mark.parametrize(
    ("generator", "words"),
    [
        ({"clusters": {}}, "generator `clusters`"),
        ({"pullRequest": {"github": {}}}, "generator `pullRequest`"),
        ({"scmProvider": {}}, "generator `scmProvider`"),
        ({"plugin": {}}, "generator `plugin`"),
        (folders("a/*") | {"selector": {"matchLabels": {}}}, "a generator with git and selector"),
        ({"git": {"repoURL": "https://git.example.com/x", "directories": [{"path": "*"}]}}, "another repository"),
        ({"git": {"repoURL": URL, "revision": "v1", "directories": [{"path": "*"}]}}, "another revision, v1"),
        ({"git": {"repoURL": URL, "revision": "main", "files": [{"path": "conf.yaml"}]}}, "conf.yaml:"),
        (folders("a/*", template={"metadata": {}}), "a template of its own"),
    ],
)
def test_what_is_not_worked_out_is_never_guessed(generator: dict[str, Any], words: str) -> None:
    """The set is named, with the reason; it may well make Applications."""
    answer = why(generator)
    assert not answer.certain
    assert words in answer.why
    assert answer.place.file == "argocd/hub/2.yaml"


def test_a_patch_of_the_template_is_not_worked_out() -> None:
    """Nor any other field of a set that is not known."""
    assert why(folders("a/*"), templatePatch="spec: {}").why == "`templatePatch`"


def test_what_a_set_leaves_behind() -> None:
    """Unless it preserves resources, its Applications delete their objects with them."""
    files = hub(application_set("set", folders("o/*"), syncPolicy={})) | {"o/a/f": ""}
    found = applications(tree_of(files), "hub")[-1]
    assert found.manifest["metadata"]["finalizers"] == ["resources-finalizer.argocd.argoproj.io"]
    assert not found.keeps


def test_a_kustomization_that_changes_what_it_lists_is_not_read_past() -> None:
    """A patch there could turn any Application into another."""
    files = shop()
    files["argocd/hub/kustomization.yaml"] += "namePrefix: x-\n"
    tree = tree_of(files)
    (answer,) = expanded(Checkout(tree.files), declaration(tree, "hub")).unexpanded
    assert "by `namePrefix`" in answer.why


def test_several_documents_in_a_person_s_own_file() -> None:
    """Each has the place where it begins."""
    files = hub()
    first, second = application("one", "o/one"), application("two", "o/two")
    files["argocd/hub/resources/own.yaml"] = dump_all([first, second])
    files["argocd/hub/kustomization.yaml"] += "- resources/own.yaml\n"
    found = applications(tree_of(files), "hub")
    assert [str(each.place) for each in found[1:]] == [
        "argocd/hub/resources/own.yaml:1:1",
        "argocd/hub/resources/own.yaml:22:1",
    ]


def test_an_instance_that_the_gate_refuses_is_no_instance() -> None:
    """Nothing of it is read."""
    files = shop() | {"argocd/hub/kustomization.yaml": "resources: [https://example.com/x.yaml]\n"}
    with pytest.raises(InputError, match="remote"):
        applications(tree_of(files), "hub")


def test_this_repository_s_own_instances() -> None:
    """Every overlay has exactly one Application, in exactly one instance."""
    tree = read(CHECKOUT)
    paths = [each.sources[0].path for name in instances(tree) for each in applications(tree, name)]
    overlays = {"/".join(path.split("/")[:3]) for path in tree.under("overlays")}
    assert sorted(path for path in paths if path.startswith("overlays/")) == sorted(overlays)


NAMES = st.lists(st.text(alphabet="abcde-", min_size=1, max_size=6), min_size=1, max_size=8, unique=True)


@given(NAMES, NAMES)
def test_a_set_makes_what_is_listed_and_there(listed: list[str], there: list[str]) -> None:
    """No more, no fewer, in the order of the folders."""
    files = tuple(f"o/{name}/f" for name in there)
    names = made(folders(*(f"o/{name}" for name in listed)), files=files)
    assert names == [f"dev-{name}" for name in sorted(set(listed) & set(there))]
