"""Folders of our own: temporary ones, and those that nobody else can change."""
