"""Read the release records out of a tree, and complain about what is no release."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.findings.errors import InputError
from generator.findings.finding import Place
from generator.kubernetes.image import is_digest, is_own, is_tag
from generator.kubernetes.manifest import Path, at
from generator.layout.recordtext import record_text
from generator.layout.release import Record, Release, recorded, same_image
from generator.paths import HOLD, NAME, overlay_folder
from generator.rules.proof import REL002, REL003
from generator.rules.reader import problem_complaint
from generator.yamlio import Document, parse, survey

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from generator.disk.tree import Tree
    from generator.findings.finding import Finding
    from generator.inputs.project import Project
    from generator.inputs.service_page import ServicePage
    from generator.layout.comments import RecordComments

_KEYS = ("newTag", "digest")
_ENTRY = 'write `- {name: IMAGE, newTag: "TAG"}`'


def record_document(tree: Tree, service: str, environment: str) -> tuple[Document | None, list[Finding]]:
    """Return the parsed kustomization of an overlay, None when there is no overlay, and the complaints about it."""
    folder = overlay_folder(environment, service)
    path = f"{folder}/{NAME}"
    if path in tree.files:
        document, problems = parse(tree.files[path], path)
        return document, [problem_complaint(problem, path) for problem in problems]
    kept = (f"{folder}/{HOLD}", f"{folder}/patches/", f"{folder}/resources/")  # may be there before the first release
    stray = next((path for path in tree.under(folder) if not path.startswith(kept)), None)
    if stray is None:
        return None, []
    message = f"the overlay has files ({stray} ...) but no {NAME}: its release record is lost"
    remedy = f"run `git checkout HEAD -- {path}`; `fairlead retire {service} --env {environment}` takes it out for good"
    return None, [REL003.complaint(Place(path), message, remedy)]


def read_record(tree: Tree, service: str, environment: str) -> tuple[Record | None, list[Finding]]:
    """Return the release record of an overlay (None: not released there) and the complaints about it."""
    document, complaints = record_document(tree, service, environment)
    if document is None:
        return None, complaints
    return {name: release for _, name, release in recorded(document.value)}, [*complaints, *_faults(document)]


class RecordEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An image's entry in a record: its number and place, the values as written, and whether they are a release.

    `keys` are those of `newTag` and `digest` that it has, be it without a value.
    """

    number: int
    place: Place
    written: Release
    keys: tuple[str, ...]
    fits: bool


def editable_entries(tree: Tree, service: str, environment: str, images: Collection[str]) -> dict[str, RecordEntry]:
    """Return the entries of an overlay's record by image, for an edit that gives `images` other releases.

    What is wrong with their values is no complaint then: it is mended. Raises InputError for everything else.
    """
    path = f"{overlay_folder(environment, service)}/{NAME}"
    document, problems = survey(tree.files[path], path)
    complaints = [problem_complaint(problem, path) for problem in problems]
    if document is None:
        raise InputError(complaints)
    replaced = {
        document.place(("images", number, key))
        for number, name, _ in recorded(document.value)
        for key in _KEYS
        if name in images
    }
    standing = [complaint for complaint in complaints if complaint.place not in replaced]
    standing += _faults(document, mended=images)
    if standing:
        raise InputError(standing)
    mended = {complaint.place for complaint in complaints}
    return {name: _entry(document, number, release, mended) for number, name, release in recorded(document.value)}


def _entry(document: Document, number: int, release: Release, mended: Collection[Place]) -> RecordEntry:
    places: dict[str, Path] = {key: ("images", number, key) for key in _KEYS if key in document.value["images"][number]}
    values = {key: getattr(release, key) for key in places}
    texts = {
        key: value if isinstance(value, str | None) else document.raw(places[key]) for key, value in values.items()
    }
    unread = any(document.place(place) in mended for place in places.values())
    return RecordEntry(
        number=number,
        place=document.place(next(iter(places.values()), ("images", number))),
        written=Release(**texts),
        keys=tuple(places),
        fits=not unread and not any(_unfit(document, number, release)),
    )


def _faults(document: Document, mended: Collection[str] = ()) -> Iterator[Finding]:
    """Complain of what is no record; what is wrong with the values of images in `mended` is none of it."""
    yield from _shapeless(document)
    seen: set[str] = set()
    names = [name for _, name, _ in recorded(document.value) if is_own(name)]
    for number, name, release in recorded(document.value):
        if not is_own(name):
            yield _foreign(document, number, name, names)
        if name not in mended:
            yield from _unfit(document, number, release)
        if name in seen:
            place = document.place(("images", number))
            yield REL002.complaint(place, f"a second entry for image '{name}'", "keep one of the two")
        seen.add(name)


def _foreign(document: Document, number: int, name: str, known: Collection[str]) -> Finding:
    """Complain of an entry under the whole name of an image: it moves nothing, and its release would be lost."""
    meant = same_image(name, known)
    remedy = "an image with a registry is pinned on the page: write its tag there, and take the entry out"
    if meant is not None:
        remedy = f"meant '{meant}'? Write the release to that entry, and take this one out"
    message = f"an entry for '{name}', and kustomize finds no image of this name"
    return REL002.complaint(document.place(("images", number, "name")), message, remedy)


def _shapeless(document: Document) -> Iterator[Finding]:
    """Complain of `images:` that is no list, and of an entry that names no image."""
    images = at(document.value, ("images",))
    if images is not None and not isinstance(images, list):
        yield REL002.complaint(document.key_place(("images",)), "'images' must be a list", _ENTRY)
    for number, entry in enumerate(images if isinstance(images, list) else ()):
        if not isinstance(at(entry, ("name",)), str):
            yield REL002.complaint(document.place(("images", number)), "an entry that names no image", _ENTRY)


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
            yield REL002.complaint(document.place(path), message, f"e.g. {example}")
    if release.newTag is None and release.digest is None:
        place = document.place(("images", number))
        yield REL002.complaint(place, "an entry without newTag and digest", 'add newTag: "TAG"')


def _not_text(document: Document, path: tuple[str | int, ...], key: str) -> Finding:
    raw = document.raw(path)
    if raw is None:
        return REL002.complaint(document.place(path), f"'{key}' must be text", f'write {key}: "..."')
    message = f"`{key}: {raw}` is read as a number, not as text"
    from generator.rules.strings import WRK003  # 8 ms that a good record does not pay

    return WRK003.complaint(document.place(path), message, f'write {key}: "{raw}"')


def records(project: Project, tree: Tree, page: ServicePage) -> dict[str, Record]:
    """Return a service's release records by environment; raises InputError when one cannot be read."""
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


def record_comments(project: Project, tree: Tree, page: ServicePage) -> dict[str, RecordComments]:
    """Return the comments of a service's release records by environment, where there are any."""
    found: dict[str, RecordComments] = {}
    for environment in project.environments_of(page):
        data = tree.files.get(f"{overlay_folder(environment, page.name)}/{NAME}", b"")
        if b"#" in data.partition(b"\n")[2]:  # most have no comment but our header
            text = record_text(data.decode("utf-8-sig"))
            found |= {environment: text.comments} if text else {}
    return found
