"""Read the release records out of a tree, and complain about what is no release."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.errors import InputError
from generator.finding import Place
from generator.image import is_digest, is_tag
from generator.inputs.complaint import complaint, problem_complaint
from generator.layout.overlay import overlay_folder
from generator.layout.ownership import NAME
from generator.layout.release import Record, Release, recorded
from generator.manifest import at
from generator.yamlio import Document, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.finding import Finding
    from generator.inputs.project import Project, ServicePage
    from generator.tree import Tree

_ENTRY = 'write `- {name: IMAGE, newTag: "TAG"}`'


def record_document(tree: Tree, service: str, environment: str) -> tuple[Document | None, list[Finding]]:
    """Give the parsed kustomization of an overlay, None when there is no overlay, and the complaints about it."""
    folder = overlay_folder(environment, service)
    path = f"{folder}/{NAME}"
    if path in tree.files:
        document, problems = parse(tree.files[path], path)
        return document, [problem_complaint(problem, path) for problem in problems]
    stray = next(tree.under(folder), None)
    if stray is None:
        return None, []
    message = f"the overlay has files ({stray} ...) but no {NAME}: its release record is lost"
    remedy = f"run `git checkout HEAD -- {path}`, or remove the folder to take {service} out of {environment}"
    return None, [complaint("REL003", Place(path), message, remedy)]


def read_record(tree: Tree, service: str, environment: str) -> tuple[Record | None, list[Finding]]:
    """Give the release record of an overlay (None: not released there) and the complaints about it."""
    document, complaints = record_document(tree, service, environment)
    if document is None:
        return None, complaints
    complaints += _shapeless(document)
    record: Record = {}
    for number, name, release in recorded(document.value):
        complaints += _unfit(document, number, release)
        if name in record:
            place = document.place(("images", number))
            complaints.append(complaint("REL002", place, f"a second entry for image '{name}'", "keep one of the two"))
        record[name] = release
    return record, complaints


def _shapeless(document: Document) -> Iterator[Finding]:
    """Complain of `images:` that is no list, and of an entry that names no image."""
    images = at(document.value, ("images",))
    if images is not None and not isinstance(images, list):
        yield complaint("REL002", document.key_place(("images",)), "'images' must be a list", _ENTRY)
    for number, entry in enumerate(images if isinstance(images, list) else ()):
        if not isinstance(at(entry, ("name",)), str):
            yield complaint("REL002", document.place(("images", number)), "an entry that names no image", _ENTRY)


def _unfit(document: Document, number: int, release: Release) -> Iterator[Finding]:
    for key, fits, example in (
        ("newTag", is_tag, '"1.4.2"'),
        ("digest", is_digest, '"sha256:<64 hex digits>"'),
    ):
        value = getattr(release, key)
        path = ("images", number, key)
        if value is not None and not isinstance(value, str):
            yield _not_text(document, path, key)
        elif value is not None and not fits(value):
            message = f"'{value}' is no image {key.removeprefix('new').lower()}"
            yield complaint("REL002", document.place(path), message, f"e.g. {example}")
    if release.newTag is None and release.digest is None:
        place = document.place(("images", number))
        yield complaint("REL002", place, "an entry without newTag and digest", 'add newTag: "TAG"')


def _not_text(document: Document, path: tuple[str | int, ...], key: str) -> Finding:
    raw = document.raw(path)
    if raw is None:
        return complaint("REL002", document.place(path), f"'{key}' must be text", f'write {key}: "..."')
    message = f"`{key}: {raw}` is read as a number, not as text"
    return complaint("WRK003", document.place(path), message, f'write {key}: "{raw}"')


def records(project: Project, tree: Tree, page: ServicePage) -> dict[str, Record]:
    """Give a service's release records by environment; raises InputError when one cannot be read."""
    found: dict[str, Record] = {}
    complaints: list[Finding] = []
    for environment in project.environments_of(page):
        record, unfit = read_record(tree, page.name, environment)
        complaints += unfit
        if record is not None:
            found[environment] = record
    if complaints:
        raise InputError(complaints)
    return found
