"""Cases are folders. A golden case: `inputs/`, `expected/` (what is rendered), `built/` (what kustomize makes of it).

Both lie over the tiny project in `project/inputs/`; files that this project renders by itself are left out. A case
`error-<why>`: `inputs/`, `edits/` (laid over once the inputs are rendered) and `expected.txt`: a head of `key: value`
lines (`exit`, `command`, `make`), an empty line, and the exact answer.
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from generator.cli import run
from generator.disk.tree import Tree, read
from generator.findings.progress import Silent
from generator.inputs.load import load_gitops
from generator.paths import is_copy
from generator.pipeline import generate
from generator.roots import is_rendered_path
from generator.tools.install import ensure
from generator.tools.kustomize import build
from generator.tools.pins import KUSTOMIZE, kustomize_version_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CASES = Path(__file__).parent
PROJECT = CASES / "project"
Files = dict[str, str]
# How many rules there are says nothing about a case.
_RULES = re.compile(r"^\d+ rules run,", re.MULTILINE)


def golden_cases() -> list[str]:
    """Return the names of the golden cases."""
    return sorted(
        folder.name for folder in CASES.iterdir() if (folder / "inputs").is_dir() and not is_error(folder.name)
    )


def error_cases() -> list[str]:
    """Return the names of the refusals."""
    return sorted(folder.name for folder in CASES.iterdir() if folder.is_dir() and is_error(folder.name))


def is_error(name: str) -> bool:
    """Return whether a case is a refusal."""
    return name.startswith("error-")


@contextlib.contextmanager
def repository(case: str) -> Iterator[Path]:
    """Lay the inputs of a case over the project, in a folder of its own."""
    with TemporaryDirectory(prefix="fairlead-case-") as folder:
        root = Path(folder).resolve()
        shutil.copytree(PROJECT / "inputs", root, dirs_exist_ok=True)
        lay(CASES / case / "inputs", root)
        yield root


def lay(source: Path, root: Path) -> None:
    """Lay a folder over another; a file `NAME.gone` takes NAME away."""
    if source.is_dir():
        shutil.copytree(source, root, dirs_exist_ok=True)
    for mark in list(root.rglob("*.gone")):
        mark.unlink()
        mark.with_suffix("").unlink(missing_ok=True)


def golden(case: str) -> Files:
    """Return what a golden case should hold: path below the case -> text."""
    with repository(case) as root:
        tree = rendered(root)
        files = {f"expected/{path}": text for path, text in _outputs(tree).items() if text != _plain().get(path)}
        if case == PROJECT.name:
            files |= {f"expected/{path}": text for path, text in _plain().items()}
        folders = sorted({path.rpartition("/")[0] for path in files if path.startswith("expected/overlays/")})
        overlays = [folder.removeprefix("expected/") for folder in folders if folder.count("/") == 3]
        return files | {f"built/{'-'.join(overlay.split('/')[1:])}.yaml": _built(root, overlay) for overlay in overlays}


def kept(case: str) -> Files:
    """Return what a golden case holds."""
    folder = CASES / case
    found = (path for part in ("expected", "built") for path in (folder / part).rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in found}


def rendered(root: Path) -> Tree:
    """Render the repository at `root`, on disk too, and give it as it is then."""
    tree = read(root)
    planned = generate(tree, Silent())
    changes = [(change.path, change.after) for change in (*planned.changes, *planned.restyled)]
    for path, text in changes:
        assert text is not None, path
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    assert not planned.strays
    return tree.after(changes)


def _outputs(tree: Tree) -> Files:
    own = ("/patches/", "/resources/")
    paths = (path for path in tree.files if is_rendered_path(path))
    paths = (path for path in paths if not any(part in path for part in own) or is_copy(tree.files[path]))
    return {path: tree.files[path].decode() for path in paths}


@cache
def _plain() -> Files:
    """Return what the project renders without any service."""
    with TemporaryDirectory(prefix="fairlead-case-") as folder:
        root = Path(folder).resolve()
        shutil.copytree(PROJECT / "inputs", root, dirs_exist_ok=True)
        return _outputs(rendered(root))


def _built(root: Path, overlay: str) -> str:
    version = kustomize_version_for(load_gitops(root).argocd.version)
    return build(ensure(KUSTOMIZE, version), root / overlay).decode()


def answer(case: str) -> str:
    """Run a refusal and give its `expected.txt`; raises AssertionError when the run leaves anything changed behind."""
    head = _head(case)
    with repository(case) as root:
        if (CASES / case / "edits").is_dir():
            rendered(root)
            lay(CASES / case / "edits", root)
        if "make" in head:
            MAKERS[head["make"]](root)
        before = _bytes(root)
        out = io.StringIO()
        with contextlib.chdir(root), contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            code = run(shlex.split(head.get("command", "generate")))
        assert _bytes(root) == before, "a refusal wrote something"
        # A case lies in no repository, which is told; tests/repo/test_repository.py looks at that.
        said = out.getvalue().replace(str(root), "ROOT").splitlines(keepends=True)
        text = "".join(line for line in said if not line.startswith("note: ROOT: not in a git repository"))
    assert "Traceback" not in text, text
    lines = {"exit": str(code)} | {key: value for key, value in head.items() if key != "exit"}
    return "".join(f"{key}: {value}\n" for key, value in lines.items()) + "\n" + _RULES.sub("N rules run,", text)


def _head(case: str) -> dict[str, str]:
    path = CASES / case / "expected.txt"
    head = path.read_text(encoding="utf-8").partition("\n\n")[0] if path.is_file() else ""
    return {key: value for key, _, value in (line.partition(": ") for line in head.splitlines() if line)}


def _bytes(root: Path) -> dict[str, bytes]:
    """Return every file."""
    paths = (path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


def _large_page(root: Path) -> None:
    (root / "services").mkdir()
    (root / "services/web.yaml").write_bytes(b"system: shop\n" + b"# a long page\n" * 80_000)


def _link(root: Path) -> None:
    (root / "services").mkdir()
    (root / "services/web.yaml").symlink_to("../systems/shop.yaml")


# What a repository cannot hold, or should not.
MAKERS: dict[str, Callable[[Path], None]] = {"a large page": _large_page, "a symbolic link": _link}
