"""What the schema scripts share: the kinds we keep, the reach of a schema, a folder kept byte for byte."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Schema = dict[str, Any]

SCHEMAS = Path(__file__).resolve().parent.parent / "schemas"


def kinds() -> list[tuple[str, str]]:
    """Return every (apiVersion, kind) of schemas/kinds.txt, in its order."""
    lines = (SCHEMAS / "kinds.txt").read_text().splitlines()
    pairs = (line.split() for line in lines if not line.startswith("#"))
    return [(api_version, kind) for api_version, kind in pairs]


def compact(value: Any) -> str:
    """Write JSON without a needless byte, keys in order."""
    return json.dumps(value, separators=(",", ":"), sort_keys=True)


def by_line(definitions: Mapping[str, Schema]) -> str:
    """Write the members of a `definitions` object, one a line, so that two versions can be compared."""
    return ",\n".join(f"{json.dumps(name)}:{compact(definitions[name])}" for name in sorted(definitions))


def name_of(reference: str) -> str:
    """Return the definition that a `$ref` names."""
    return reference.rpartition("/")[2]


def references(schema: Any) -> Iterator[str]:
    """Yield the names of all definitions that a schema refers to (a property may be called `$ref` too)."""
    if isinstance(schema, dict):
        if isinstance(schema.get("$ref"), str):
            yield name_of(schema["$ref"])
        for value in schema.values():
            yield from references(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from references(value)


def closure(roots: Iterable[str], definitions: Mapping[str, Schema]) -> dict[str, Schema]:
    """Return the definitions called `roots` and all that they reach, by name."""
    reached: dict[str, Schema] = {}
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached[name] = definitions[name]
            waiting += references(definitions[name])
    return reached


def module(path: str, version: str, checksum: str) -> zipfile.ZipFile:
    """Open the archive of one version of a Go module, its sum checked; ends the program where it cannot be had.

    `go` fetches it where it is not yet there, and compiles nothing; it may add that the module needs a newer Go.
    """
    command = ["go", "mod", "download", "-json", f"{path}@{version}"]
    try:
        answer = json.loads(subprocess.run(command, capture_output=True, check=False).stdout)
    except FileNotFoundError:
        print("needs go; on Debian: apt install golang", file=sys.stderr)
        sys.exit(3)
    if answer.get("Sum") != checksum:
        print(f"{path} {version}: sum is {answer.get('Sum')}: {answer.get('Error', '')}", file=sys.stderr)
        sys.exit(3)
    return zipfile.ZipFile(answer["Zip"])


def with_lock(source: Any, files: Mapping[str, str]) -> dict[str, bytes]:
    """Return the bytes of `files` and of a lock.json that names their source and the SHA-256 of each."""
    made = {path: text.encode() for path, text in files.items()}
    sums = {path: hashlib.sha256(made[path]).hexdigest() for path in sorted(made)}
    return {**made, "lock.json": (json.dumps({"source": source, "files": sums}, indent=1) + "\n").encode()}


def settle(folder: Path, made: Mapping[str, bytes], *, check: bool) -> int:
    """Make `folder` hold exactly `made`, or with `check` only say what differs; the exit code."""
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.*") if path.is_file()}
    differing = sorted(path for path in made.keys() | found.keys() if made.get(path) != found.get(path))
    for path in differing:
        print(f"{'differs' if check else 'written'}: {folder.name}/{path}")
        if not check:
            _put(folder / path, made.get(path))
    print(f"{len(made)} files, {sum(map(len, made.values()))} bytes, {len(differing)} differing")
    return 1 if check and differing else 0


def _put(path: Path, content: bytes | None) -> None:
    if content is None:
        path.unlink()
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
