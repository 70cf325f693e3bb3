"""A repository in which many services wait for prod: released to staging with a newer tag."""

from __future__ import annotations

import contextlib
import io
from typing import TYPE_CHECKING

from generator.cli import run
from tests.prove.shop import FILES, make_shop

if TYPE_CHECKING:
    from pathlib import Path

OLD_TAG = "1.0.0"
NEW_TAG = "1.1.0"

_PLACE = "  {0}: {{cluster: {0}, registry: 111122223333.dkr.ecr.eu-west-1.amazonaws.com, domain: {0}.example.com}}\n"


def make_waiting(root: Path, services: int) -> list[str]:
    """Write and release the repository below `root` and give the names of its services."""
    names = [f"service-{number:03d}" for number in range(services)]
    pages = {f"services__{name}": FILES["services/cart.yaml"].replace("cart", name) for name in names}
    for environment in ("staging", "prod"):
        pages[f"environments__{environment}"] = "production: false\n"
        pages[f"clusters__{environment}"] = FILES["clusters/dev.yaml"]
    pages["gitops"] = FILES["gitops.yaml"].replace("[dev]", "[dev, staging, prod]")
    places = "".join(_PLACE.format(environment) for environment in ("dev", "staging", "prod"))
    pages["systems__shop"] = f"owner: shop\nnamespaces: {{shop: {{}}}}\nenvironments:\n{places}"
    make_shop(root, **pages)
    (root / "services" / "cart.yaml").unlink()
    for environment, tag in (("staging", NEW_TAG), ("prod", OLD_TAG)):
        _fairlead("bump", *names, "--env", environment, "--tag", tag, root=root)
    _fairlead("generate", root=root)
    return names


def _fairlead(command: str, *arguments: str, root: Path) -> None:
    with contextlib.redirect_stdout(io.StringIO()):
        code = run([command, "--root", str(root), *arguments])
    assert code == 0, f"fairlead {command} exits {code}"
