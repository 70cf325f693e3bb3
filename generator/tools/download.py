"""A program out of a release: fetched, held against its published checksum, and nothing else unpacked."""

from __future__ import annotations

import hashlib
import io
import tarfile
import time
import urllib.request
from typing import TYPE_CHECKING

from generator.findings.errors import ToolError
from generator.tools.golang import unheard

if TYPE_CHECKING:
    from http.client import HTTPResponse
    from pathlib import Path

    from generator.tools.golang import Told

_ANSWER_SECONDS = 60.0
# For all of it: a server that sends one byte a minute is never silent for too long.
DOWNLOAD_SECONDS = 900.0
# Far above the largest: an archive of kube-apiserver, etcd and kubectl has 52 MB, the first of them 100 unpacked. No
# answer may fill the memory.
_MOST_BYTES = 300_000_000
_PIECE = 1 << 18
_MEGABYTE = 1_000_000
_SHA512_DIGITS = 128


def download(url: str, checksum: str, member: str, target: Path, *, told: Told = unheard) -> None:
    """Fetch the tar.gz at `url`, check it against its SHA-256 or SHA-512, and write its file `member` to `target`.

    `told` gets how far it is, in words. Raises ToolError when the bytes are not the pinned ones or hold no such file,
    OSError or HTTPException when there is no whole answer in time.
    """
    # S310: addresses come from pins.py, and the bytes are checked below.
    with urllib.request.urlopen(url, timeout=_ANSWER_SECONDS) as answer:  # noqa: S310
        archive = _read(answer, told)
    algorithm = "SHA-512" if len(checksum) == _SHA512_DIGITS else "SHA-256"
    actual = hashlib.new(algorithm.replace("-", ""), archive).hexdigest()
    if actual != checksum:
        raise ToolError(f"{url}: {algorithm} is {actual}, not the published {checksum}; nothing was installed")
    target.write_bytes(_member(archive, member, url))


def _read(answer: HTTPResponse, told: Told) -> bytes:
    """Read an answer up to the most bytes that are taken."""
    limit, total = time.monotonic() + DOWNLOAD_SECONDS, answer.length or 0
    whole = bytearray()
    while len(whole) < _MOST_BYTES and (piece := answer.read(_PIECE)):
        whole += piece
        told(f"{len(whole) / _MEGABYTE:.0f} of {total / _MEGABYTE:.0f} MB")
        if time.monotonic() > limit:
            raise TimeoutError(f"not complete after {DOWNLOAD_SECONDS:g} s")
    return bytes(whole)


def _member(archive: bytes, name: str, url: str) -> bytes:
    """Read the file `name` of a tar.gz; nothing is unpacked to the disk."""
    try:
        with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as tar:
            file = tar.extractfile(name)
            content = file.read(_MOST_BYTES) if file else b""
    except (KeyError, tarfile.TarError) as error:
        raise ToolError(f"{url}: no file {name} in it") from error
    if not content:
        raise ToolError(f"{url}: {name} in it is not a file")
    return content
