"""Configuration of a service: what a page says about each of its ConfigMaps."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from generator.model.base import Labelled, Model
from generator.model.host import GivenName

# Keys of a ConfigMap are such names too: https://kubernetes.io/docs/concepts/configuration/configmap/#configmap-object
_SIDE_FILE = Meta(
    pattern="^(?!.*(^|/)\\.\\.)(?!.*(^|/)\\.(/|$))[-._a-zA-Z0-9]+(/[-._a-zA-Z0-9]+)*$",
    max_length=253,
    description="a file in the folder beside the page, e.g. nginx.conf: letters, digits, '-', '_' and '.'",
)
SideFile = Annotated[str, _SIDE_FILE]

# The API server refuses a colon in it.
MountPath = Annotated[str, Meta(pattern="^[^:]+$", description="where the files are mounted, e.g. /etc/app; no colon")]

# The permissions of a file. YAML 1.2 reads 0644 as 644 and YAML 1.1 as 420, so the decimal number is what is meant.
Mode = Annotated[int, Meta(ge=0, le=0o777, description="write the permissions as a decimal number: 420 for rw-r--r--")]


class ConfigItem(Model):
    """Where a key's file appears below the mount, and its permissions."""

    path: str
    mode: Mode | None = None


class ConfigMap(Labelled):
    """Configuration that is no secret. With `mountPath` its keys are files there, else environment variables.

    `files` are in the folder beside the page (`services/<name>/`): a list of them, or a mapping from key to file. `env`
    says whether the keys are variables where that is not the opposite of having a `mountPath`.
    """

    name: GivenName | None = None
    data: dict[str, str] = {}
    files: list[SideFile] | dict[str, SideFile] = []
    env: bool | None = None
    mountPath: MountPath | None = None
    subPath: str | None = None
    readOnly: bool = True
    items: dict[str, ConfigItem | str] = {}
    defaultMode: Mode | None = None

    @property
    def sources(self) -> dict[str, str]:
        """The files by key: of one in a list the key is its name."""
        if isinstance(self.files, dict):
            return dict(self.files)
        return {path.rpartition("/")[2]: path for path in self.files}

    @property
    def is_env(self) -> bool:
        """Whether the keys are variables of the service's own container."""
        return self.mountPath is None if self.env is None else self.env
