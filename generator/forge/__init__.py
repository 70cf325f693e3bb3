"""Asking for review on a host: pull requests, which GitLab calls merge requests."""
