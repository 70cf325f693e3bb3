"""Images made here: an index of two platforms, each with its own configuration and layer, pushed by plain HTTP."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
import urllib.error
import urllib.request
from http import HTTPStatus
from typing import Any

import msgspec

PLATFORMS = ("amd64", "arm64")

# A proxy of the machine has no business with registries on it.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Media(msgspec.Struct, frozen=True, kw_only=True):
    """The media types of one of the two formats."""

    index: str
    manifest: str
    config: str
    layer: str


OCI = Media(
    index="application/vnd.oci.image.index.v1+json",
    manifest="application/vnd.oci.image.manifest.v1+json",
    config="application/vnd.oci.image.config.v1+json",
    layer="application/vnd.oci.image.layer.v1.tar+gzip",
)
DOCKER = Media(
    index="application/vnd.docker.distribution.manifest.list.v2+json",
    manifest="application/vnd.docker.distribution.manifest.v2+json",
    config="application/vnd.docker.container.image.v1+json",
    layer="application/vnd.docker.image.rootfs.diff.tar.gzip",
)


def push(  # noqa: PLR0913  # what an image is made of, and where it goes
    address: str, repository: str, tag: str, content: bytes = b"one", media: Media = OCI, *, login: str = ""
) -> str:
    """Push an image of two platforms and give the digest of its index. Other `content` makes another image."""
    at = _Repository(address, repository, login)
    entries = []
    for platform in PLATFORMS:
        manifest = _manifest(at, platform, content, media)
        at.put(_digest(manifest), manifest, media.manifest)
        entries.append({**_entry(media.manifest, manifest), "platform": {"architecture": platform, "os": "linux"}})
    index = _json({"schemaVersion": 2, "mediaType": media.index, "manifests": entries})
    at.put(tag, index, media.index)
    return _digest(index)


def push_single(address: str, repository: str, tag: str, content: bytes = b"one", media: Media = OCI) -> str:
    """Push an image of one platform, without an index, and give its digest."""
    at = _Repository(address, repository)
    manifest = _manifest(at, PLATFORMS[0], content, media)
    at.put(tag, manifest, media.manifest)
    return _digest(manifest)


def pulled(address: str, repository: str, reference: str, media: Media = OCI) -> dict[str, bytes]:
    """Pull an index with everything below it and give each platform's layer; what has another digest fails."""
    at = _Repository(address, repository)
    layers = {}
    for entry in json.loads(at.get(f"manifests/{reference}", media.index))["manifests"]:
        manifest = json.loads(at.get(f"manifests/{entry['digest']}", media.manifest))
        config = json.loads(at.get(f"blobs/{manifest['config']['digest']}"))
        assert config["architecture"] == entry["platform"]["architecture"]
        layers[config["architecture"]] = _unpacked(at.get(f"blobs/{manifest['layers'][0]['digest']}"))
    return layers


def digest_of(address: str, repository: str, tag: str) -> str | None:
    """Return the digest that a registry has for a tag, None where it has none."""
    try:
        return _digest(_Repository(address, repository).get(f"manifests/{tag}", OCI.index, OCI.manifest))
    except urllib.error.HTTPError as error:
        error.close()
        if error.code != HTTPStatus.NOT_FOUND:
            raise
        return None


def layer_of(platform: str, content: bytes) -> bytes:
    """Return what the layer of a platform holds."""
    return platform.encode() + b" " + content


class _Repository:
    """A repository of a registry on this machine, as a client without any program sees it."""

    def __init__(self, address: str, name: str, login: str = "") -> None:
        self._at = f"{address}/v2/{name}"
        self._headers = {"Authorization": f"Basic {login}"} if login else {}

    def put(self, reference: str, manifest: bytes, media: str) -> None:
        """Push a manifest."""
        self._send("PUT", f"{self._at}/manifests/{reference}", manifest, media)

    def blob(self, media: str, data: bytes) -> dict[str, Any]:
        """Push a blob and give the entry for it in a manifest."""
        location = self._send("POST", f"{self._at}/blobs/uploads/", b"", "application/octet-stream")
        address = location.removeprefix("http://")
        self._send("PUT", f"{address}&digest={_digest(data)}", data, "application/octet-stream")
        return _entry(media, data)

    def get(self, path: str, *accept: str) -> bytes:
        """Pull a manifest or a blob; what has another digest than `path` says fails."""
        headers = {"Accept": ", ".join(accept), **self._headers}
        with _OPENER.open(urllib.request.Request(f"http://{self._at}/{path}", headers=headers)) as answer:
            data: bytes = answer.read()
        assert "sha256:" not in path or path.endswith(_digest(data))
        return data

    def _send(self, method: str, address: str, data: bytes, media: str) -> str:
        headers = {"Content-Type": media, **self._headers}
        request = urllib.request.Request(f"http://{address}", data, headers, method=method)
        with _OPENER.open(request) as answer:
            return str(answer.headers.get("Location", ""))


def _manifest(at: _Repository, platform: str, content: bytes, media: Media) -> bytes:
    tar = _tar(layer_of(platform, content))
    rootfs = {"type": "layers", "diff_ids": [_digest(tar)]}
    config = _json({"architecture": platform, "os": "linux", "config": {}, "rootfs": rootfs})
    layer = gzip.compress(tar, mtime=0)
    return _json(
        {
            "schemaVersion": 2,
            "mediaType": media.manifest,
            "config": at.blob(media.config, config),
            "layers": [at.blob(media.layer, layer)],
        }
    )


def _entry(media: str, data: bytes) -> dict[str, Any]:
    return {"mediaType": media, "digest": _digest(data), "size": len(data)}


def _tar(content: bytes) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        info = tarfile.TarInfo("content")
        info.size = len(content)
        tar.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def _unpacked(layer: bytes) -> bytes:
    with tarfile.open(fileobj=io.BytesIO(layer), mode="r:gz") as tar:
        file = tar.extractfile("content")
        assert file is not None
        return file.read()


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value).encode()


def _digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"
