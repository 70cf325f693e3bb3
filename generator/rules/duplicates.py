"""Things that are there twice: merging by name or number then keeps one of them, and not always the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.findings.finding import Severity
from generator.kubernetes.manifest import Path, at, show
from generator.kubernetes.objects import RUNNING, kind
from generator.kubernetes.pods import containers, lasting, pod, ports, variables
from generator.kubernetes.values import items, mapping, text
from generator.rules.examples import deployment
from generator.rules.rule import Rule, Violation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.kubernetes.pods import PodContainer
    from generator.model.base import Manifest
    from generator.rules.view import View

Named = tuple[Path, Any]  # where, and what must be there once only; nothing to say about an empty one


def _doubles(manifest: Manifest, _view: View) -> Iterator[Violation]:
    if kind(manifest) == "Service":
        yield from _service(manifest)
        return
    where, spec = pod(manifest)
    if not spec:
        return
    for container in containers(manifest):
        yield from _container(container)
    yield from _pod(manifest, where, spec)


def _container(container: PodContainer) -> Iterator[Violation]:
    owner, refused = f" in container `{container.name}`", "the API server refuses the object"
    names = [(path, name) for path, name, _ in variables(container)]
    yield from _twice(names, "environment variable", "the last one wins in the pod, and a patch hits the first", owner)
    named = [(port.path, port.name) for port in ports(container)]
    yield from _twice(named, "port name", refused, owner)
    mounts = [
        ((*container.path, "volumeMounts", number), text(mapping(mount).get("mountPath")).rstrip("/"))
        for number, mount in enumerate(items(container.spec.get("volumeMounts")))
    ]
    yield from _twice(mounts, "mount path", refused, owner)


def _pod(manifest: Manifest, where: Path, spec: dict[Any, Any]) -> Iterator[Violation]:
    held = containers(manifest)
    refused = "the API server refuses the object"
    yield from _twice([(one.path, text(one.spec.get("name"))) for one in held], "container", refused)
    volumes = items(spec.get("volumes"))
    named = [((*where, "volumes", number), text(mapping(one).get("name"))) for number, one in enumerate(volumes)]
    yield from _twice(named, "volume", refused)
    for number, volume in enumerate(volumes):
        yield from _files((*where, "volumes", number), mapping(volume))
    yield from _twice(_spread(spec, where), "topology spread constraint", refused)
    # Containers of a pod share one network, so a number is taken for all of them.
    listening = [
        (path, f"{number}/{protocol}" + (f" on {host}" if host else ""))
        for path, number, protocol, host in _listening(lasting(manifest))
    ]
    yield from _twice(listening, "port", "only one process of a pod can listen there, and the other one crashes")


def _files(where: Path, volume: dict[Any, Any]) -> Iterator[Violation]:
    """Yield the files of a volume that stand where another one does."""
    name = text(volume.get("name"))
    for path, source in _sources(where, volume):
        shown = [((*path, number), text(mapping(item).get("path"))) for number, item in enumerate(source)]
        effect = "the pod gets one of the two files"
        yield from _twice(shown, "path", effect, f" in volume `{name}`")


def _sources(where: Path, volume: dict[Any, Any]) -> Iterator[tuple[Path, list[Any]]]:
    """Yield the `items` of a volume with their paths; the API server compares those of a projected one by itself."""
    for word in ("configMap", "secret", "downwardAPI"):
        yield (*where, word, "items"), items(mapping(volume.get(word)).get("items"))


def _spread(spec: dict[Any, Any], where: Path) -> Iterator[Named]:
    """Yield the topology spread constraints by what makes two of them the same."""
    for number, one in enumerate(items(spec.get("topologySpreadConstraints"))):
        key, when = text(mapping(one).get("topologyKey")), text(mapping(one).get("whenUnsatisfiable"))
        yield (*where, "topologySpreadConstraints", number), f"{key}, {when}" if key and when else ""


def _listening(held: list[PodContainer]) -> Iterator[tuple[Path, Any, str, Any]]:
    for container in held:
        for port in ports(container):
            if port.number is not None:
                yield (
                    port.path,
                    port.number,
                    port.protocol,
                    mapping(container.spec["ports"][port.path[-1]]).get("hostIP"),
                )


def _service(manifest: Manifest) -> Iterator[Violation]:
    declared = [
        (("spec", "ports", number), mapping(port)) for number, port in enumerate(items(at(manifest, ("spec", "ports"))))
    ]
    refused = "the API server refuses the Service"
    yield from _twice([(path, text(port.get("name"))) for path, port in declared], "port name", refused)
    numbers = [
        (path, f"{port['port']}/{text(port.get('protocol')) or 'TCP'}") for path, port in declared if port.get("port")
    ]
    yield from _twice(numbers, "port", refused)


def _twice(named: Iterable[Named], what: str, effect: str, owner: str = "") -> Iterator[Violation]:
    """Yield everything that was there before, with both places."""
    first: dict[Any, Path] = {}
    for path, name in named:
        if name and first.setdefault(name, path) is not path:
            yield Violation(
                path=path,
                message=f"{what} `{name}`{owner} is there twice (first at `{show(first[name])}`); {effect}",
                remedy="keep one of the two",
            )


WRK017 = Rule(
    id="WRK017",
    title="The same thing twice",
    why="""Two environment variables of one name: the last one wins in the pod, a patch by name hits one of
them, and a server-side apply refuses the list. Two ports of one number and protocol, two port names, volumes,
containers, mount paths or topology spread constraints (of one key and effect): the object is refused, or one of
two processes cannot listen. Ports are compared over the whole pod, whose containers share one network. Of two files
of a volume with one path the pod gets one. Values are not shown. What a page says of `configMap`, `secrets`, `https`,
`role` and the like becomes volumes, mounts, variables, ports, annotations and whole objects: where another word of
the page has the same name, only one of the two could be rendered, and the page is refused.""",
    remedy="keep one of the two",
    severity=Severity.ERROR,
    stage="object",
    check=_doubles,
    kinds=RUNNING | {"Service"},
    bad=deployment("image: web:1.4.2\nenv:\n- {name: LOG_LEVEL, value: info}\n- {name: LOG_LEVEL, value: debug}\n"),
    good=deployment("image: web:1.4.2\nenv:\n- {name: LOG_LEVEL, value: info}\n- {name: LOG_FORMAT, value: json}\n"),
)
