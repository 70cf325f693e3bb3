"""Fairlead: one page per service in, proven Kustomize for Argo CD out."""

__version__ = "0.1.0"
