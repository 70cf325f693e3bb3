"""Folders of a snapshot or of the working tree, built by the real kustomize: the one place that runs it."""
