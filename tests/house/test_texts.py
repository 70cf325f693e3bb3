"""No text names a command, an option, a rule, a page or a script that does not exist."""

from __future__ import annotations

import re

import click
import pytest

from generator.rules.catalogue import BY_ID

from .conftest import REPOSITORY
from .texts import FILLED, Text, commands, documents, helps, literals, options, page_words, rules

TEXTS = [*literals(), *documents(), *rules(), *helps()]
TREE = commands()
OPTIONS = set().union(*map(options, TREE.values()))

_RULE = re.compile(r"\b(?!SHA)[A-Z]{3}\d{3}\b")
_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
_PATH = re.compile(r"(?<![\w/.])(?:docs|scripts)/[\w/.-]*\w")
_LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)(?:#([^)\s]+))?\)")
_HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
_KEY = re.compile(r"`([A-Za-z][\w.]*):(?: [^`]*)?`")
# Keys of kustomizations, of Kubernetes and of Argo CD, the example of a container's name, and a ConfigMap's.
FOREIGN = {
    "images", "newTag", "allowEmpty", "syncOptions", "preserveResourcesOnDeletion", "applicationsSync", "spec",
    "syncPolicy", "includeSelectors", "goTemplateOptions", "goTemplate", "apiVersion", "app", "Name", "sha256", "slack",
    "creationTimestamp", "status",
}  # fmt: skip
# What docstrings say of arguments, entries of the Go checksum list, and of text to be typed.
ARGUMENTS = {"task", "contents", "entry", "h1"}
_SPAN = re.compile(r"`[^`\n]*`")
# A script of a reader's own repository.
EXAMPLES = {"scripts/smoke", "scripts/NAME"}
# Programs whose options a text may name as well.
_OTHERS = re.compile(
    r"\b(?:git|kubectl|kustomize|argocd|kubeconform|helm|pip|go|aws|skopeo|crane|npm|docker|pytest|apt-get|eksctl|gh|glab|"
    r"kube-apiserver|etcd|Dialect|patch application)\b"
)


def unknown(words: list[str]) -> str | None:
    """Return what of a command line does not exist; None where all of it does."""
    path, command = "fairlead", TREE["fairlead"]
    for word in (_bare(word) for word in words):
        if word.startswith("-") and word.strip("-"):
            if word.partition("=")[0] not in options(command):
                return f"{path} has no option {word}"
        elif isinstance(command, click.Group) and re.fullmatch(r"[a-z][\w-]*", word):
            path = f"{path} {word}"
            if path not in TREE:
                return f"no command {path}"
            command = TREE[path]
        elif isinstance(command, click.Group):
            return None  # a placeholder
    return None


def _bare(word: str) -> str:
    return word.strip("\"'[](),.:")


def _faults(find: re.Pattern[str], known: object, texts: list[Text] = TEXTS) -> list[str]:
    assert isinstance(known, (set, dict))
    return [f"{each.file}: {name}" for each in texts for name in find.findall(each.text) if name not in known]


def test_every_command_line_in_a_text_can_be_run() -> None:
    """The command, its subcommand and its options."""
    faults = [f"{each.file}: {fault}" for each in TEXTS for words in each.calls() if (fault := unknown(words))]
    assert sorted(set(faults)) == []


def test_every_option_in_a_sentence_of_the_program_exists() -> None:
    """Of whatever command; a sentence about another program may name that one's."""
    sentences = [
        each
        for each in literals()
        if " " in each.text and not each.text.startswith("--") and not _OTHERS.search(each.text)
    ]
    assert sorted(set(_faults(_OPTION, OPTIONS, sentences))) == []


def test_every_rule_in_a_text_is_in_the_catalogue() -> None:
    """Whoever reads of one asks `fairlead rules` for it."""
    assert sorted(set(_faults(_RULE, BY_ID))) == []


def test_every_key_in_a_text_of_the_program_is_one_of_a_page() -> None:
    """Or of what is named beside pages: whoever writes it there is not told that it is unknown."""
    known = page_words() | FOREIGN | ARGUMENTS | {FILLED}
    keys = {(each.file, key) for each in (*literals(), *rules()) for key in _KEY.findall(each.text)}
    faults = [f"{file}: {key}" for file, key in sorted(keys) if not known.issuperset(key.split("."))]
    assert faults == []


def test_every_page_and_script_in_a_text_is_in_the_repository() -> None:
    """Also where no link leads there."""
    named = {(each.file, path) for each in TEXTS for path in _PATH.findall(each.text) if path not in EXAMPLES}
    assert [f"{file}: {path}" for file, path in sorted(named) if not _is_there(path)] == []


def _is_there(path: str) -> bool:
    return (REPOSITORY / path).exists() or any(REPOSITORY.glob(f"{path}*"))


def test_every_link_of_a_page_leads_somewhere() -> None:
    """To a file, and to a heading in it."""
    faults = []
    for page in documents():
        for target, anchor in _LINK.findall(_SPAN.sub("", page.prose)):
            path = (REPOSITORY / page.file).parent / target
            if not path.exists() or (anchor and anchor not in _anchors(path.read_text(encoding="utf-8"))):
                faults.append(f"{page.file}: {target}{anchor and '#'}{anchor}")
    assert faults == []


def _anchors(text: str) -> set[str]:
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in _HEADING.findall(text)}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("run `fairlead init`, or restore it", "no command fairlead init"),
        (f"`fairlead tools add {FILLED}`", "no command fairlead tools add"),
        ("`fairlead retire web --environment dev`", "fairlead retire has no option --environment"),
        ("Example: fairlead bumb web\n", "no command fairlead bumb"),
        ("```sh\n$ fairlead generate && fairlead validat\n```\n", "no command fairlead validat"),
        ("add its definition: fairlead schemas ad CRD.yaml", "no command fairlead schemas ad"),
        ("`fairlead bump SERVICE --env ENV --tag TAG`", None),
        ("edited by hand since fairlead wrote it", None),
    ],
)
def test_a_command_that_is_not_there_is_noticed(text: str, fault: str | None) -> None:
    """In backticks, in a block, in an example, in a sentence."""
    found = [unknown(words) for words in Text("a", text).calls()]
    assert next(filter(None, found), None) == fault
