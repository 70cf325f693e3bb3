"""The parameters of git generators: folders and files of the repository, as Argo CD's repository server lists them."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any

import msgspec

from generator.address import same_repository
from generator.controller.checkout import Checkout
from generator.controller.glob import is_literal, path_match
from generator.controller.gotemplate.failure import ExpansionError, UnsupportedError
from generator.controller.gotemplate.functions import normalized_name
from generator.controller.gotemplate.gotext import go_numbers, go_text
from generator.controller.gotemplate.template import render_deep
from generator.yamlio import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

Parameters = dict[str, Any]

_HEAD = frozenset({"", "HEAD"})


class GeneratorContext(msgspec.Struct, frozen=True):
    """What generators read: the repository at `address` in its `revision`; `options` are None for old templates."""

    checkout: Checkout
    address: str
    revision: str
    options: tuple[str, ...] | None

    @property
    def go(self) -> bool:
        """Return whether the set's templates are Go's."""
        return self.options is not None


def git_parameters(given: Mapping[str, Any], scene: GeneratorContext) -> list[Parameters]:
    """Return what a git generator gives; raises ExpansionError, UnsupportedError."""
    address, revision = str(given.get("repoURL", "")), str(given.get("revision") or "")
    if not same_repository(address, scene.address):
        raise UnsupportedError(f"another repository, {address}")
    if revision != scene.revision and not _HEAD.issuperset({revision}):
        raise UnsupportedError(f"another revision, {revision}")
    if given.get("directories"):
        found = [_of_folder(path, given, scene) for path in _folders(given["directories"], scene.checkout)]
    elif given.get("files"):
        found = [each for path in _files(given["files"], scene.checkout) for each in _of_file(path, given, scene)]
    else:
        raise ExpansionError("ApplicationSet is empty")
    return [_with_values(each, given.get("values") or {}, scene) for each in found]


def _folders(entries: Sequence[Mapping[str, Any]], checkout: Checkout) -> list[str]:
    """Return the folders that some entry takes and no entry excludes, as the controller comes to them."""
    taken: set[str] = set()
    excluded: set[str] = set()
    for entry in entries:
        found = _matching(str(entry.get("path", "")), checkout)
        (excluded if entry.get("exclude") else taken).update(found)
    return [folder for folder in checkout.visible_folders if folder in taken and folder not in excluded]


def _matching(pattern: str, checkout: Checkout) -> Iterable[str]:
    if is_literal(pattern):
        return (pattern,)
    return (folder for folder in checkout.visible_folders if path_match(pattern, folder))


def _files(entries: Sequence[Mapping[str, Any]], checkout: Checkout) -> list[str]:
    taken: set[str] = set()
    for entry in entries:
        if not entry.get("exclude"):
            taken.update(_listed(str(entry.get("path", "")), checkout))
    for entry in entries:
        if entry.get("exclude"):
            taken.difference_update(_listed(str(entry.get("path", "")), checkout))
    return sorted(taken)


def _listed(pattern: str, checkout: Checkout) -> Iterator[str]:
    """Return what `git ls-files PATTERN` lists: a file, what is under a folder, or what fits where `*` crosses `/`."""
    if not pattern or pattern.startswith((":", "/", ".")) or any(mark in pattern for mark in "[\\") or "//" in pattern:
        raise UnsupportedError(f"pattern of files '{pattern}'")
    if "*" in pattern or "?" in pattern:
        crossing = pattern.replace("/", "\0")
        return (path for path in checkout.names if path_match(crossing, path.replace("/", "\0")))
    pattern = pattern.rstrip("/")
    return (path for path in checkout.names if path == pattern or path.startswith(f"{pattern}/"))


def _of_folder(path: str, given: Mapping[str, Any], scene: GeneratorContext) -> Parameters:
    return _under(_path_parameters(path, scene), given, scene)


def _path_parameters(path: str, scene: GeneratorContext) -> Parameters:
    base = posixpath.basename(path)
    if scene.go:
        normal = normalized_name(base)
        return {"path": path, "basename": base, "basenameNormalized": normal, "segments": path.split("/")}
    segments = {f"path[{number}]": part for number, part in enumerate(path.split("/")) if part}
    return {"path": path, "path.basename": base, "path.basenameNormalized": normalized_name(base), **segments}


def _under(parameters: Parameters, given: Mapping[str, Any], scene: GeneratorContext) -> Parameters:
    """Return the parameters of a path under the names that templates call them by."""
    prefix = given.get("pathParamPrefix")
    if scene.go:
        return {prefix: {"path": parameters}} if prefix else {"path": parameters}
    return {f"{prefix}.{key}": value for key, value in parameters.items()} if prefix else parameters


def _of_file(path: str, given: Mapping[str, Any], scene: GeneratorContext) -> Iterator[Parameters]:
    folder, name = posixpath.dirname(path) or ".", posixpath.basename(path)
    where = _path_parameters(folder, scene)
    lead = "" if scene.go else "path."
    where |= {f"{lead}filename": name, f"{lead}filenameNormalized": normalized_name(name)}
    for values in _contents(path, scene.checkout):
        own = values if scene.go else {key: go_text(value) for key, value in flatten_values(values)}
        yield {**own, **_under(where, given, scene)}


def _contents(path: str, checkout: Checkout) -> list[Parameters]:
    """Return the mappings of a JSON or YAML file: its one, or those of its list."""
    document, problems = parse(checkout.files[path], path)
    if document is None:
        raise UnsupportedError(f"{path}:{problems[0].line}: {problems[0].message}")
    value = go_numbers(document.value)
    found = [{}] if value is None else value if isinstance(value, list) else [value]
    if not all(isinstance(each, dict) for each in found):
        raise ExpansionError(f"unable to parse file {path}")
    return found


def flatten_values(value: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield each leaf with its dotted name; lists count from 0."""
    if isinstance(value, dict):
        items: Iterable[tuple[Any, Any]] = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    else:
        yield prefix, value
        return
    for key, inner in items:
        yield from flatten_values(inner, f"{prefix}.{key}" if prefix else str(key))


def _with_values(parameters: Parameters, values: Mapping[str, Any], scene: GeneratorContext) -> Parameters:
    """Add a generator's `values`, each rendered with the parameters alone."""
    if not values:
        return parameters
    rendered = {key: render_deep(value, parameters, scene.options) for key, value in values.items()}
    return {
        **parameters,
        **({"values": rendered} if scene.go else {f"values.{key}": text for key, text in rendered.items()}),
    }
