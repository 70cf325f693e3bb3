"""Committing what the pages render, here or to another repository."""
