"""Answers as text and as data."""
