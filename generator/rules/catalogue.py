"""All rules, in the order of their ids. A new rule is imported here, and nothing else knows that it is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.rules.amounts import WRK004
from generator.rules.apiserver import API001, DIF004
from generator.rules.applications import ARG001
from generator.rules.autoscaling import WRK012, WRK013
from generator.rules.availability import WRK010, WRK011
from generator.rules.dangling import WRK022
from generator.rules.databases import WRK024
from generator.rules.difference import DIF001, REL006
from generator.rules.duplicates import WRK017
from generator.rules.guards import ARG003, ARG004
from generator.rules.hashes import KUS003
from generator.rules.images import WRK001
from generator.rules.jobs import WRK019, WRK020
from generator.rules.kustomization import KUS001, KUS002, KUS004, KUS005
from generator.rules.leftovers import WRK025
from generator.rules.limits import ARG012
from generator.rules.literals import WRK021
from generator.rules.moves import DIF005, DIF006
from generator.rules.names import WRK015
from generator.rules.overlaps import WRK026
from generator.rules.patience import ARG011
from generator.rules.presync import ARG014
from generator.rules.probes import WRK007, WRK008
from generator.rules.projects import ARG007
from generator.rules.proof import (
    ARG002,
    ARG010,
    ARG013,
    OWN001,
    PRF001,
    PRF003,
    REL001,
    REL002,
    REL003,
    REL004,
    REL005,
    SCH001,
    SCH002,
    SCH003,
)
from generator.rules.references import WRK023
from generator.rules.registry import WRK002
from generator.rules.renamed import WRK029
from generator.rules.replacing import ARG005
from generator.rules.resources import WRK005
from generator.rules.revisions import ARG009
from generator.rules.selectors import WRK014
from generator.rules.sharing import WRK028
from generator.rules.sizes import WRK027
from generator.rules.sources import ARG006
from generator.rules.spec import (
    SPC001,
    SPC002,
    SPC003,
    SPC004,
    SPC005,
    SPC006,
    SPC007,
    SPC008,
    SPC009,
    SPC010,
    SPC011,
    SPC012,
    SPC013,
    SPC014,
)
from generator.rules.spread import WRK016
from generator.rules.strings import WRK003
from generator.rules.templates import ARG008
from generator.rules.versions import WRK018

if TYPE_CHECKING:
    from generator.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    API001,
    ARG001,
    ARG002,
    ARG003,
    ARG004,
    ARG005,
    ARG006,
    ARG007,
    ARG008,
    ARG009,
    ARG010,
    ARG011,
    ARG012,
    ARG013,
    ARG014,
    DIF001,
    DIF004,
    DIF005,
    DIF006,
    KUS001,
    KUS002,
    KUS003,
    KUS004,
    KUS005,
    OWN001,
    PRF001,
    PRF003,
    REL001,
    REL002,
    REL003,
    REL004,
    REL005,
    REL006,
    SCH001,
    SCH002,
    SCH003,
    SPC001,
    SPC002,
    SPC003,
    SPC004,
    SPC005,
    SPC006,
    SPC007,
    SPC008,
    SPC009,
    SPC010,
    SPC011,
    SPC012,
    SPC013,
    SPC014,
    WRK001,
    WRK002,
    WRK003,
    WRK004,
    WRK005,
    WRK007,
    WRK008,
    WRK010,
    WRK011,
    WRK012,
    WRK013,
    WRK014,
    WRK015,
    WRK016,
    WRK017,
    WRK018,
    WRK019,
    WRK020,
    WRK021,
    WRK022,
    WRK023,
    WRK024,
    WRK025,
    WRK026,
    WRK027,
    WRK028,
    WRK029,
)

BY_ID: dict[str, Rule] = {rule.id: rule for rule in RULES}
