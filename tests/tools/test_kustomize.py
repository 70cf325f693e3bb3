from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from generator.findings.errors import ToolError
from generator.tools.kustomize import WORKERS, BuildError, build
from generator.tools.process import short_go_environment

if TYPE_CHECKING:
    from pathlib import Path

CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n"


def overlay(folder: Path, kustomization: str) -> Path:
    """Make a folder with one ConfigMap and the given kustomization."""
    folder.mkdir(exist_ok=True)
    (folder / "settings.yaml").write_text(CONFIG_MAP)
    (folder / "kustomization.yaml").write_text(kustomization)
    return folder


def test_a_build_is_the_stream_kustomize_prints(kustomize: Path, tmp_path: Path) -> None:
    """The bytes come through untouched."""
    folder = overlay(tmp_path / "overlay", "resources: [settings.yaml]\nnamePrefix: my-\n")
    assert build(kustomize, folder).decode() == CONFIG_MAP.replace("settings", "my-settings")


def test_a_refusal_carries_kustomizes_own_words(kustomize: Path, tmp_path: Path) -> None:
    """The person who wrote the fault sees what kustomize says of it."""
    folder = overlay(tmp_path / "overlay", "resources: [absent.yaml]\n")
    with pytest.raises(BuildError) as raised:
        build(kustomize, folder)
    assert "absent.yaml" in raised.value.stderr
    assert str(raised.value).startswith(f"kustomize build {folder}: Error: accumulating resources")


def test_a_folder_named_like_an_option_is_a_folder(
    kustomize: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Operands come after `--`: a name in a repository cannot become an option."""
    folder = overlay(tmp_path / "--enable-exec", "resources: [settings.yaml]\n")
    monkeypatch.chdir(tmp_path)
    assert build(kustomize, folder.relative_to(tmp_path)).decode() == CONFIG_MAP


def test_no_remote_base_is_fetched(kustomize: Path, tmp_path: Path) -> None:
    """Without git on its PATH and with every request led nowhere, kustomize cannot leave the machine."""
    folder = overlay(tmp_path / "overlay", "resources: ['http://example.com/all.yaml']\n")
    with pytest.raises(BuildError, match=r"127\.0\.0\.1:9"):
        build(kustomize, folder)


def test_helm_stays_off(kustomize: Path, tmp_path: Path) -> None:
    """A chart in a kustomization is a refusal, never a program started."""
    folder = overlay(tmp_path / "overlay", "helmCharts: [{name: evil, repo: 'https://example.com'}]\n")
    with pytest.raises(BuildError, match="must specify --enable-helm"):
        build(kustomize, folder)


def test_a_build_that_hangs_is_killed(tmp_path: Path) -> None:
    """The time limit is the caller's to set."""
    slow = tmp_path / "kustomize"
    slow.write_text("#!/bin/sh\nexec /bin/sleep 60\n")
    slow.chmod(0o755)
    start = time.monotonic()
    with pytest.raises(ToolError, match=r"no answer after 0\.2 s"):
        build(slow, tmp_path, timeout=0.2)
    assert time.monotonic() - start < 5


def test_a_build_takes_its_share_of_the_memory(tmp_path: Path) -> None:
    """Go's own collection goes on, a quarter as often, and the limit is one for all builds at once."""
    program = tmp_path / "kustomize"
    program.write_text('#!/bin/sh\necho "$GOGC $GOMEMLIMIT $GOMAXPROCS"\n')
    program.chmod(0o755)
    collection, limit, threads = build(program, tmp_path).decode().split()
    assert (collection, threads) == ("400", "1")
    assert int(limit.removesuffix("MiB")) * WORKERS <= max(1024, 64 * WORKERS)


@pytest.mark.parametrize(("children", "limit"), [(1, "1024MiB"), (2, "512MiB"), (16, "64MiB"), (64, "64MiB")])
def test_children_at_once_share_the_memory(children: int, limit: str) -> None:
    """A gigabyte for all of them, but never so little that one collects garbage alone."""
    assert short_go_environment(children)["GOMEMLIMIT"] == limit
