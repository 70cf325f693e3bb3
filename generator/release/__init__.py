"""Releases: the tags and digests that move through the environments, and the edits that move them."""
