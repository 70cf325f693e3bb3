"""What lets programs trust each other: one certificate for all servers, one token for all clients, and kubeconfigs."""

from __future__ import annotations

import base64
import functools
import secrets
import shutil
import ssl
from pathlib import Path
from typing import Any

import msgspec

from generator.findings.errors import ToolError
from generator.tools import process

# A server goes by several names: Argo CD takes two clusters with one address for the same.
_NAMES = "IP:127.0.0.1,IP:10.96.0.1,DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc"


class Credentials(msgspec.Struct, frozen=True, dict=True):
    """A certificate that is its own authority, its key, and the administrator's token; they live as long as the run."""

    folder: Path
    token: str

    @property
    def certificate(self) -> Path:
        """The certificate of every API server, and whom clients trust."""
        return self.folder / "server.crt"

    @property
    def key(self) -> Path:
        """Its key, which also signs the tokens of service accounts."""
        return self.folder / "server.key"

    @property
    def tokens(self) -> Path:
        """The file of tokens as an API server reads it."""
        return self.folder / "tokens.csv"

    @property
    def authority(self) -> str:
        """The certificate in base64, as kubeconfigs and Argo CD's cluster secrets hold it."""
        return base64.b64encode(self.certificate.read_bytes()).decode()

    @functools.cached_property
    def trust(self) -> ssl.SSLContext:
        """The same for Python's own clients."""
        return ssl.create_default_context(cafile=self.certificate)

    def kubeconfig(self, server: str, path: Path, namespace: str = "default") -> Path:
        """Write a kubeconfig for an API server, and give its path."""
        cluster = {"server": server, "certificate-authority-data": self.authority}
        context = {"cluster": "e2e", "user": "e2e", "namespace": namespace}
        config: dict[str, Any] = {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "e2e", "cluster": cluster}],
            "users": [{"name": "e2e", "user": {"token": self.token}}],
            "contexts": [{"name": "e2e", "context": context}],
            "current-context": "e2e",
        }
        path.write_bytes(msgspec.json.encode(config))
        return path


def make_credentials(folder: Path) -> Credentials:
    """Make a new certificate and a new token in the folder; raises ToolError without openssl."""
    openssl = shutil.which("openssl")
    if openssl is None:
        raise ToolError("needs openssl for a certificate; on Debian: apt install openssl")
    folder.mkdir(parents=True)
    made = Credentials(folder, secrets.token_hex())
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    names = ["-subj", "/CN=fairlead-e2e", "-addext", f"subjectAltName={_NAMES}"]
    files = ["-keyout", str(made.key), "-out", str(made.certificate)]
    ended = process.run([openssl, "req", "-x509", "-days", "2", *curve, *names, *files])
    if ended.returncode:
        raise ToolError(f"openssl makes no certificate: {ended.stderr.strip()}")
    made.tokens.write_text(f"{made.token},admin,admin,system:masters\n", encoding="utf-8")
    return made
