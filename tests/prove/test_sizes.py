"""Own files that no API server takes, or none by a client-side apply, are told before they are in git."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.prove.shop import FILES, make_shop

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Fairlead

PAGE = FILES["services/cart.yaml"]
WORDS = "overlays/dev/cart/resources/words.yaml"


@pytest.mark.parametrize(
    ("size", "options", "said"),
    [
        (300_000, "", "a client-side apply keeps them in an annotation"),
        (300_000, "ServerSideApply=true", ""),
        (1_100_000, "ServerSideApply=true", "1100002 bytes in all values; the API server does not take more than"),
    ],
)
def test_an_own_file_that_is_too_large_to_be_applied_is_told_at_its_line(
    tmp_path: Path, fairlead: Fairlead, size: int, options: str, said: str
) -> None:
    """Every sync of the service would fail."""
    root = make_shop(tmp_path)
    assert fairlead("bump", "cart", "--env", "dev", "--tag", "1.0", root=root).code == 0
    (root / "services/cart.yaml").write_text(PAGE + "extraResources: [words.yaml]\n", encoding="utf-8")
    (root / WORDS).parent.mkdir()
    (root / WORDS).write_text(
        "apiVersion: v1\nkind: ConfigMap\n"
        "metadata:\n  name: cart-words\n  namespace: shop\n"
        f"  annotations: {{argocd.argoproj.io/sync-options: '{options}'}}\n"
        f"data:\n  a: b\n  words: |\n{('    ' + 'x' * 95 + chr(10)) * (size // 96)}    {'x' * (size % 96)}\n",
        encoding="utf-8",
    )
    assert fairlead("generate", root=root).code == 0

    answer = fairlead("validate", root=root)

    told = [line for line in answer.text.splitlines() if " WRK027: " in line]
    assert [line.partition(": error")[0] for line in told] == ([f"{WORDS}:9:10"] if said else [])
    assert said in "".join(told)
