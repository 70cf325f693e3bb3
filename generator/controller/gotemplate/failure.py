"""The two ways in which an ApplicationSet is not expanded; they must not be mixed up."""

from __future__ import annotations


class ExpansionError(Exception):
    """Argo CD fails on this too, in these words or like ones: it makes or changes no Application of the set."""


class UnsupportedError(Exception):
    """It may well work in Argo CD, and what comes out is not guessed here; the text says what it is."""
