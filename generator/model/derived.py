"""Names of what a page gets without asking: volumes and mounts of its ConfigMap and of secrets that a driver mounts."""

from __future__ import annotations

# The volume of a ConfigMap whose keys are files.
CONFIG_VOLUME = "config"


def secret_volume(name: str) -> str:
    """Give the name of the volume through which the Secrets Store CSI driver makes a Secret."""
    return f"secret-{name}"


def secret_path(name: str) -> str:
    """Give the path where that volume is mounted."""
    return f"/mnt/secrets-store/{name}"
