"""How an ApplicationSet fills its template: a hole that stays open must be an error, never text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.findings.finding import Severity
from generator.findings.nearest import did_you_mean
from generator.kubernetes.values import items, mapping, text
from generator.rules.argo_examples import application_set
from generator.rules.rule import Rule, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model.base import Manifest
    from generator.rules.view import View

# https://pkg.go.dev/text/template#Template.Option
_STRICT = "missingkey=error"
_KNOWN = ("missingkey=default", _STRICT, "missingkey=invalid", "missingkey=zero")
_SAFE = f"`goTemplateOptions: [{_STRICT}]`"


def _options(manifest: Manifest, _view: View) -> Iterator[Violation]:
    spec = mapping(manifest.get("spec"))
    if spec.get("goTemplate") is not True:
        yield Violation(
            path=("spec", "goTemplate"),
            message="without `goTemplate: true` a hole that no generator fills stays in the Application as text, "
            "`{{name}}`",
            remedy=f"`goTemplate: true` and {_SAFE}, and a dot before each name: `{{{{ .path.basename }}}}`",
            severity=Severity.WARNING,
        )
        return
    listed = [text(option) for option in items(spec.get("goTemplateOptions"))]
    unknown = [(number, option) for number, option in enumerate(listed) if option not in _KNOWN]
    yield from (_unknown(number, option) for number, option in unknown)
    if not unknown and (not listed or listed[-1] != _STRICT):  # of several the last one counts
        yield _lenient(listed)


def _unknown(number: int, option: str) -> Violation:
    guess = did_you_mean(option, _KNOWN)
    return Violation(
        path=("spec", "goTemplateOptions", number),
        message=f"`{option}` is no option of Go templates: the ApplicationSet controller panics on it, and no set of "
        "this Argo CD is looked after any more",
        remedy=f"{guess} set exactly {_SAFE}".lstrip(),
    )


def _lenient(listed: list[str]) -> Violation:
    said = f"`goTemplateOptions` ends with `{listed[-1]}`" if listed else "`goTemplateOptions` is not set"
    return Violation(
        path=("spec", "goTemplateOptions" if listed else "goTemplate"),
        message=f"{said}: a missing key renders as `<no value>`, in a path or a name for instance",
    )


ARG008 = Rule(
    id="ARG008",
    title="ApplicationSet that fills holes with nothing",
    why="""A Go template renders a key that is not there as `<no value>`, and the Application gets a path or a namespace
of that name. `missingkey=error` makes it an error that stops at the set. An option that Go does not know
panics the controller, and with it every other set. Without `goTemplate` an unknown hole stays as it is,
`{{name}}`.""",
    remedy=f"set exactly {_SAFE}",
    severity=Severity.ERROR,
    stage="object",
    check=_options,
    kinds=frozenset({"ApplicationSet"}),
    bad=application_set(head="goTemplate: true\ngoTemplateOptions: [missingkey=eror]\n"),
    good=application_set(),
)
