"""Build programs of a Go module that `go install` refuses, because its go.mod has replace lines.

A private module, thrown away after, requires that module and repeats its replace lines; Go then builds from the module
proxy alone. Lines that lead to a folder of the module's own repository become the version under which that folder is
published.

    kubernetes = Recipe(
        module="k8s.io/kubernetes", version="1.35.4", sum="h1:...",
        packages={"kubectl": "k8s.io/kubernetes/cmd/kubectl"},
        published={"k8s.io/": "v0.35.4"},
    )
    build(kubernetes, folder)  # folder/kubectl
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

import msgspec

from generator.findings.errors import ToolError
from generator.tools.golang import Go, Told, unheard

# Argo CD with no module and nothing built before takes 7 min on 2 busy cores, kube-apiserver 3.5.
BUILD_SECONDS = 1800.0
# What stands in a go.mod for "whatever is in the folder".
_NO_VERSION = "v0.0.0"


class Recipe(msgspec.Struct, frozen=True, kw_only=True):
    """What to build, and from what.

    `version` has no `v`. `sum` is the module's (`h1:...`), "" for one that is not pinned. `packages` are main packages,
    of this module or one that it requires, by the name of the program. `published` gives a version to modules that are
    only folders in the module's repository, by the beginning of their path; one that the module requires in a version
    of its own needs none. `replaces` are replace lines that come on top or in place of the module's own
    (`example.com/a => example.com/b v1.2.3`).
    """

    module: str
    version: str
    packages: Mapping[str, str]
    sum: str = ""
    published: Mapping[str, str] = {}
    replaces: tuple[str, ...] = ()
    ldflags: str = "-s -w"
    cgo: bool = False


class _Module(msgspec.Struct, frozen=True, rename="pascal"):
    path: str
    version: str = ""


class _Replace(msgspec.Struct, frozen=True, rename="pascal"):
    old: _Module
    new: _Module


class _GoMod(msgspec.Struct, frozen=True, rename="pascal"):
    """What `go mod edit -json` prints; an empty part is null there."""

    go: str
    require: list[_Module] | None = None
    replace: list[_Replace] | None = None


class _Download(msgspec.Struct, frozen=True, rename="pascal"):
    """What `go mod download -json` prints."""

    go_mod: str = ""
    sum: str = ""
    error: str = ""


def build(recipe: Recipe, target: Path, *, timeout: float = BUILD_SECONDS, told: Told = unheard) -> None:
    """Build every program of the recipe into the folder `target`, under its name; `timeout` in seconds, for each.

    All that Go needs meanwhile is in `target` too, and gone afterwards; `told` gets how far it is, in words. Raises
    ToolError in Go's words when it cannot, and when the module has another sum than the pinned one.
    """
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target, prefix="go-") as folder:
        go = _Go(Path(folder), recipe, timeout, told)
        source = go.download()
        if recipe.sum and source.sum != recipe.sum:
            raise ToolError(f"{recipe.module} v{recipe.version}: its sum is {source.sum}, pinned is {recipe.sum}")
        Path(folder, "go.mod").write_text(private_module(recipe, go.read(source.go_mod)), encoding="utf-8")
        for name, package in recipe.packages.items():
            go.build(package, target / name)


class _Go:
    """The Go toolchain in the folder of a private module."""

    def __init__(self, folder: Path, recipe: Recipe, timeout: float, told: Told) -> None:
        more = {"CGO_ENABLED": str(int(recipe.cgo)), "GOWORK": "off", "GOFLAGS": "-mod=mod"}
        self._go = Go(folder, more, timeout, told)
        self._recipe = recipe

    def download(self) -> _Download:
        """Fetch the module."""
        operand = f"{self._recipe.module}@v{self._recipe.version}"
        answer = msgspec.json.decode(self._go.run("mod", "download", "-json", operand), type=_Download)
        if answer.error:
            raise ToolError(answer.error)
        return answer

    def read(self, path: str) -> _GoMod:
        """Read a go.mod."""
        return msgspec.json.decode(self._go.run("mod", "edit", "-json", path), type=_GoMod)

    def build(self, package: str, target: Path) -> None:
        """Build a main package."""
        self._go.expect(len(self._go.run("list", "-deps", package).split()))
        flags = ("-trimpath", "-buildvcs=false", "-ldflags", self._recipe.ldflags)
        self._go.run("build", "-v", *flags, "-o", str(target), package)


def private_module(recipe: Recipe, source: _GoMod) -> str:
    """Write the go.mod of the private module, given that of the recipe's module."""
    lines = {line.partition(" => ")[0].split()[0]: line for line in _own_lines(recipe, source)}
    lines |= {line.split()[0]: line for line in recipe.replaces}
    block = "".join(f"\t{lines[module]}\n" for module in sorted(lines))
    require = f"require {recipe.module} v{recipe.version}"
    return f"module fairlead.example/build\n\ngo {source.go}\n\n{require}\n\nreplace (\n{block})\n"


def _own_lines(recipe: Recipe, source: _GoMod) -> list[str]:
    """Return the module's own replace lines, those that lead into its repository mended."""
    required = {module.path: module.version for module in source.require or ()}
    local = {line.old.path for line in source.replace or () if not line.new.version}
    lines = [_line(line) for line in source.replace or () if line.new.version]
    for path in sorted(required):
        version = _published(recipe, path) if path in local or required[path] == _NO_VERSION else ""
        if version:
            lines.append(f"{path} => {path} {version}")
        elif required[path] == _NO_VERSION:
            raise ToolError(f"{recipe.module} v{recipe.version}: no published version is known of {path}")
    return lines


def _line(replace: _Replace) -> str:
    old = f"{replace.old.path} {replace.old.version}".strip()
    return f"{old} => {replace.new.path} {replace.new.version}"


def _published(recipe: Recipe, path: str) -> str:
    return next((version for start, version in recipe.published.items() if path.startswith(start)), "")
