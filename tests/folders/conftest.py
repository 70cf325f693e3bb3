"""A machine on which git knows nothing else."""

from __future__ import annotations

from tests.repo.machine import home

__all__ = ["home"]
