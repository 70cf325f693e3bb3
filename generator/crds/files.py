"""The files made of a definition, and where they lie below a folder of CRD schemas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.crds.bare import bare
from generator.crds.sharing import compact, share_parts
from generator.crds.strict import json_schema

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.crds.definition import Definition
    from generator.crds.structural import Schema

# Below a GitOps repository, and below the data that Fairlead brings along.
FOLDER = "schemas/crds"
DEFINITION = ".crd.json"


def schema_file(group: str, kind: str, version: str) -> str:
    """Return the path of a kind's JSON Schema, as kubeconform asks for it."""
    return f"{group}/{kind.lower()}_{version}.json"


def definition_file(group: str, plural: str) -> str:
    """Return the path of the definition itself."""
    return f"{group}/{plural}{DEFINITION}"


def files(definition: Definition) -> dict[str, str]:
    """Return path -> text of all files of a definition: a schema for each served version, and the definition."""
    made = {definition_file(definition.group, definition.plural): compact(bare(definition)) + "\n"}
    for version in definition.versions:
        path = schema_file(definition.group, definition.kind, version)
        made[path] = _by_line(share_parts(json_schema(definition, version)))
    return made


def _by_line(schema: Schema) -> str:
    """Write a schema with a line for each of its definitions and fields, so that two versions can be compared."""
    lists = [word for word in ("definitions", "properties") if word in schema]
    head = compact({word: value for word, value in schema.items() if word not in lists}).removesuffix("}")
    return "".join([head, *(f',"{word}":{{\n{_members(schema[word].items())}\n}}' for word in lists), "}\n"])


def _members(members: Iterable[tuple[str, Schema]]) -> str:
    return ",\n".join(f"{compact(name)}:{compact(value)}" for name, value in sorted(members))
