"""`fairlead bump`: new tags in the working tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from generator.cli.common import echo_json, format_option, open_tree, root_option
from generator.cli.names import environment_names, service_names
from generator.errors import UsageError
from generator.inputs.load import load
from generator.plan.lost import refuse_lost_overlays
from generator.plan.writer import replanned, write
from generator.release.bump import Bump, Move, bump, moving_images, release_of
from generator.repo.head import head_overlays

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from generator.inputs.project import Project
    from generator.layout.release import Release


@click.command("bump", epilog="Example: fairlead bump frontend --env dev --tag 1.4.2")
@click.argument("services", nargs=-1, required=True, metavar="SERVICE[=TAG]...", shell_complete=service_names)
@click.option(
    "--env",
    "environment",
    required=True,
    shell_complete=environment_names,
    help="The environment whose release record changes.",
)
@click.option("--tag", help="The new tag.")
@click.option("--digest", help="The new digest, sha256:...; with --tag both are recorded.")
@click.option(
    "--image",
    "images",
    multiple=True,
    metavar="NAME[=TAG]",
    help="Move this image of the page only; NAME=TAG moves it beside the service's own. Repeatable.",
)
@root_option
@format_option
def command(  # click hands over one parameter for each option
    services: tuple[str, ...],
    environment: str,
    tag: str | None,
    digest: str | None,
    images: tuple[str, ...],
    root: Path | None,
    style: str,
) -> int:
    """Put a new image tag into an environment's release record.

    Changes one line for each image that moves: the service's own, and those that its page releases with it. The first
    bump of a service in an environment makes its overlay.
    """
    asked = dict(_service(argument, tag) for argument in services)
    _show(replanned(lambda: _written(root, asked, environment, digest, images)), style)
    return 0


def _written(
    root: Path | None, asked: Mapping[str, str | None], environment: str, digest: str | None, images: Sequence[str]
) -> list[Bump]:
    """Read the repository, work out the bumps and write them."""
    tree = open_tree(root)
    refuse_lost_overlays(tree, [(env, name) for env, name in head_overlays(tree.root) if name in asked])
    project = load(tree, only=asked)
    bumps = []
    for name, tag in asked.items():
        releases = _releases(project, name, environment, (tag, digest), images)
        bumps.append(bump(tree, project, project.page(name), environment, releases))
    write(tree.root, [change for each in bumps for change in each.changes])
    return bumps


def _service(argument: str, tag: str | None) -> tuple[str, str | None]:
    name, equals, own = argument.partition("=")
    return name, own if equals else tag


def _releases(
    project: Project,
    name: str,
    environment: str,
    release: tuple[str | None, str | None],
    images: Iterable[str],
) -> Mapping[str, Release]:
    """Give the release that each moving image gets."""
    named = {image.partition("=")[0]: image.partition("=")[2] for image in images}
    own = [image for image, tag in named.items() if not tag]
    releases = {image: release_of(tag, None) for image, tag in named.items() if tag}
    if own or release != (None, None) or not releases:
        page = project.page(name)
        project.require_environment(page, environment)
        moving = own or moving_images(project.service(page, environment).page)
        if release[1] is not None and len(moving) > 1:
            raise UsageError(
                f"one digest cannot be that of {' and '.join(moving)}; name one with --image, the others later"
            )
        releases |= {image: release_of(*release) for image in moving if image not in releases}
    if not releases:
        raise UsageError(f"{name} has no image of ours; name one with --image")
    return releases


def _show(bumps: Iterable[Bump], style: str) -> None:
    moves = [move for each in bumps for move in each.moves]
    if style == "json":
        echo_json({"moves": moves, "files": [change.path for each in bumps for change in each.changes]})
        return
    for move in moves:
        click.echo(_line(move))
    if not moves:
        click.echo("nothing to do: the record says so already")


def _line(move: Move) -> str:
    before = move.before.suffix.lstrip(":@") if move.before else "not released"
    return f"{move.environment}/{move.service}: {move.image} {before} -> {move.after.suffix.lstrip(':@')}"
