"""Keys of ConfigMaps from files beside the page, `services/<name>/`: what they hold is what kustomize builds."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest

from generator.tools.kustomize import build
from generator.yamlio import built
from tests.prove.shop import FILES, make_shop, retire_cart

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.conftest import Fairlead, Git

CART = FILES["services/cart.yaml"]
CONF = "server {\n\tlisten 8080;\n}\n"
MOUNTED = "configMap: {files: [nginx.conf], mountPath: /etc/nginx}\n"


@pytest.fixture
def shop(tmp_path: Path, fairlead: Fairlead) -> Path:
    """Return a shop whose cart, released, mounts a file beside its page."""
    root = make_shop(tmp_path, services__cart=CART + MOUNTED)
    write(root, {"nginx.conf": CONF.encode()})
    answer = fairlead("bump", "cart", "--env", "dev", "--tag", "1.0", root=root)
    assert answer.code == 0, answer.text
    assert fairlead("generate", root=root).code == 0
    return root


def write(root: Path, files: Mapping[str, bytes]) -> None:
    """Write files beside the page."""
    for name, data in files.items():
        path = root / "services/cart" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def objects(root: Path, kustomize: Path, kind: str) -> list[dict[str, Any]]:
    """Return what kustomize makes of the overlay, of one kind."""
    return [one for one in built(build(kustomize, root / "overlays/dev/cart").decode()) if one["kind"] == kind]


TEXTS = {
    "empty": b"",
    "tabs": b"\ta\n\t\tb\n",
    "tabs-inside": b"a:\n\tb\n",
    "trailing-spaces": b"a  \nb   ",
    "blank-end": b"a\n  \n\n",
    "no-newline": b"a\nb",
    "blank-start": b"\n  a\nb\n",
    "return": b"a\rb\n",
    "mark": b"\xef\xbb\xbfa\nb\n",
    "words": "grüße\n日本\n😀\n".encode(),
    "yaml": b"---\na: [b]\n...\n",
    "separator": "a\u2028b\n".encode(),
}
BINARIES = {
    "nul": b"a\0b\n",
    "latin-1": b"gr\xfc\xdfe\n",
    "escape": b"\x1b[0m\n",
    "next-line": "a\u0085b\n".encode(),
    "returns": b"\xff\r\n\x00\r\n",
}


def test_every_file_is_built_byte_for_byte(shop: Path, fairlead: Fairlead, kustomize: Path) -> None:
    """Text as text, all else in base64; the proof of the build agrees."""
    files = TEXTS | BINARIES
    write(shop, files)
    listed = ", ".join(files)
    (shop / "services/cart.yaml").write_text(CART + f"configMap: {{mountPath: /etc/x, files: [{listed}]}}\n", "utf-8")

    assert fairlead("generate", root=shop).code == 0

    (found,) = objects(shop, kustomize, "ConfigMap")
    assert {key: text.encode() for key, text in found["data"].items()} == TEXTS
    assert {key: base64.b64decode(text) for key, text in found["binaryData"].items()} == BINARIES
    answer = fairlead("validate", root=shop)
    assert " PRF001: " not in answer.text
    assert answer.code == 0, answer.text


def test_a_text_of_several_lines_reads_in_the_rendered_file_as_it_does_beside_the_page(shop: Path) -> None:
    """Tabs included."""
    rendered = (shop / "base/cart/configmap.yaml").read_text(encoding="utf-8")

    assert "  nginx.conf: |\n    server {\n    \tlisten 8080;\n    }\n" in rendered


def test_line_ends_of_a_text_are_gits(shop: Path, fairlead: Fairlead) -> None:
    """A checkout with CRLF renders the same, in the ConfigMap and in the sum that rolls the pods."""
    write(shop, {"nginx.conf": CONF.replace("\n", "\r\n").encode()})

    assert fairlead("generate", "--check", root=shop).code == 0


def test_a_change_of_a_file_rolls_the_pods(shop: Path, fairlead: Fairlead, kustomize: Path) -> None:
    """And no run before it is remembered for it."""
    before = checksum(shop, kustomize)
    assert fairlead("validate", root=shop).code == 0
    write(shop, {"nginx.conf": CONF.replace("8080", "8081").encode()})

    assert fairlead("generate", "--check", root=shop).code == 1
    assert fairlead("validate", root=shop).code == 1
    assert fairlead("generate", root=shop).code == 0
    assert checksum(shop, kustomize) != before


def test_a_change_of_any_of_several_configmaps_rolls_the_pods(shop: Path, fairlead: Fairlead, kustomize: Path) -> None:
    """Whether its keys are variables, files, or used by whoever names it."""
    seen = set()
    for text in (
        "",
        "flags: {data: {A: b}}",
        "flags: {data: {A: c}}",
        "flags: {data: {A: c}, env: false}, x: {data: {A: b}}",
    ):
        (shop / "services/cart.yaml").write_text(CART + MOUNTED + f"configMaps: {{{text}}}\n", encoding="utf-8")
        assert fairlead("generate", root=shop).code == 0
        seen.add(checksum(shop, kustomize))
    assert len(seen) == 4


def checksum(root: Path, kustomize: Path) -> str:
    """Return the sum in the pods' template."""
    (deployment,) = objects(root, kustomize, "Deployment")
    return str(deployment["spec"]["template"]["metadata"]["annotations"]["checksum/config"])


def test_a_configmap_that_is_no_environment_is_there_for_the_words_of_the_page(
    shop: Path, fairlead: Fairlead, kustomize: Path
) -> None:
    """Volumes, envFrom and configMapKeyRef name it as an existing Deployment does; nothing is added to the pod."""
    page = """\
configMap: {name: cart-conf, env: false, files: [nginx.conf], data: {LEVEL: info}}
volumes: {nginx: {configMap: {name: cart-conf, defaultMode: 420, items: [{key: nginx.conf, path: nginx.conf}]}}}
volumeMounts: {/etc/nginx/nginx.conf: {name: nginx, subPath: nginx.conf}}
env: {LEVEL: {configMapKeyRef: {name: cart-conf, key: LEVEL}}}
"""
    (shop / "services/cart.yaml").write_text(CART + page, encoding="utf-8")

    assert fairlead("generate", root=shop).code == 0

    (deployment,) = objects(shop, kustomize, "Deployment")
    pod = deployment["spec"]["template"]["spec"]
    assert [one["name"] for one in pod["volumes"]] == ["nginx"]
    assert "envFrom" not in pod["containers"][0]
    assert pod["containers"][0]["volumeMounts"] == [
        {"mountPath": "/etc/nginx/nginx.conf", "name": "nginx", "subPath": "nginx.conf"}
    ]
    answer = fairlead("validate", root=shop)
    assert answer.code == 0, answer.text


def test_a_file_that_no_configmap_names_is_told_once(shop: Path, fairlead: Fairlead) -> None:
    """A warning, wherever the page is released."""
    write(shop, {"old.conf": b"x\n", "deep/older.yaml": b"x\n"})

    answer = fairlead("validate", root=shop)

    assert answer.code == 0, answer.text
    message = "warning KUS004: no ConfigMap of the page names this file, so it has no effect"
    assert answer.text.count(message) == 2
    assert f"services/cart/old.conf:1:1: {message}; list it under `files:` of one, or take it out" in answer.text
    assert f"services/cart/deep/older.yaml:1:1: {message}" in answer.text


def test_three_hundred_files_are_taken(shop: Path, fairlead: Fairlead, kustomize: Path) -> None:
    """Their number is bounded by the size of a ConfigMap alone."""
    files = {f"f{number}.txt": b"x\n" * 100 for number in range(300)}
    write(shop, files)
    page = CART + f"configMap: {{mountPath: /etc/x, files: [{', '.join(files)}]}}\n"
    (shop / "services/cart.yaml").write_text(page, encoding="utf-8")

    assert fairlead("generate", root=shop).code == 0
    assert len(objects(shop, kustomize, "ConfigMap")[0]["data"]) == 300


def test_files_above_what_a_configmap_may_hold_are_an_error_at_the_largest(shop: Path, fairlead: Fairlead) -> None:
    """Nothing is written that nobody could read again."""
    write(shop, {"nginx.conf": b"x\n" * 600_000})

    answer = fairlead("generate", root=shop)

    assert answer.code == 2
    assert (
        "services/cart.yaml:9:21: error SPC008: 1200000 bytes in 'configMap'; the API server takes no ConfigMap above "
        "1048576"
    ) in answer.text


def test_files_too_large_for_an_annotation_are_applied_by_the_server(
    shop: Path, fairlead: Fairlead, kustomize: Path
) -> None:
    """Binary ones too: their base64 counts."""
    for data in (b"x\n" * 150_000, b"\0" * 200_000):
        write(shop, {"nginx.conf": data})
        assert fairlead("generate", root=shop).code == 0
        (found,) = objects(shop, kustomize, "ConfigMap")
        assert found["metadata"]["annotations"]["argocd.argoproj.io/sync-options"] == "ServerSideApply=true"


def test_a_link_beside_the_page_is_refused(shop: Path, fairlead: Fairlead) -> None:
    """It could lead anywhere."""
    (shop / "services/cart/nginx.conf").unlink()
    (shop / "services/cart/nginx.conf").symlink_to("/etc/passwd")

    answer = fairlead("generate", root=shop)

    assert answer.code == 2
    assert "services/cart/nginx.conf:1:1: error SPC005: a symbolic link" in answer.text


def test_files_beside_a_page_are_no_pages(shop: Path, fairlead: Fairlead) -> None:
    """One may be called like another service, and be YAML of any kind."""
    write(shop, {"checkout.yaml": b"system: nowhere\n"})
    (shop / "services/checkout.yaml").write_text(CART.replace("image: cart", "image: checkout"), encoding="utf-8")
    (shop / "services/cart.yaml").write_text(CART + MOUNTED.replace("nginx.conf", "checkout.yaml"), encoding="utf-8")

    assert fairlead("generate", root=shop).code == 0
    answer = fairlead("validate", "--format", "json", root=shop)

    assert answer.code == 0, answer.text
    assert json.loads(answer.stdout)["pages"] == 3


def test_yaml_in_the_folder_of_no_page_is_refused_as_before(shop: Path, fairlead: Fairlead) -> None:
    """It may be meant as a page."""
    (shop / "services/other").mkdir()
    (shop / "services/other/web.yaml").write_text("a: b\n", encoding="utf-8")

    answer = fairlead("generate", root=shop)

    assert answer.code == 2
    assert (
        "services/other/web.yaml:1:1: error SPC007: 'other/web.yaml' is a folder deeper than pages are" in answer.text
    )


def test_a_retired_service_takes_the_files_beside_its_page_along(
    shop: Path, fairlead: Fairlead, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the `git add` names their folder."""
    shown, answer = retire_cart(shop, fairlead, git, monkeypatch)

    assert answer.code == 0, answer.text
    assert not (shop / "services/cart").exists() or not list((shop / "services/cart").iterdir())
    assert " services/cart " in answer.text + shown.text


@pytest.mark.parametrize("word", ["jobs", "cronJobs"])
@pytest.mark.parametrize("beside", ["initContainers", "containers"])
def test_a_container_of_a_job_mounts_files_that_nothing_else_mounts(
    shop: Path, fairlead: Fairlead, kustomize: Path, word: str, beside: str
) -> None:
    """Where they are no variables, they are files for whoever mounts them; where they are, that is the one fault."""
    container = "{image: docker.io/library/busybox:1.37, volumeMounts: {/etc/nginx: config-conf}}"
    schedule = 'schedule: "15 3 * * *", ' if word == "cronJobs" else ""
    job = f"{{nightly: {{{schedule}{beside}: {{prepare: {container}}}}}}}"
    page = f"{CART}configMaps: {{conf: {{files: [nginx.conf]}}}}\n{word}: {job}\n"
    (shop / "services/cart.yaml").write_text(page, encoding="utf-8")

    (line,) = fairlead("generate", root=shop).stderr.splitlines()

    assert line.endswith(
        "error SPC008: no volume 'config-conf'; the keys of 'configMaps.conf' are variables: `env: false` there makes "
        "them files"
    )
    (shop / "services/cart.yaml").write_text(page.replace("files: [", "env: false, files: ["), encoding="utf-8")
    answer = fairlead("generate", root=shop)
    assert answer.code == 0, answer.text
    (made,) = objects(shop, kustomize, "CronJob" if word == "cronJobs" else "Job")
    spec = made["spec"]["jobTemplate"]["spec"] if word == "cronJobs" else made["spec"]
    pod = spec["template"]["spec"]
    (prepare,) = [each for each in pod[beside] if each["name"] == "prepare"]
    assert prepare["volumeMounts"] == [{"name": "config-conf", "mountPath": "/etc/nginx"}]
    assert [each["name"] for each in pod["volumes"]] == ["config-conf"]
