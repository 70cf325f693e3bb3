"""Files in the folder beside a page that the page names in no environment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.model.configfile import config_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.inputs.project import Project
    from generator.inputs.service_page import ServicePage


def unnamed_files(project: Project, page: ServicePage) -> tuple[str, ...]:
    """Return the paths of files beside a page that it names in no environment."""
    files = project.beside.get(page.name, frozenset())
    if not files:
        return ()
    merged = (project.layers(page, place).merged for place in (None, *project.environments_of(page)))
    named = {file for values in merged for file in _named(values)}
    return tuple(config_file(page.name, file) for file in sorted(files - named))


def _named(values: Mapping[str, Any]) -> Iterator[str]:
    """Yield each file that the ConfigMaps of a merged page name."""
    for settings in (values.get("configMap"), *(values.get("configMaps") or {}).values()):
        files = (settings or {}).get("files", ())
        yield from files.values() if isinstance(files, dict) else files
