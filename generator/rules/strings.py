"""Values that must be text and are not: YAML made a number or a boolean of them.

This is the object side: what kustomize built, hand-written resources included. The same id is used by the
YAML reader (`yamlio/read.py`, on the unquoted scalar of a page) and by the reader of release records,
which see what the built object no longer shows: that `1.1` was written `1.10`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.findings.finding import Severity
from generator.kubernetes.manifest import Path, at
from generator.kubernetes.objects import kind
from generator.kubernetes.pods import containers, template, variables
from generator.kubernetes.values import describe_value, items, mapping
from generator.rules.examples import deployment
from generator.rules.modes import unfit_modes
from generator.rules.rule import Rule, Violation
from generator.rules.secrecy import may_be_secret

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.kubernetes.pods import PodContainer
    from generator.model.base import Manifest
    from generator.rules.view import View

Place = tuple[Path, str, Any]  # path, what stands there in words, the value

# Mappings of text to text in objects that the rules know.
_TEXT_MAPPINGS: dict[str, tuple[Path, ...]] = {
    "Service": (("spec", "selector"),),
    "ConfigMap": (("data",),),
    "Secret": (("data",), ("stringData",)),
}


def _texts(manifest: Manifest, _view: View) -> Iterator[Violation]:
    for path, what, value in _places(manifest):
        if not isinstance(value, str):
            secret = may_be_secret(what) or manifest.get("kind") == "Secret"
            yield _violation(path, what, value, secret=secret)
    yield from unfit_modes(manifest)


def _places(manifest: Manifest) -> Iterator[Place]:
    """Yield every value of the object that Kubernetes takes as text only."""
    yield from _metadata(manifest, ())
    for path in _TEXT_MAPPINGS.get(kind(manifest), ()):
        yield from _entries(manifest, path, f"`{path[-1]}`")
    if kind(manifest) == "CronJob":
        yield from _metadata(mapping(at(manifest, ("spec", "jobTemplate"))), ("spec", "jobTemplate"))
    found = template(manifest)
    if not found:
        return
    if found[0]:
        yield from _metadata(found[1], found[0])
        yield from _entries(manifest, ("spec", "selector", "matchLabels"), "selector")
    for container in containers(manifest):
        yield from _container(container)


def _metadata(holder: Manifest, path: Path) -> Iterator[Place]:
    metadata = mapping(holder.get("metadata"))
    for field in ("labels", "annotations"):
        for key, value in mapping(metadata.get(field)).items():
            yield (*path, "metadata", field, key), f"{field[:-1]} `{key}`", value


def _entries(manifest: Manifest, path: Path, what: str) -> Iterator[Place]:
    for key, value in mapping(at(manifest, path)).items():
        yield (*path, key), f"{what} entry `{key}`", value


def _container(container: PodContainer) -> Iterator[Place]:
    if container.spec.get("image") is not None:
        yield (*container.path, "image"), f"image of container `{container.name}`", container.spec["image"]
    for path, name, value in variables(container):
        if value is not None:
            yield (*path, "value"), f"environment variable `{name}`", value
    for field in ("command", "args"):
        for number, word in enumerate(items(container.spec.get(field))):
            yield (
                (*container.path, field, number),
                f"`{field}[{number}]` of container `{container.name}`",
                word,
            )


def _violation(path: Path, what: str, value: Any, *, secret: bool) -> Violation:
    seen = describe_value(value).partition(" `")[0] if secret else describe_value(value)
    return Violation(
        path=path,
        message=f"{what} is {seen}, not text; the API server refuses the object, or YAML has already changed the value",
        remedy="write it as quoted text" if secret else _quoted(str(path[-1]), value),
    )


def _quoted(key: str, value: Any) -> str:
    if not isinstance(value, (int, float)):
        return "write it as quoted text"
    plain = str(value).lower() if isinstance(value, bool) else str(value)
    return f'quote it: `"{plain}"`' if key.isdecimal() else f'quote it: `{key}: "{plain}"`'


WRK003 = Rule(
    id="WRK003",
    title="Text that YAML read as something else",
    why="""Unquoted, `1.10` is the number 1.1, `0e12` is 0, `on` is true for YAML 1.1 readers. A tag then
names another image, or the API server refuses the object. Seen in three places: in pages (a scalar that
YAML readers disagree about), in release records, and in the built objects (labels, annotations, selectors,
environment values, arguments, images, ConfigMap data that are no text). Values that may be secrets are not
shown. The other way round, the permissions `0644` of a file are 420: `defaultMode: 644` is refused.""",
    remedy="quote the value as you mean it",
    severity=Severity.ERROR,
    stage="object",
    check=_texts,
    bad=deployment("image: web:1.4.2\nenv:\n- {name: API_VERSION, value: 1.1}\n"),
    good=deployment('image: web:1.4.2\nenv:\n- {name: API_VERSION, value: "1.10"}\n'),
)
