"""YAML in, YAML out: the only package that knows YAML's traps (YAML 1.1 against 1.2, quoting, positions)."""

from generator.yamlio.bounds import OWN_BYTES, expansion_problems
from generator.yamlio.document import Document
from generator.yamlio.read import built, parse, survey
from generator.yamlio.walk import Problem
from generator.yamlio.write import Quoted, dump, dump_all

__all__ = [
    "OWN_BYTES",
    "Document",
    "Problem",
    "Quoted",
    "built",
    "dump",
    "dump_all",
    "expansion_problems",
    "parse",
    "survey",
]
