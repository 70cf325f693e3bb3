"""What a page may not hold.

The YAML reader notices most of it; `inputs/` decides about reserved content (reserved.py) and names (name.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.findings.finding import Severity
from generator.rules.allowances import idle_allowances
from generator.rules.rule import Rule

if TYPE_CHECKING:
    from generator.rules.rule import Across

_GOOD = "system: shop\nimage: web\nport: 8080\n"


def _page_rule(number: int, title: str, why: str, remedy: str, bad: str) -> Rule:
    return Rule(
        id=f"SPC{number:03}",
        title=title,
        why=why,
        remedy=remedy,
        severity=Severity.ERROR,
        stage="page",
        bad=bad,
        good=_GOOD,
    )


def _softened(severity: Severity, rule: Rule, across: Across | None = None) -> Rule:
    return msgspec.structs.replace(rule, severity=severity, across=across)


SPC001 = _page_rule(
    1,
    "Page that is not one YAML document",
    "Broken syntax, tabs in the indentation, a second document or more than 1 MiB: tools would each read "
    "something else, "
    "or nothing. Nothing is rendered from such a page, nor from one that git left with both sides of a merge, or as a "
    "pointer of Git LFS.",
    "mend the syntax; one file holds one page",
    "system: shop\n\timage: web\n",
)
SPC002 = _page_rule(
    2,
    "Page that unfolds without end",
    "A few hundred bytes of aliases unfold to millions of values and stop the tool that reads them "
    "([CVE-2019-11253](https://nvd.nist.gov/vuln/detail/CVE-2019-11253)). The limits are 64 levels and "
    "50,000 values; "
    "an alias into itself is refused too.",
    "write the values out",
    "system: shop\nimage: web\nport: 8080\nenv: &self\n  AGAIN: *self\n",
)
SPC003 = _page_rule(
    3,
    "YAML tag or merge key",
    "A tag such as `!!python/object` makes some readers build more than plain values "
    "([CVE-2019-20478](https://nvd.nist.gov/vuln/detail/CVE-2019-20478)); `<<` merges in YAML 1.1 and is an "
    "ordinary key "
    "in 1.2, so two tools read two pages.",
    "write plain values; share them through `defaults:` of a layer above",
    "system: shop\nimage: !!python/name:os.system web\nport: 8080\n",
)
SPC004 = _page_rule(
    4,
    "Key that is there twice",
    "YAML readers keep the last one, the first one, or refuse: what a reviewer read is not what runs.",
    "keep one of the two",
    "system: shop\nimage: web\nport: 8080\nport: 9090\n",
)
SPC005 = _page_rule(
    5,
    "Encoding, control, bidirectional or invisible characters",
    "Text that is not UTF-8, or holds control, bidirectional or invisible characters, can read differently from what "
    "it says "
    "([CVE-2021-42574](https://nvd.nist.gov/vuln/detail/CVE-2021-42574)): a review then approves something "
    "else.",
    "save the file as UTF-8 and remove the character",
    "system: shop\nimage: web\u202e\nport: 8080\n",
)
SPC006 = _page_rule(
    6,
    "Reserved content",
    "Keys under `argocd.argoproj.io/`, `config.kubernetes.io/` and `kustomize.`, patch directives such as "
    "`$patch`, and "
    "`{{` in any key or text would steer Argo CD, kustomize or its templates: a page could turn off pruning "
    "guards or "
    "delete what another page owns. Fairlead writes the sync annotations itself.",
    "remove it; a hand-written resource under `resources/` can carry it, in the open",
    'system: shop\nimage: web\nport: 8080\nannotations:\n  argocd.argoproj.io/sync-options: "Replace=true"\n',
)
SPC007 = _page_rule(
    7,
    "Name that is not a plain word",
    "Names of services, systems, environments and files are `[a-z]([-a-z0-9]{0,40}[a-z0-9])?`. That one rule "
    "keeps `..`, "
    "`.git`, `-x`, absolute paths and two names that differ only in case out of paths, branches and command "
    "lines.",
    "lower-case letters, digits and `-`, a letter first, at most 42 characters",
    "system: ../shop\nimage: web\nport: 8080\n",
)
SPC008 = _page_rule(
    8,
    "Page that does not fit the schema",
    "An unknown key or a value of the wrong type would be ignored somewhere on the way to the cluster: probe "
    "timings "
    "indented one level too deep, for example, are no timings.",
    "use the nearest valid key; the schema is `schemas/service.schema.json`",
    "system: shop\nimagee: web\nport: 8080\n",
)
SPC009 = _page_rule(
    9,
    "Name that no page provides",
    "A page refers to a system, an environment, a cluster, a namespace or a file that does not exist: what was meant "
    "would be missing without a word.",
    "use the nearest existing name, or add the page or the file",
    "system: shopp\nimage: web\nport: 8080\n",
)
SPC010 = _softened(
    Severity.WARNING,
    _page_rule(
        10,
        "Word without effect",
        "A word beside another one that overrules it shows in no object: bounds of a rolling update beside "
        "`type: Recreate`, words of a load balancer on a Service that has none, `replicas` beside `autoscaling`. "
        "Whoever reads the page takes it for what runs. A word that another layer overrules on purpose is no finding: "
        "`fairlead explain SERVICE ENV` shows each with what is rendered in its place, and why.",
        "drop the word, or the one that overrules it",
        "system: shop\nimage: web\nport: 8080\nstrategy: {type: Recreate, maxSurge: 1}\n",
    ),
)
SPC011 = _softened(
    Severity.WARNING,
    _page_rule(
        11,
        "Port of a Service that nobody wrote",
        "A Service has port 80, called `http`, unless the page says otherwise, and so has one that lists its `ports`. "
        "A later version leaves it out there.",
        "`port: null` to have `ports` alone, `port: 80` to keep it",
        "system: shop\nimage: web\nport: 8080\nservice: {ports: {grpc: {port: 9000}}}\n",
    ),
)
SPC012 = _softened(
    Severity.INFO,
    _page_rule(
        12,
        "Deployment beside jobs that may be meant to stand alone",
        "A page with an image has a Deployment. Where it has jobs too, and neither a port nor a probe, the image may "
        "be for the jobs alone: the Deployment then starts a container that ends at once, again and again.",
        "`deployment: false` where there is none, `deployment: true` where it is a worker",
        'system: shop\nimage: web\ncronJobs: {nightly: {schedule: "0 3 * * *"}}\n',
    ),
)
SPC013 = _softened(
    Severity.INFO,
    _page_rule(
        13,
        "Suppression that suppresses nothing",
        "An entry under `suppress` whose rule finds nothing in any environment of the page is left over from a fault "
        "that is gone, and would hide the next one. Nothing is said while the page is not released to all of its "
        "environments, or one of them does not build.",
        "take the entry out",
        "system: shop\nimage: web\nport: 8080\nlivenessProbe: /live\nreadinessProbe: /ready\n"
        "suppress:\n- {rule: WRK008, reason: the application has one health command only}\n",
    ),
    across=idle_allowances,
)
SPC014 = _softened(
    Severity.INFO,
    _page_rule(
        14,
        "Page without a release",
        "A page whose image is ours has no overlay in an environment before its first release there, so Argo CD syncs "
        "nothing of it. The page is checked all the same, as its first release would be.",
        "`fairlead bump SERVICE --env ENV --tag TAG`",
        "system: shop\nimage: web\nport: 8080\n",
    ),
)
