"""A program is taken where it lies, and installed where it does not."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from generator.findings.errors import ToolError
from generator.tools.controlplane import ETCD, ETCD_VERSION
from generator.tools.pins import KUSTOMIZE
from generator.tools.program import program, seconds_installing, without_installing


def test_what_is_there_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is installed then."""
    monkeypatch.setattr("generator.tools.program.locate", lambda *_: Path("found"))
    monkeypatch.setattr("generator.tools.install.ensure", None)
    assert program(KUSTOMIZE, "5.8.1") == Path("found")


def test_what_is_missing_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """On the first run of a machine."""
    monkeypatch.setattr("generator.tools.program.locate", lambda *_: None)
    monkeypatch.setattr("generator.tools.install.ensure", lambda *_: Path("installed"))
    assert program(KUSTOMIZE, "5.8.1") == Path("installed")


def test_what_is_missing_is_an_error_where_nothing_may_be_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """In every thread, and no longer than asked."""
    monkeypatch.setattr("generator.tools.program.locate", lambda *_: None)
    monkeypatch.setattr("generator.tools.install.ensure", lambda *_: Path("installed"))
    with without_installing(), ThreadPoolExecutor() as pool, pytest.raises(ToolError) as raised:
        pool.submit(program, ETCD, ETCD_VERSION).result()
    assert str(raised.value) == (
        "etcd 3.6.8 is not installed, and --no-install forbids it; run: fairlead tools install etcd kube-apiserver"
    )
    assert program(ETCD, ETCD_VERSION) == Path("installed")


def test_the_time_of_an_installation_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is no part of the time that an answer took."""

    def slow(*_: object) -> Path:
        time.sleep(0.1)
        return Path("installed")

    monkeypatch.setattr("generator.tools.program.locate", lambda *_: None)
    monkeypatch.setattr("generator.tools.install.ensure", slow)
    before = seconds_installing()
    program(KUSTOMIZE, "5.8.1")
    assert seconds_installing() - before >= 0.1
