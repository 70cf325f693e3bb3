from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.findings.errors import ToolError
from generator.kubernetes import packs
from generator.tools.kubeconform import Cause, Result, Status, check, pack_location, patience

if TYPE_CHECKING:
    from pathlib import Path

SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: orders}
spec: {ports: [{port: 80}]}
"""


@pytest.fixture
def verdict(kubeconform: Path, tmp_path: Path) -> Verdict:
    """Check one file with the given text against Kubernetes 1.35."""
    return Verdict(kubeconform, tmp_path)


class Verdict:
    """`verdict(text)` is the result for one file with that text."""

    def __init__(self, binary: Path, folder: Path) -> None:
        self.binary = binary
        self.file = folder / "objects.yaml"

    def __call__(self, text: str) -> Result:
        """Write the file and check it."""
        self.file.write_text(text)
        return check(self.binary, [self.file], [pack_location(packs.kubernetes_pack("1.35"))], "1.35")


def test_valid_objects_are_counted(verdict: Verdict) -> None:
    """Two good objects: two valid, nothing to report."""
    result = verdict(f"{SERVICE}---\n{SERVICE}")
    assert (result.valid, result.total, result.problems) == (2, 2, ())


def test_a_wrong_value_is_found_where_it_is(verdict: Verdict) -> None:
    """The place is only in kubeconform's text; we give it as data."""
    (problem,) = verdict(SERVICE.replace("80", "'80'")).problems
    assert problem.status is Status.INVALID
    assert problem.causes == (Cause("/spec/ports/0/port", "got string, want integer"),)


def test_every_fault_of_an_object_is_found(verdict: Verdict) -> None:
    """One fault does not hide the next."""
    (problem,) = verdict(SERVICE.replace("[{port: 80}]", "[{port: '80'}], selector: 1")).problems
    assert {cause.path for cause in problem.causes} == {"/spec/ports/0/port", "/spec/selector"}


def test_a_problem_names_its_object(verdict: Verdict) -> None:
    """File, apiVersion, kind and name, as far as they are known."""
    (problem,) = verdict(SERVICE.replace("80", "'80'")).problems
    assert (problem.file, problem.version, problem.kind, problem.name) == (
        str(verdict.file),
        "v1",
        "Service",
        "orders",
    )


def test_an_unknown_field_is_invalid(verdict: Verdict) -> None:
    """A misspelt field would be dropped by the cluster without a word."""
    (problem,) = verdict(SERVICE.replace("ports:", "port: 80, ports:")).problems
    assert problem.causes == (Cause("/spec", "additional properties 'port' not allowed"),)


def test_a_key_given_twice_is_an_error(verdict: Verdict) -> None:
    """YAML keeps one of the two, and nobody knows which."""
    (problem,) = verdict(SERVICE.replace("spec:", "kind: Service\nspec:")).problems
    assert problem.status is Status.ERROR
    assert "already set" in problem.message


def test_a_kind_without_schema_is_reported(verdict: Verdict) -> None:
    """Not looked at is not valid, and not an ordinary error either."""
    result = verdict("apiVersion: example.com/v1\nkind: Unicorn\nmetadata: {name: a}\n")
    assert (result.errors, result.skipped, result.problems[0].status) == (1, 0, Status.NO_SCHEMA)


@pytest.mark.parametrize(
    ("version", "kind"),
    [
        ("extensions/v1beta1", "Ingress"),
        ("networking.k8s.io/v1beta1", "Ingress"),
        ("autoscaling/v1", "HorizontalPodAutoscaler"),
        ("v1", "Deployment"),
        ("networking.example.com/v1", "Ingress"),
    ],
)
def test_another_api_version_is_never_valid(verdict: Verdict, version: str, kind: str) -> None:
    """Removed, older and foreign versions of a kind we know have no schema or the wrong one."""
    result = verdict(f"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: a}}\n")
    assert (result.valid, len(result.problems)) == (0, 1)


def test_an_object_without_kind_is_an_error(verdict: Verdict) -> None:
    """What cannot be recognised has not been checked."""
    assert [problem.status for problem in verdict("apiVersion: v1\n").problems] == [Status.ERROR]


def test_a_file_without_objects_is_visible(verdict: Verdict) -> None:
    """An empty file is no fault to kubeconform; that nothing was checked shows in the total."""
    assert verdict("---\n# nothing\n").total == 0


def test_no_files_are_visible_too(kubeconform: Path) -> None:
    """Without files kubeconform would wait for its input; we say that nothing was checked."""
    assert check(kubeconform, [], ["any"], "1.35").total == 0


def test_a_missing_file_is_an_error(kubeconform: Path, tmp_path: Path) -> None:
    """A file that vanished was not checked."""
    result = check(kubeconform, [tmp_path / "gone.yaml"], ["any.json"], "1.35")
    assert [problem.status for problem in result.problems] == [Status.ERROR]


def test_a_file_it_would_pass_over_is_refused(kubeconform: Path, tmp_path: Path) -> None:
    """Other endings kubeconform ignores without a word, so we do not hand them to it."""
    with pytest.raises(ToolError, match=r"would pass over .*objects\.txt"):
        check(kubeconform, [tmp_path / "objects.txt"], ["any"], "1.35")


def test_the_network_is_never_asked(kubeconform: Path, tmp_path: Path) -> None:
    """Without a schema location kubeconform would fetch schemas; that is refused."""
    with pytest.raises(ToolError, match="no schema location"):
        check(kubeconform, [tmp_path / "a.yaml"], [], "1.35")


def test_thousands_of_files_are_one_process(kubeconform: Path, tmp_path: Path) -> None:
    """More files than an argument list holds are checked all the same and keep their names."""
    files = [tmp_path / f"{number}.yaml" for number in range(1000)]
    for file in files:
        file.write_text(SERVICE)
    files[7].write_text(SERVICE.replace("80", "'80'"))
    result = check(kubeconform, files, [pack_location(packs.kubernetes_pack("1.35"))], "1.35")
    assert (result.valid, result.invalid, result.problems[0].file) == (999, 1, str(files[7]))


def test_the_order_of_problems_is_fixed(kubeconform: Path, tmp_path: Path) -> None:
    """The answers come in the order in which workers finish; the report must not change from run to run."""
    files = [tmp_path / f"{number:02}.yaml" for number in range(40)]
    for file in files:
        file.write_text(SERVICE.replace("80", "'80'"))
    result = check(kubeconform, files, [pack_location(packs.kubernetes_pack("1.35"))], "1.35")
    assert [problem.file for problem in result.problems] == [str(file) for file in files]


def test_nonsense_for_an_answer_is_an_error(tmp_path: Path) -> None:
    """A program that is not kubeconform, or a crash, never looks like success."""
    fake = tmp_path / "kubeconform"
    fake.write_text("#!/bin/sh\necho 'panic: no' >&2; exit 2\n")
    fake.chmod(0o755)
    with pytest.raises(ToolError, match=r"no readable answer \(exit 2\): panic: no"):
        check(fake, [tmp_path / "a.yaml"], ["any.json"], "1.35")


def test_more_to_check_may_take_longer(tmp_path: Path) -> None:
    """Two minutes, and 20 ms for each KiB: no repository is too large to be checked."""
    (tmp_path / "small.yaml").write_text("")
    (tmp_path / "large.yaml").write_bytes(b"#" * 10_000 * 1024)
    assert patience([tmp_path / "small.yaml"]) == 120
    assert patience([tmp_path / "small.yaml", tmp_path / "large.yaml"]) == 320
