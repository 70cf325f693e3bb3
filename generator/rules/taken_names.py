"""Applications of two overlays that have one name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.rules.world import RepositoryViolation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.findings.finding import Place
    from generator.rules.world import World

_PAGES = ("services/", "systems/", "gitops.yaml")


def named_twice(world: World) -> Iterator[RepositoryViolation]:
    """Yield a violation for each Application whose name another one has, whichever Argo CD reads the two.

    Of a page and a person's own file it is the file that is told.
    """
    found = [(verdict, each) for verdict in world.verdicts for each in verdict.applications]
    places: dict[str, Place] = {}
    for verdict, application in sorted(found, key=lambda pair: not pair[1].place.file.startswith(_PAGES)):
        other = places.setdefault(application.name, application.place)
        if other is not application.place:
            yield RepositoryViolation(
                verdict=verdict,
                object=f"Application/{application.name}",
                place=application.place,
                message=collision(application.name, str(other)),
            )


def collision(name: str, other: str) -> str:
    """Return the finding of a name that is taken; `other` is where."""
    return (
        f"the Application `{name}` is made by {other} too: Argo CD treats the second as a redefinition of the first, "
        "and deletes what the first deployed"
    )
