"""How a change of a page and a new container's image travel to prod, as the README says it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import yaml

from generator.tools.kustomize import build
from tests.cli.depot import NEW_TAG, ONE, Depot

if TYPE_CHECKING:
    from pathlib import Path

PAGE = f"services/{ONE}.yaml"
PROXY = "containers: {proxy: {image: proxy, resources: {requests: {cpu: 10m, memory: 16Mi}, limits: {memory: 16Mi}}}}"


def releases(depot: Depot, environment: str) -> dict[str, str]:
    """Return the tags by image that the remote has."""
    record = yaml.safe_load(depot.file(f"overlays/{environment}/{ONE}/kustomization.yaml"))
    return {entry["name"].rpartition("/")[2]: entry["newTag"] for entry in record["images"]}


def release(depot: Depot, page: str, environment: str, tag: str) -> None:
    """Change the page, release the container's image in the environment that gets it, render, commit and push."""
    depot.write(PAGE, page)
    refused = depot("generate")
    assert (refused.code, refused.stdout) == (2, "")
    (command,) = re.findall("`fairlead (.*?)`", refused.stderr)
    assert command == f"bump {ONE} --env {environment} --image proxy=TAG"
    answer = depot(*command.replace("TAG", tag).split())
    assert answer.code == 0, answer.text
    assert depot("generate").code == 0
    assert depot("validate").code == 0
    depot.push(f"A proxy for {environment}")


def test_a_new_containers_image_reaches_prod(depot: Depot) -> None:
    """Staged by environment with a first tag in each commit; after that a promotion carries it with the others."""
    page = depot.file(PAGE)
    release(depot, f"{page}environments: {{staging: {{{PROXY}}}}}\n", "staging", "1.0.0")
    assert "proxy" not in releases(depot, "prod")

    release(depot, f"{page}{PROXY}\n", "prod", "1.0.0")
    assert releases(depot, "prod")["proxy"] == "1.0.0"

    assert depot("bump", ONE, "--env", "staging", "--image", "proxy=1.1.0").code == 0
    depot.push("A newer proxy")
    answer = depot("promote", ONE, "--to", "prod")
    assert answer.code == 0, answer.text
    assert releases(depot, "prod")["proxy"] == "1.1.0"
    assert depot.tag("prod") == NEW_TAG


def test_what_moves_to_the_top_of_the_page_changes_no_build(depot: Depot, kustomize: Path) -> None:
    """Once every environment has it under its own name: the base changes, what is built does not."""
    page = depot.file(PAGE)
    word = "minReadySeconds: 7"
    environments = ", ".join(f"{name}: {{{word}}}" for name in ("dev", "staging", "prod"))

    def built(text: str) -> list[bytes]:
        depot.write(PAGE, text)
        assert depot("generate").code == 0
        return [build(kustomize, depot.root / f"overlays/{environment}/{ONE}") for environment in ("staging", "prod")]

    staged = built(f"{page}environments: {{{environments}}}\n")
    assert all(word.encode() in each for each in staged)
    assert built(f"{page}{word}\n") == staged
    assert word in (depot.root / f"base/{ONE}/deployment.yaml").read_text(encoding="utf-8")
