"""Templates of ApplicationSets, rendered as Argo CD does: Go's, and the older `{{path}}` form.

Raised are ExpansionError where Argo CD fails too, and UnsupportedError for what is not worked out here.
"""

from __future__ import annotations

from typing import Any

from generator.controller.gotemplate.failure import ExpansionError, UnsupportedError
from generator.controller.gotemplate.functions import call_function
from generator.controller.gotemplate.gotext import MISSING, go_text
from generator.controller.gotemplate.grammar import Call, Field, Literal, Pipe, parse_template

_NO_VALUE = "<no value>"


def render(text: str, parameters: dict[str, Any], options: tuple[str, ...] = ()) -> str:
    """Return a text with its actions replaced; `options` are goTemplateOptions.

    Raises ExpansionError, UnsupportedError.
    """
    if "{{" not in text:
        return text
    strict = _strict(options)
    nodes = parse_template(text)
    return "".join(
        node if isinstance(node, str) else _printed(_value(node, parameters, strict=strict)) for node in nodes
    )


def render_plain(text: str, parameters: dict[str, Any]) -> str:
    """Return a text with `{{name}}` replaced where the parameter is a text; anything else stays as it is."""
    if not any("{{" in line and "}}" in line.partition("{{")[2] for line in text.split("\n")):
        return text
    done, rest = "", text
    while "{{" in rest:
        before, _, rest = rest.partition("{{")
        name, closed, rest = rest.partition("}}")
        if not closed:
            raise ExpansionError("invalid template: a `{{` without its end")
        value = parameters.get(name.strip()) if name.strip() else None
        done += before + (value if isinstance(value, str) else f"{{{{{name}}}}}")
    return done + rest


def render_deep(value: Any, parameters: dict[str, Any], options: tuple[str, ...] | None) -> Any:
    """Return a value with every text in it rendered, keys too; `options` None stands for the older form."""
    if isinstance(value, str):
        return render_plain(value, parameters) if options is None else render(value, parameters, options)
    if isinstance(value, dict):
        return {
            render_deep(key, parameters, options): render_deep(inner, parameters, options)
            for key, inner in value.items()
            if inner is not None  # as Argo CD's renderer leaves it out
        }
    return [render_deep(inner, parameters, options) for inner in value] if isinstance(value, list) else value


def _strict(options: tuple[str, ...]) -> bool:
    """Return whether a missing key is an error; the last option decides."""
    strict = False
    for option in options:
        if option not in {"missingkey=error", "missingkey=default", "missingkey=invalid"}:
            raise UnsupportedError(f"goTemplateOptions: {option}")
        strict = option == "missingkey=error"
    return strict


def _value(node: Any, parameters: dict[str, Any], *, strict: bool, piped: tuple[Any, ...] = ()) -> Any:
    if isinstance(node, Pipe):
        for number, part in enumerate(node.parts):
            piped = (_value(part, parameters, strict=strict, piped=piped if number else ()),)
        return piped[0]
    if isinstance(node, Call):
        arguments = [_value(argument, parameters, strict=strict) for argument in node.arguments]
        return call_function(node.function, (*arguments, *piped))
    if piped:
        raise ExpansionError("can't give argument to non-function")
    return node.value if isinstance(node, Literal) else _field(node, parameters, strict=strict)


def _field(field: Field, parameters: dict[str, Any], *, strict: bool) -> Any:
    value: Any = parameters
    for name in field.names:
        if value is MISSING:
            return MISSING
        if value is None:
            raise ExpansionError(f"nil pointer evaluating interface {{}}.{name}")
        if not isinstance(value, dict):
            raise ExpansionError(f"can't evaluate field {name} in {go_text(value)}")
        if name not in value and strict:
            raise ExpansionError(f'map has no entry for key "{name}"')
        value = value.get(name, MISSING)
    return value


def _printed(value: Any) -> str:
    return _NO_VALUE if value is None or value is MISSING else go_text(value)
