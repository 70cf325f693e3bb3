"""Secrets of a merged page whose name, key or origin could not be one (SPC008)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.inputs.fault import Fault
from generator.model.aws import is_arn, is_entry
from generator.model.secret import remote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model.page import Page
    from generator.model.service import Placement

# https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names
_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_NAME = re.compile(rf"{_LABEL}(\.{_LABEL})*", re.ASCII)
_KEY = re.compile(r"[-._a-zA-Z0-9]+", re.ASCII)
_LONGEST = 253

# No control characters, and no other white space at the ends than people see.
_ORIGIN = re.compile(r"\S(?:[^\x00-\x1f\x7f]*\S)?")
# Steps of a JMESPath that need no escape within quotes.
_PARTS = re.compile(r"[-\w]+(?:\.[-\w]+)*")

# A volume of the pod is called after the secret, and volumes have the names of DNS labels.
_MOUNTED = re.compile(_LABEL, re.ASCII)
_LONGEST_MOUNTED = 63 - len("secret-")


def unfit_secrets(page: Page, placement: Placement | None) -> Iterator[Fault]:
    """Yield a fault for each secret that Kubernetes or the store would refuse."""
    store = placement.secret_store if placement else None
    mounted = store is not None and store.kind == "SecretProviderClass"
    for name, keys in page.secrets.items():
        if mounted and not (_MOUNTED.fullmatch(name) and len(name) <= _LONGEST_MOUNTED):
            remedy = f"lower-case letters, digits and '-', at most {_LONGEST_MOUNTED} characters"
            yield Fault(("secrets", name), f"'{name}' cannot name the volume of a Secret", remedy)
        elif not (_NAME.fullmatch(name) and len(name) <= _LONGEST):
            remedy = f"lower-case letters, digits, '-' and '.', at most {_LONGEST} characters"
            yield Fault(("secrets", name), f"'{name}' is not a name for a Secret", remedy)
        for key, text in keys.items():
            path = ("secrets", name, key)
            if not _KEY.fullmatch(key) or len(key) > _LONGEST:
                yield Fault(path, f"'{key}' is not a key of a Secret", "letters, digits, '-', '_' and '.'")
            origin = remote(text)
            if not origin.key.strip() or origin.property == "" or not _ORIGIN.fullmatch(text):
                yield Fault(path, f"'{text}' names no value", "write `entry`, or `entry#property` for a part of it")
            elif is_arn(origin.key) and not is_entry(origin.key):
                remedy = "e.g. arn:aws:secretsmanager:eu-west-1:111122223333:secret:web/database"
                yield Fault(path, f"'{origin.key}' is no ARN of an entry", remedy)
            elif mounted and origin.property and not _PARTS.fullmatch(origin.property):
                remedy = "letters, digits, '-' and '_', with a '.' between the steps into an object"
                yield Fault(path, f"'{origin.property}' is no property that the CSI driver can find", remedy)
