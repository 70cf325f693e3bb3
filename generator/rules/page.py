"""The catalogue of rules as a Markdown page (`docs/rules.md`), made from the rules themselves."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.findings.text import CONTROLS, INVISIBLE
from generator.rules.catalogue import RULES

if TYPE_CHECKING:
    from generator.rules.rule import Rule

_HEAD = """\
# Rules

Made from `generator/rules/` by `scripts/rules-docs`; edit the rules, not this page.

An error blocks, a warning does not. To accept a fault, name the rule and the reason on the service's page:

```yaml
suppress:
- {rule: WRK008, reason: the application has one health command only}
```
"""

_WHO = {
    "page": "the reader of pages",
    "kustomization": "the gate before kustomize",
    "object": "the rules over built objects",
    "proof": "the proof: release records, the real build, the schemas",
    "repository": "the look at all overlays of an environment together",
}
# Characters that a reader of the page could not see, or that would reorder its text.
_INVISIBLE = re.compile(f"[{CONTROLS}\r{INVISIBLE}]")


def rules_page() -> str:
    """Return the text of `docs/rules.md`."""
    table = "\n".join(f"| [{rule.id}](#{rule.id.lower()}) | {rule.severity} | {rule.title} |" for rule in RULES)
    sections = "\n".join(_section(rule) for rule in RULES)
    return f"{_HEAD}\n| Rule | Severity | Fault |\n|---|---|---|\n{table}\n\n{sections}"


def _section(rule: Rule) -> str:
    where = " In production environments only." if rule.production_only else ""
    return f"""\
## {rule.id}

**{rule.title}** ({rule.severity}; noticed by {_WHO[rule.stage]}).{where}

{" ".join(rule.why.split())}

Do: {rule.remedy}.

```yaml
# bad
{visible(rule.bad)}```

```yaml
# good
{visible(rule.good)}```
"""


def visible(text: str) -> str:
    """Return text with its invisible characters spelt out."""
    return _INVISIBLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
