"""`fairlead schemas`: what editors check pages against."""

from __future__ import annotations

from pathlib import Path

import click

from generator.cli.common import echo_json, format_option, root_option, start
from generator.inputs.schema import exported, file_name
from generator.inputs.shapes import FILES
from generator.plan.writer import WriteError
from generator.tree import TEMPORARY, find_root


@click.group("schemas", epilog="Example: fairlead schemas export --check")
def command() -> None:
    """Export the JSON Schemas of the pages."""


@command.command("export", epilog="Example: fairlead schemas export --check")
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a schema is not what it would become.")
@root_option
@format_option
def export(folder: Path | None, root: Path | None, style: str, *, check: bool) -> int:
    """Write the schema of each kind of page into DIR.

    Editors find it through the first line of a page. [default: schemas/ in the repository]
    """
    target = folder or find_root(start(root), str(root or ".")) / "schemas"
    stale = drifted(target)
    if not check:
        _write(target, stale)
    _show(stale, style, check=check)
    return int(check and bool(stale))


def drifted(folder: Path) -> dict[str, str]:
    """Give name -> text of the schemas that `folder` lacks, or holds in another state."""
    texts = {file_name(kind): exported(kind) for kind in FILES}
    return {name: text for name, text in texts.items() if _read(folder / name) != text.encode()}


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _write(folder: Path, texts: dict[str, str]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            temporary = folder / f"{TEMPORARY}{name}"
            temporary.write_text(text, encoding="utf-8", newline="\n")
            temporary.replace(folder / name)
    except OSError as error:
        raise WriteError(f"{error.filename or folder}: {error.strerror}") from error


def _show(stale: dict[str, str], style: str, *, check: bool) -> None:
    if style == "json":
        echo_json({"drifted" if check else "written": list(stale), "unchanged": len(FILES) - len(stale)})
        return
    for name in stale:
        click.echo(f"{name}:1:1: not what the model says; run `fairlead schemas export`" if check else f"wrote {name}")
    if not stale:
        click.echo(f"nothing to do, {len(FILES)} unchanged")
