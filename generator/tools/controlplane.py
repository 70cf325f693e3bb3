"""etcd and kube-apiserver: which version for which Kubernetes, and how to come by it. Only data, like pins.py.

The archives are those of kubernetes-sigs/controller-tools (envtest), which come in few patch levels; any will do, for
what an API server accepts is decided by its minor version. Checksums: envtest-releases.yaml of that repository, as at
least two independent copies of it have them. Archives of some x.y.0 were replaced after the fact: where the bytes are
not these, nothing is installed, and a program on the PATH is the way out.
"""

from __future__ import annotations

from generator.findings.errors import ToolError
from generator.tools.gomodule import Recipe
from generator.tools.pins import Tool, numbers

_ARCHIVE = (
    "https://github.com/kubernetes-sigs/controller-tools/releases/download/"
    "envtest-v{version}/envtest-v{version}-{os}-{arch}.tar.gz"
)
_FOLDER = "controller-tools/envtest"
_REMEDY = "fairlead tools install etcd kube-apiserver"
_RELEASES = {
    "1.33.0": {
        "linux/amd64": (
            "2cb7f5468ed7cea1492f971b715bcc27069e824cf7d5927b7f127f1e8c75cf08"
            "6eea050543cdb5f79faee0a2bf775f160adf27443aa7ee845d962d04e9d43ac9"
        ),
        "linux/arm64": (
            "366ba32b2154c16e0ce952ed69731feefed187c88030f76a14bda5921a498d0a"
            "a25528629fc41c225cf78c91fd4a424a472e38efec91e8fcbd254fac0e150a54"
        ),
        "darwin/amd64": (
            "71a387a4cac32b17e22046df594090b6503fc074be8caae78bc80ef83949e292"
            "a1290eefe725acd41ce4bec730f7442006f2a9eb19d8e2d4d9df2feb67da04ba"
        ),
        "darwin/arm64": (
            "623dc02432905e58738c5611b8b0808437762755003dbaee266ded27dfe9a37d"
            "5a75ed6578ac4fbb261c7cd19c0199a7428de77b40b2f881912a4468c4d98d61"
        ),
    },
    "1.34.1": {
        "linux/amd64": (
            "c5e7c237ae18a8c65d0df1214b864ecd19aa9ff4f1383dbd477c202546d778c0"
            "f74efe15750ec38f57d8de26ba17cd62f404446cdd3c975399a5d4589de35cdd"
        ),
        "linux/arm64": (
            "bf13d2456183e66d084e28e1c9eed6a408fb77a06d8d1fd0461a7d9bc0c90b63"
            "d29ea67870b28f80d1f992acb026007d6f43987753c859c81d6a78bc1ca2c903"
        ),
        "darwin/amd64": (
            "d9e0464dc1708c36ab41147b5e364c8b8e201eafc14c299dcbe58ebeaa82c651"
            "b8e834647167a951ded8c6d08c616aadbae1673a54743f9c8fa15a278c78c0c0"
        ),
        "darwin/arm64": (
            "43d7c10b74100d20044df7c73be03e26f8243a9cb7c1d3035e581ee7bb0c7ffc"
            "af759b9e182186b5bb2f47d1608835414ca443181a02d9ecb6c9cf04b43e3809"
        ),
    },
    "1.35.0": {
        "linux/amd64": (
            "130369c16f076e724d089189afaede960316f5f5dea6cf57be7a4fc6f09c7734"
            "2893192509790e4056e116e232dff832ed863f5bd55dcb55d38f3ab834828a11"
        ),
        "linux/arm64": (
            "e53e2b88398f5b9503e3f074d82a2dcb090c708b34940848607ce658138a5d4a"
            "25962e042ab683ccc026a8a6c90c0be7f658e42dde0887369d73c3b68e2fc86c"
        ),
        "darwin/amd64": (
            "fccc583ba6d322c88a8c56f7876090a7ad63460046a4bcae414093b23ce68a75"
            "f172ca7484b7c7475b707657eca5108a8ad3fd85e1b4f70a6c99ca2f22dbd6b2"
        ),
        "darwin/arm64": (
            "bb5d0bb3975956331b0aa0c039955b4c4dc6c5c288e5af369364c7d2fbeac11a"
            "025227dabb127569080b259dd29b697cc77fa77abd27ae26721ddb23e8ee0613"
        ),
    },
    "1.36.2": {
        "linux/amd64": (
            "ea743186c8a799f5cf8faf16969f86189d003cb7d130e0ac4b58789f1e5748dc"
            "f30ebe91c837a10d5ac415383da3e10b9e64d65785c938c23e739781cfb76f08"
        ),
        "linux/arm64": (
            "2d72ee985a8e262a3c57dc9f7f0fd891f6a8c7bf7ebaa2db6dc6d8eac8ae2818"
            "1afe51c1f368b67756cdb40b10de9b205609e1726e5f27f7c6d824dd9c6649ac"
        ),
        "darwin/arm64": (
            "9278f9e5af556b2f1f2d139769c1f0d717c7b4426917fdebdba898bcb725a916"
            "e4910d6160886194ff9be9589ea7c5c32c2b8ae0754703874b7c8ba8ddfc41ce"
        ),
    },
}

# The newest patch of each minor version that is published as a Go module, and its sum.
_KUBERNETES_SUMS = {
    "1.33.13": "h1:bmH31xUdSzeA5vk0wZAK9MZp11mdLuzUSeKk0qN3hPQ=",
    "1.34.4": "h1:Yy6R4QB8C9kJPp25GFqEvX5XQwY5qzKeqD0Xx6oAcmk=",
    "1.35.4": "h1:o/8dBC/pHVpYoGV4OAIytAlNPZbdYVTXJHoYvXC4qzM=",
    "1.36.3": "h1:qDQdoMiluAE2Eab6Fa52YV+WjiGz9mZFFoagEA6cI+o=",
}
_ARCHIVED = {"1.33.13": "1.33.0", "1.34.4": "1.34.1", "1.35.4": "1.35.0", "1.36.3": "1.36.2"}

# Without these a server calls itself v0.0.0-master+$Format:%H$, which clients cannot read.
_VERSION_VARIABLES = ("k8s.io/component-base/version", "k8s.io/client-go/pkg/version")


def kubernetes(version: str, *programs: str) -> Recipe:
    """Return the recipe for programs (`kube-apiserver`, `kubectl`, ...) of a Kubernetes release such as `1.35.4`."""
    major, minor, _ = version.split(".")
    values = {"gitVersion": f"v{version}", "gitMajor": major, "gitMinor": minor, "gitTreeState": "clean"}
    settings = [f"-X {package}.{name}={value}" for package in _VERSION_VARIABLES for name, value in values.items()]
    return Recipe(
        module="k8s.io/kubernetes",
        version=version,
        sum=_KUBERNETES_SUMS.get(version, ""),
        packages={program: f"k8s.io/kubernetes/cmd/{program}" for program in programs},
        published={"k8s.io/": f"v0.{version.partition('.')[2]}"},
        ldflags=" ".join(["-s -w", *settings]),
    )


KUBE_APISERVER = Tool(
    name="kube-apiserver",
    purpose="answers `validate --api-server`",
    needed=False,
    remedy=_REMEDY,
    version_argument="--version",
    archive=_ARCHIVE,
    member=f"{_FOLDER}/kube-apiserver",
    package="k8s.io/kubernetes/cmd/kube-apiserver",
    module="k8s.io/kubernetes",
    releases={version: _RELEASES[archived] for version, archived in _ARCHIVED.items()},
    archived=_ARCHIVED,
    sums=_KUBERNETES_SUMS,
    recipes={version: kubernetes(version, "kube-apiserver") for version in _KUBERNETES_SUMS},
    any_patch=True,
)

# The etcd that Kubernetes 1.36 is made with; 1.33 is made with 3.5.21, and each works with newer ones.
ETCD_VERSION = "3.6.8"
_ETCD_SUM = "h1:U2strdSEy1U8qcSzRIdkYpvOPtBy/9i/IfaaCI9flZ4="
ETCD = Tool(
    name="etcd",
    purpose="keeps the objects of `validate --api-server`",
    needed=False,
    remedy=_REMEDY,
    version_argument="--version",
    archive=_ARCHIVE,
    member=f"{_FOLDER}/etcd",
    package="go.etcd.io/etcd/server/v3",
    module="go.etcd.io/etcd/server/v3",
    releases={ETCD_VERSION: _RELEASES["1.36.2"]},
    archived={ETCD_VERSION: "1.36.2"},
    sums={ETCD_VERSION: _ETCD_SUM},
    recipes={
        ETCD_VERSION: Recipe(
            module="go.etcd.io/etcd/server/v3",
            version=ETCD_VERSION,
            sum=_ETCD_SUM,
            packages={"etcd": "go.etcd.io/etcd/server/v3"},
        )
    },
    oldest="3.5.21",
)


def kubernetes_release(minor: str) -> str:
    """Return the pinned release of a Kubernetes minor version (`1.35`).

    Raises ToolError naming the known ones when this one is not among them.
    """
    known = {".".join(version.split(".")[:2]): version for version in sorted(_KUBERNETES_SUMS, key=numbers)}
    if minor not in known:
        raise ToolError(f"Kubernetes {minor}: no API server of it is known; known are {', '.join(known)}")
    return known[minor]
