"""Names of what a page gets without asking: volumes, mounts and annotations."""

from __future__ import annotations

# The volume of a ConfigMap whose keys are files.
CONFIG_VOLUME = "config"


def config_volume(key: str) -> str:
    """Return the name of the volume of one of several ConfigMaps."""
    return f"{CONFIG_VOLUME}-{key}"


# The annotations of a ServiceAccount with a role, of pods whose ConfigMap has data, and of a host for external-dns.
ROLE = "eks.amazonaws.com/role-arn"
CHECKSUM = "checksum/config"
EXTERNAL_DNS = "external-dns.alpha.kubernetes.io/hostname"


def secret_volume(name: str) -> str:
    """Return the name of the volume through which the Secrets Store CSI driver makes a Secret."""
    return f"secret-{name}"


def secret_path(name: str) -> str:
    """Return the path where that volume is mounted."""
    return f"/mnt/secrets-store/{name}"
