"""What people's own files tell Argo CD: names and paths are held against the whole repository, in every run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.prove.shop import FILES, make_shop

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Answer, Fairlead

OWN = "argocd/hub/resources/own.yaml"
APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: {name}, namespace: argocd}}
spec:
  project: shop
  destination: {{name: dev, namespace: shop}}
  source: {{repoURL: {url}, targetRevision: main, path: {path}}}
"""
SET = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {{name: more, namespace: argocd}}
spec:
  goTemplate: true
  goTemplateOptions: [missingkey=error]
  generators:
  - git: {{repoURL: "git@git.example.com:shop.git", revision: main, directories: [{{path: {path}}}]}}
  template:
    metadata: {{name: "{name}"}}
    spec:
      project: shop
      destination: {{name: dev, namespace: shop}}
      source: {{repoURL: https://git.example.com/shop, targetRevision: main, path: "{{{{ .path.path }}}}"}}
"""


def application(path: str = "charts/web", name: str = "web", url: str = "https://git.example.com/shop.git") -> str:
    """Return an Application of a person's own."""
    return APPLICATION.format(path=path, name=name, url=url)


@pytest.fixture
def checked(tmp_path: Path, fairlead: Fairlead) -> Callable[..., Answer]:
    """Validate a shop with a released cart, a chart, and this text in a file of Argo CD's folder."""
    gitops = FILES["gitops.yaml"].replace("3.5.7}", "3.5.7, instances: {hub: {extraResources: [own.yaml]}}}")
    root = make_shop(tmp_path, gitops=gitops)
    for path in ("charts/web/Chart.yaml", OWN):
        (root / path).parent.mkdir(parents=True)
        (root / path).write_text(application(), encoding="utf-8")
    assert fairlead("generate", root=root).code == 0
    assert fairlead("bump", "cart", "--env", "dev", "--tag", "1.0", root=root).code == 0

    def checked(text: str) -> Answer:
        (root / OWN).write_text(text, encoding="utf-8")
        return fairlead("validate", root=root)

    return checked


def errors(answer: Answer) -> list[str]:
    """Return the lines of errors."""
    return [line for line in answer.stdout.splitlines() if ": error " in line]


def test_an_application_of_a_folder_that_is_there(checked: Callable[..., Answer]) -> None:
    """Nothing to say."""
    answer = checked(application())
    assert (answer.code, errors(answer)) == (0, [])


def test_a_name_that_is_taken(checked: Callable[..., Answer]) -> None:
    """The finding is at the person's file and names the page that it collides with."""
    answer = checked(application(name="dev-cart"))
    assert answer.code == 1
    (line,) = errors(answer)
    assert line.startswith(
        f"{OWN}:3:18: error ARG001: the Application `dev-cart` is made by services/cart.yaml:1:1 too: "
    )
    assert line.endswith("; give one of them another name [Application/dev-cart]")


@pytest.mark.parametrize(("name", "page"), [("dev-shop", "systems/shop.yaml"), ("root-hub", "gitops.yaml")])
def test_a_name_of_what_services_share(checked: Callable[..., Answer], name: str, page: str) -> None:
    """Those of systems, and Argo CD's own root."""
    said = errors(checked(application(name=name).replace("namespace: argocd", "namespace: team-a")))
    line, refused = sorted(said, key=lambda line: "ARG012" in line)
    assert "namespace `team-a` is no destination of AppProject `root`" in refused
    assert f"ARG001: the Application `{name}` is made by {page}:1:1 too" in line


def test_a_name_that_a_pattern_makes(checked: Callable[..., Answer]) -> None:
    """Sets are expanded over the folders that are there."""
    answer = checked(SET.format(path="overlays/*/cart", name="dev-{{ .path.basename }}"))
    assert any(line.startswith(f"{OWN}:10:22: error ARG001: the Application `dev-cart`") for line in errors(answer))


def test_a_dash_on_either_side_makes_one_name(tmp_path: Path, fairlead: Fairlead) -> None:
    """Of `dev` with `x-y` and `dev-x` with `y`, before either is released."""
    gitops = FILES["gitops.yaml"].replace("[dev]", "[dev, dev-x]").replace("3.5.7}", "3.5.7, instances: {hub: {}}}")
    system = (
        FILES["systems/shop.yaml"] + "  dev-x: {cluster: dev, registry: registry.example.com, domain: example.com}\n"
    )
    cart = FILES["services/cart.yaml"]
    pages = {"services__x-y": cart, "services__y": cart + "name: other\n", "environments__dev-x": "production: false\n"}
    root = make_shop(tmp_path, gitops=gitops, systems__shop=system, **pages)
    assert fairlead("generate", root=root).code == 0

    answer = fairlead("validate", root=root)

    assert answer.code == 1
    assert (
        "services/y.yaml:1:1: error ARG001: the Application `dev-x-y` is made by services/x-y.yaml:1:1 too"
        in answer.stdout
    )


def test_a_path_that_is_not_there(checked: Callable[..., Answer]) -> None:
    """The line in the person's file, and the nearest path."""
    (line,) = errors(checked(application("charts/wep")))
    assert line.startswith(
        f"{OWN}:7:83: error ARG006: the source path `charts/wep` is not in the repository at revision "
    )
    assert line.endswith("; nearest existing path: `charts/web` [Application/argocd/web]")


@pytest.mark.parametrize("path", ["overlays/dev/cart", "charts/web/", "."])
def test_paths_that_are_there(checked: Callable[..., Answer], path: str) -> None:
    """Rendered ones, people's own, and the whole repository."""
    assert errors(checked(application(path))) == []


def test_a_path_that_goes_after_it_was_found(checked: Callable[..., Answer], tmp_path: Path) -> None:
    """Nothing that the proof remembers has changed, and the folder is gone all the same."""
    assert checked(application()).code == 0
    (tmp_path / "charts/web/Chart.yaml").rename(tmp_path / "charts/Chart.yaml")
    (empty,) = errors(checked(application()))
    assert "the source path `charts/web` is an empty folder, which git leaves out, at revision `main`" in empty
    (tmp_path / "charts/web").rmdir()
    (gone,) = errors(checked(application()))
    assert "the source path `charts/web` is not in the repository at revision `main`" in gone
    assert gone.endswith("nearest existing path: `charts` [Application/argocd/web]")


def test_a_service_that_waits_for_its_first_release_is_promised(
    checked: Callable[..., Answer], tmp_path: Path, fairlead: Fairlead
) -> None:
    """What we render lists it, and so may a person."""
    (tmp_path / "services/users.yaml").write_text(FILES["services/cart.yaml"], encoding="utf-8")
    assert fairlead("generate", root=tmp_path).code == 0
    assert errors(checked(application("overlays/dev/users"))) == []
    (line,) = errors(checked(application("overlays/dev/user")))
    assert "ARG006: the source path `overlays/dev/user` is not in the repository" in line


WIDE = "belongs to no namespace, and AppProject `root` lets no such object through: the whole sync fails"
WHOLE = "the whole sync fails, that of all other objects too"
REFUSED = "Argo CD refuses the Application and syncs nothing"
APART = (
    "put it into a folder of its own, and list under `extraResources` an Application that reads this folder, in an "
    "AppProject of yours that allows it"
)
ROLE = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: reader}
rules:
- {apiGroups: [""], resources: [pods], verbs: [get]}
"""
SETTINGS = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: colours, namespace: shop}\n"


@pytest.mark.parametrize(
    ("text", "place", "message", "remedy"),
    [
        (
            ROLE,
            "2:7",
            f"`rbac.authorization.k8s.io/ClusterRole` {WIDE}",
            APART,
        ),
        (
            SETTINGS.replace("ConfigMap", "LimitRange"),
            "2:7",
            f"AppProject `root` does not list the kind `LimitRange`: {WHOLE}",
            APART,
        ),
        (
            SETTINGS,
            "3:38",
            f"namespace `shop` is no destination of AppProject `root`: {WHOLE}",
            APART,
        ),
        (
            application().replace("project: shop", "project: shoq"),
            "5:12",
            f"project `shoq` does not exist in argocd/hub: {REFUSED}",
            "did you mean `shop`? name one of `platform`, `root`, `shop`, or add an AppProject under `extraResources`",
        ),
        (
            application().replace("namespace: shop", "namespace: kube-system"),
            "6:16",
            f"dev/kube-system is no destination of AppProject `shop`: {REFUSED}",
            "add it under `destinations:` of an AppProject of your own, or name a project that has it",
        ),
        (
            application(url="https://git.example.com/other.git"),
            "7:21",
            f"AppProject `shop` takes nothing from https://git.example.com/other.git: {REFUSED}",
            "add it under `sourceRepos:` of an AppProject of your own, or name a project that has it",
        ),
    ],
)
def test_what_the_projects_of_an_instance_refuse(
    checked: Callable[..., Answer], text: str, place: str, message: str, remedy: str
) -> None:
    """`argocd plan` says so of the same files; a set's template counts as its Applications do."""
    (line,) = [line for line in errors(checked(text)) if "ARG012" in line]
    assert line.startswith(f"{OWN}:{place}: error ARG012: {message}; {remedy} [")


def test_a_set_in_a_project_that_is_not_there(checked: Callable[..., Answer]) -> None:
    """What a generator fills in is not judged; a fixed name is."""
    text = SET.format(path="overlays/*/cart", name="more-{{ .path.basename }}")
    assert errors(checked(text)) == []
    (line,) = errors(checked(text.replace("project: shop", "project: addons")))
    assert "ARG012: project `addons` does not exist in argocd/hub" in line
