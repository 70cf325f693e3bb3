"""The rendered roots: the folders of a repository that `generate` fills from the pages.

A root is one value of `ROOTS`; what is read, planned, proven and deleted follows from it. `units.RENDERERS` says what
renders a root that is rendered as a whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# How what stands in a root is proven: `kustomize build` of each of its folders equals the model, it is part of what
# others build, or its text is what the pages render (`generate --check`).
Proving = Literal["build", "reached", "text"]

# Who reads it: the Argo CD that syncs an environment, an Argo CD for itself, or a person (with a tool of their own).
Reader = Literal["environment", "argocd", "person"]

# The root of what Argo CD itself reads, and the name of the unit that all of it is rendered with.
ARGOCD = "argocd"

# The root of what the environments run.
OVERLAYS = "overlays"


class RenderedRoot(msgspec.Struct, frozen=True, kw_only=True):
    """A folder that `generate` fills: `parts` say what the folders inside of it are called after.

    `pages` render what stands there, with `{unit}` for the name of a unit. With `together` all of it is rendered as
    one unit, which has the name of the root.
    """

    folder: str
    pages: tuple[str, ...]
    proven: Proving
    reader: Reader
    parts: tuple[str, ...] = ()
    together: bool = False

    def find_unit(self, parts: Sequence[str]) -> str:
        """Return the unit of a path below this root, given by its parts; "" where it belongs to none."""
        depth = 0 if self.together else len(self.parts)
        return parts[depth] if len(parts) > depth + 1 else ""


_OF_UNITS = ("services/{unit}.yaml", "systems/{unit}.yaml")
_ROOTS = (
    RenderedRoot(folder="base", parts=("unit",), pages=_OF_UNITS, proven="reached", reader="environment"),
    RenderedRoot(folder=OVERLAYS, parts=("environment", "unit"), pages=_OF_UNITS, proven="build", reader="environment"),
    RenderedRoot(
        folder=ARGOCD, parts=("instance",), pages=("gitops.yaml",), proven="build", reader="argocd", together=True
    ),
)
ROOTS = {root.folder: root for root in _ROOTS}


class BuildTarget(msgspec.Struct, frozen=True):
    """A folder that is built and proven on its own: `overlays/<environment>/<unit>`, `argocd/<instance>`.

    `unit` is the service, the system or the instance. The environment is "" where `root` has none: that is how JSON
    and messages show it, and nothing is decided by it.
    """

    root: RenderedRoot
    environment: str
    unit: str

    @property
    def path(self) -> str:
        """Path of the folder."""
        return "/".join(part for part in (self.root.folder, self.environment, self.unit) if part)

    @property
    def rendered_with(self) -> str:
        """The unit that it is rendered with: of a root that is rendered together, the root itself."""
        return self.root.folder if self.root.together else self.unit

    @property
    def key(self) -> tuple[str, str]:
        """The environment and the unit, as orders and JSON name a target."""
        return self.environment, self.unit


def rendered_folders() -> tuple[str, ...]:
    """Return the names of all rendered roots."""
    return tuple(ROOTS)


def find_rendered_root(path: str) -> RenderedRoot | None:
    """Return the rendered root that a path stands in."""
    return ROOTS.get(path.partition("/")[0])


def is_rendered_path(path: str) -> bool:
    """Return whether a path stands in a rendered root."""
    return path.partition("/")[0] in ROOTS


def find_targets(paths: Iterable[str]) -> tuple[BuildTarget, ...]:
    """Return every target that one of these files is part of, in their order."""
    found: dict[tuple[str, ...], BuildTarget] = {}
    for path in paths:
        parts = path.split("/")
        root = ROOTS.get(parts[0])
        if root is None or root.proven != "build":
            continue
        folder = tuple(parts[: len(root.parts) + 1])
        if folder not in found and root.find_unit(parts):
            names = dict(zip(root.parts, folder[1:], strict=True))
            found[folder] = BuildTarget(root, names.get("environment", ""), folder[-1])
    return tuple(found.values())


def overlay_target(environment: str, unit: str) -> BuildTarget:
    """Return the target of a service's (or a system's) overlay."""
    return BuildTarget(ROOTS[OVERLAYS], environment, unit)


def instance_target(instance: str) -> BuildTarget:
    """Return the target of what one Argo CD syncs for itself."""
    return BuildTarget(ROOTS[ARGOCD], "", instance)
