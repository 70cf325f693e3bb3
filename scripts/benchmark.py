"""Measure Fairlead against the usual loop, in one run and as ratios. Run by scripts/bench; see docs/benchmarks.md.

Every round measures all cases one after the other, so that the noise of the machine falls on each of them; a ratio is
taken within a round, and the median of the rounds is reported. Every answer is checked: the loop must pass and Fairlead
must find nothing, a cold run must not hit the cache, a warm one must not miss it. What runs is a compiled copy of the
program, so that editing it meanwhile disturbs nothing.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import platform
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import benchrepo

REPOSITORY = Path(__file__).resolve().parents[1]
FAIRLEAD = Path(sys.executable).with_name("fairlead")
SCHEMAS = REPOSITORY / "schemas" / "kubernetes" / "1.35"
OBJECTS = 7

Report = dict[str, Any]


def main() -> None:
    """Measure, and print a table or JSON."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description="Fairlead against the usual loop.")
    parser.add_argument("--quick", action="store_true", help="20 services only")
    parser.add_argument("--services", type=int, nargs="+", help="sizes to measure [default: 20 100]")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of each size [default: 3]")
    parser.add_argument("--repeat", type=int, default=7, help="how often a round measures the short cases [default: 7]")
    parser.add_argument("--starts", type=int, default=40, help="how often `fairlead --help` is started [default: 40]")
    parser.add_argument("--format", choices=["text", "json"], default="text")
    options = parser.parse_args()
    sizes = options.services or ([20] if options.quick else [20, 100])
    with tempfile.TemporaryDirectory(prefix="fairlead-bench-") as folder:
        os.environ["PYTHONPATH"] = str(_program(Path(folder)))
        report = _report(sizes, options)
    print(json.dumps(report, indent=2) if options.format == "json" else _text(report))


def _program(folder: Path) -> Path:
    """Copy the program as an installed one would be, and give the folder that Python finds it in."""
    shutil.copytree(REPOSITORY / "generator", folder / "generator", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(REPOSITORY / "schemas", folder / "schemas")
    compileall.compile_dir(folder, quiet=1)
    return folder


def _report(sizes: list[int], options: argparse.Namespace) -> Report:
    listed = json.loads(benchrepo.run([str(FAIRLEAD), "tools", "list", "--format", "json"], REPOSITORY))
    tools = {each["name"]: Path(each["path"]) for each in listed}  # the very programs that Fairlead runs here
    return {
        "machine": {**_machine(), **{each["name"]: each["found"] for each in listed}},
        "startup": startup(runs=options.starts),
        "sizes": [at_size(size, options, tools) for size in sizes],
    }


def startup(runs: int) -> Report:
    """Measure `fairlead --help` against a Python that does nothing, in turns."""
    bare, ours = [], []
    for _ in range(runs):
        bare.append(_seconds([sys.executable, "-c", "pass"], REPOSITORY))
        ours.append(_seconds([str(FAIRLEAD), "--help"], REPOSITORY))
    ratio = statistics.median(our / base for our, base in zip(ours, bare, strict=True))
    return {"python": statistics.median(bare), "fairlead": statistics.median(ours), "ratio": ratio}


def at_size(services: int, options: argparse.Namespace, tools: dict[str, Path]) -> Report:
    """Measure all cases on a repository of `services` services."""
    with tempfile.TemporaryDirectory(prefix="fairlead-bench-") as folder:
        root = Path(folder).resolve()
        benchrepo.make(root, services, FAIRLEAD)
        overlays = len(list(root.glob("overlays/*/*/kustomization.yaml")))
        measured = [_round(root, number, services, options.repeat, tools) for number in range(options.rounds)]
        releases = _releases(root, services)
    return {
        "services": services,
        "overlays": overlays,
        "seconds": {case: statistics.median(each[case] for each in measured) for case in measured[0]},
        "faster_than_loop": {
            case: statistics.median(each["loop"] / each[case] for each in measured)
            for case in ("cold", "warm", "one tag changed")
        },
        "releases": releases,
        "rounds": measured,
    }


def _round(root: Path, number: int, services: int, repeat: int, tools: dict[str, Path]) -> dict[str, float]:
    """Measure every case once (the short ones more often) and check what was answered."""
    overlays = sorted(path.parent for path in root.glob("overlays/*/*/kustomization.yaml"))
    told = list(root.glob("argocd/*/kustomization.yaml"))  # proven too; the loop knows no Argo CD and is spared it
    benchrepo.unrender(root)
    benchrepo.forget(root)
    cold = _fairlead(root, misses=len(overlays) + len(told))
    loop = _loop(root, overlays, tools)
    warm = statistics.median(_fairlead(root, misses=0) for _ in range(repeat))
    changed = []
    for attempt in range(repeat):
        benchrepo.set_tag(root, attempt % services, "staging", f"2.{number}.{attempt}")
        changed.append(_fairlead(root, misses=1))
    alone = statistics.median(_loop(root, [root / "overlays/staging/service-0000"], tools) for _ in range(repeat))
    return {
        "loop": loop,
        "cold": cold,
        "warm": warm,
        "one tag changed": statistics.median(changed),
        "loop over the changed overlay alone": alone,
    }


def _releases(root: Path, services: int) -> dict[str, float]:
    """Time the release of every service to the remote: in a commit and a push each, and all in one."""
    names = [f"service-{number:04d}" for number in range(services)]
    with tempfile.TemporaryDirectory(prefix="fairlead-bench-") as folder:
        remote = Path(folder) / "remote.git"
        benchrepo.push_to(root, remote)
        began = benchrepo.commits(remote)
        single = sum(_bumped(root, [f"{name}=3.0.0"]) for name in names)
        apart = benchrepo.commits(remote) - began
        batch = _bumped(root, [f"{name}=3.0.1" for name in names])
        together = benchrepo.commits(remote) - began - apart
    if (apart, together) != (services, 1):
        raise SystemExit(f"{apart} and {together} commits, not {services} and 1")
    return {"one by one": single, "one batch": batch, "ratio": single / batch}


def _bumped(root: Path, services: list[str]) -> float:
    return _seconds([str(FAIRLEAD), "bump", *services, "--env", "dev", "--push"], root)


def _fairlead(root: Path, misses: int) -> float:
    """Time `fairlead generate && fairlead validate`; the answer must be sound and the cache as expected."""
    started = time.perf_counter()
    subprocess.run([FAIRLEAD, "generate"], cwd=root, check=True, stdout=subprocess.DEVNULL)
    answer = subprocess.run([FAIRLEAD, "validate", "--format", "json"], cwd=root, check=True, stdout=subprocess.PIPE)
    seconds = time.perf_counter() - started
    found = json.loads(answer.stdout)
    if found["findings"] or found["skipped"] or found["cache"]["misses"] != misses:
        raise SystemExit(f"the run was not what it should be: {answer.stdout.decode()[:2000]}")
    return seconds


def _loop(root: Path, overlays: list[Path], tools: dict[str, Path]) -> float:
    """Time the usual loop in one shell: one `kustomize build | kubeconform` for each overlay."""
    location = f"{SCHEMAS}/{{{{.ResourceKind}}}}{{{{.KindSuffix}}}}.json"
    judge = shlex.join([str(tools["kubeconform"]), "-strict", "-schema-location", location])
    build = shlex.quote(str(tools["kustomize"]))
    folders = " ".join(shlex.quote(str(overlay.relative_to(root))) for overlay in overlays)
    script = f"set -euo pipefail; for overlay in {folders}; do {build} build $overlay | {judge}; done"
    return _seconds(["bash", "-c", script], root)


def _seconds(argv: list[str], root: Path) -> float:
    started = time.perf_counter()
    subprocess.run(argv, cwd=root, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def _machine() -> Report:
    return {
        "system": platform.platform(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "load before": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
    }


def _text(report: Report) -> str:
    lines = [", ".join(f"{name} {value}" for name, value in report["machine"].items()), ""]
    lines.append(f"{'':40}{'seconds':>10}{'x faster than the loop':>26}")
    for size in report["sizes"]:
        lines.append(f"{size['services']} services, {size['overlays']} overlays of {OBJECTS} objects")
        for case, seconds in size["seconds"].items():
            ratio = size["faster_than_loop"].get(case)
            lines.append(f"  {case:38}{seconds:>10.3f}{'' if ratio is None else f'{ratio:>26.1f}'}")
        releases = size["releases"]
        lines.append(f"  {'bump --push, one service at a time':38}{releases['one by one']:>10.3f}")
        lines.append(
            f"  {'bump --push, all in one commit':38}{releases['one batch']:>10.3f}{releases['ratio']:>23.1f} x"
        )
    start = report["startup"]
    lines.append(f"start: `fairlead --help` takes {start['ratio']:.2f} x as long as `python -c pass`")
    return "\n".join(lines)


if __name__ == "__main__":
    if shutil.which("git") is None:
        raise SystemExit("scripts/bench: needs git")
    main()
