"""What Argo CD calls an overlay: the one place that names Applications."""

from __future__ import annotations


def application_name(environment: str, unit: str) -> str:
    """Give the name of the Application that syncs `overlays/<environment>/<unit>`."""
    return f"{environment}-{unit}"
