"""What environments had: steps from real commits."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.history.release_history import (
    Arrival,
    HoldStep,
    ReleaseStep,
    Run,
    Span,
    agrees,
    events,
    position,
    since,
    span,
    steps,
    texts,
)
from generator.layout.release import Record, Release
from tests.examples import examples
from tests.repo.story import Counting, Story, cloned, left_behind, run_git

if TYPE_CHECKING:
    from collections.abc import Iterator

DIGEST = f"sha256:{'0123456789abcdef' * 4}"
HOLD = """\
by: Dev <dev@example.com>
reason: 1.4.3 loses orders
since: "2026-11-01T12:00:00Z"
record: {web: "1.4.2"}
"""


def path(environment: str = "dev", service: str = "web") -> str:
    """Return the path of an overlay's kustomization."""
    return f"overlays/{environment}/{service}/kustomization.yaml"


def record(**tags: str) -> str:
    """Return a kustomization with a release for each image."""
    entries = "".join(f'- name: {image}\n  newTag: "{tag}"\n' for image, tag in tags.items())
    return f"kind: Kustomization\nimages:\n{entries}" if tags else "kind: Kustomization\n"


def web(tag: str) -> Record:
    """Return the record of one image."""
    return {"web": Release(newTag=tag)}


@pytest.fixture
def story(tmp_path: Path) -> Story:
    """Return an empty repository."""
    return Story(tmp_path / "story")


def told(found: Iterator[ReleaseStep]) -> list[tuple[str, str, dict[str, str], dict[str, str]]]:
    """Return environment, service and the releases before and after of each step."""
    return [(step.environment, step.service, texts(step.before), texts(step.after)) for step in found]


def moves(found: Iterator[ReleaseStep]) -> list[tuple[str | None, str | None]]:
    """Return the tag of the image `web` before and after each step."""
    return [(texts(step.before).get("web"), texts(step.after).get("web")) for step in found]


def test_each_change_of_a_record_is_a_step(story: Story) -> None:
    """Newest first, with the commit that made it."""
    story.commit({path(): record(web="1.0")})
    id_ = story.commit(
        {path(): record(web="1.1")}, "Bump web\n\nSource-Commit: abc\n", author="Ann Ö <ann@example.com>".encode()
    )
    newest, first = steps(story.reader())
    assert newest == ReleaseStep(
        environment="dev",
        service="web",
        commit=id_,
        when=story.moment(1),
        author="Ann Ö",
        subject="Bump web",
        before=web("1.0"),
        after=web("1.1"),
        trailers={"Source-Commit": "abc"},
    )
    assert (first.before, first.after, first.border) == (None, web("1.0"), False)


def test_one_commit_may_move_many(story: Story) -> None:
    """Each service and environment has a step of its own, and can be asked for alone."""
    story.commit({path("dev", "web"): record(web="1"), path("dev", "api"): record(api="1", jobs="1")})
    story.commit({path("prod", "web"): record(web="1"), path("dev", "api"): record(api="2", jobs="1")})
    assert told(steps(story.reader())) == [
        ("dev", "api", {"api": ":1", "jobs": ":1"}, {"api": ":2", "jobs": ":1"}),
        ("prod", "web", {}, {"web": ":1"}),
        ("dev", "api", {}, {"api": ":1", "jobs": ":1"}),
        ("dev", "web", {}, {"web": ":1"}),
    ]
    assert [(step.environment, step.service) for step in steps(story.reader(), environment="dev")] == [
        ("dev", "api"),
        ("dev", "api"),
        ("dev", "web"),
    ]
    assert [step.environment for step in steps(story.reader(), service="web")] == ["prod", "dev"]
    assert len(list(steps(story.reader(), environment="dev", service="web"))) == 1
    assert len(list(steps(story.reader(), wanted=lambda environment, _: environment == "prod"))) == 1


def test_the_repository_may_be_a_folder_of_another(story: Story) -> None:
    """With or without a slash at the prefix's end; overlays elsewhere are not ours."""
    story.commit({f"team/gitops/{path()}": record(web="1"), path("dev", "other"): record(other="1")})
    for prefix in ("team/gitops", "team/gitops/"):
        assert [step.service for step in steps(story.reader(), prefix=prefix)] == ["web"]
    assert [step.service for step in steps(story.reader())] == ["other"]


def test_another_branch_can_be_read(story: Story) -> None:
    """By any name that git knows."""
    story.commit({path(): record(web="1")})
    story.commit({path(): record(web="2")}, branch="topic")
    assert moves(steps(story.reader(), revision="refs/heads/topic")) == [(":1", ":2"), (None, ":1")]
    assert moves(steps(story.reader())) == [(None, ":1")]
    assert list(steps(story.reader(), revision="none")) == []


@pytest.mark.parametrize(
    "restyled",
    [
        "kind: Kustomization\nimages:\n  - newTag: '1.10'\n    name: web\n",
        '# by a bot\nimages: [{name: web, newTag: "1.10"}]\nkind: Kustomization\n',
        'kind: Kustomization\npatches: []\nimages:\n- name: web\n  newName: r.example.com/web\n  newTag: "1.10"\n',
        '\ufeffkind: Kustomization\r\nimages:\r\n- name: web\r\n  newTag: "1.10"\r\n',
    ],
    ids=["kustomize edit", "flow style", "another registry and patch", "another editor"],
)
def test_formatting_is_no_step(story: Story, restyled: str) -> None:
    """What runs stays the same."""
    story.commit({path(): record(web="1.10")})
    story.commit({path(): restyled})
    story.commit({path(): record(web="1.11")})
    assert moves(steps(story.reader())) == [(":1.10", ":1.11"), (None, ":1.10")]


def test_two_spellings_of_a_digest_are_one_release(story: Story) -> None:
    """`newTag: x@sha256` and `newTag` beside `digest`; a digest alone is another."""
    beside = f'images:\n- name: web\n  newTag: "1"\n  digest: {DIGEST}\n'
    story.commit({path(): record(web=f"1@{DIGEST}")})
    story.commit({path(): beside})
    story.commit({path(): f"images:\n- name: web\n  digest: {DIGEST}\n"})
    assert moves(steps(story.reader())) == [(f":1@{DIGEST}", f"@{DIGEST}"), (None, f":1@{DIGEST}")]


def test_a_merge_is_the_step(story: Story) -> None:
    """What reached the branch counts, at the time when it did, by who merged it."""
    story.commit({path(): record(web="1")})
    story.commit({path(): record(web="2")}, branch="topic")
    story.commit({path(): record(web="3")}, branch="topic")
    story.commit({"services/web.yaml": "x: 1\n"})
    merge = story.commit({path(): record(web="3")}, merges="topic", author=b"Merger <m@example.com>")
    newest, _ = steps(story.reader())
    assert (newest.commit, newest.when, newest.author) == (merge, story.moment(4), "Merger")
    assert (newest.before, newest.after) == (web("1"), web("3"))


def test_a_merge_keeps_the_trailers_of_what_it_brought(story: Story) -> None:
    """Of the commits that touched the same record, beside its own."""
    story.commit({path(): record(web="1"), path("dev", "api"): record(api="1")})
    story.commit({path(): record(web="2")}, "Roll back\n\nRollback-Of: 1\nGate-Override: soak: a\n", branch="topic")
    story.commit({path("dev", "api"): record(api="2")}, "Promote\n\nPromoted-From: test\n", branch="topic")
    story.commit(
        {path(): record(web="2"), path("dev", "api"): record(api="2")},
        "Merge\n\nGate-Override: freeze: b\nReviewed-By: X\n",
        merges="topic",
    )
    found = {step.service: step.trailers for step in steps(story.reader()) if step.before}
    own = {"Gate-Override": "freeze: b", "Reviewed-By": "X"}
    assert found["web"] == {**own, "Rollback-Of": "1", "Gate-Override": "freeze: b\nsoak: a"}
    assert found["api"] == {**own, "Promoted-From": "test"}


def test_a_service_that_is_renamed_ends_and_begins(story: Story) -> None:
    """Its overlay is another one."""
    story.commit({path("dev", "old"): record(web="1")})
    story.commit({path("dev", "old"): None, path("dev", "new"): record(web="1")})
    assert told(steps(story.reader()))[:2] == [
        ("dev", "new", {}, {"web": ":1"}),
        ("dev", "old", {"web": ":1"}, {}),
    ]
    assert next(steps(story.reader(), service="old")).after is None


def test_an_overlay_may_go_and_come_back(story: Story) -> None:
    """A retirement and a first release are steps like others."""
    for tag in ("1", None, "2"):
        story.commit({path(): tag and record(web=tag)})
    assert moves(steps(story.reader())) == [(None, ":2"), (":1", None), (None, ":1")]


def test_an_overlay_without_images_of_ours_has_no_steps(story: Story) -> None:
    """What a system shares is released by nobody; losing all images is a step."""
    story.commit({path("dev", "shop"): record(), path(): record(web="1")})
    story.commit({path("dev", "shop"): None, path(): record()})
    assert told(steps(story.reader())) == [("dev", "web", {"web": ":1"}, {}), ("dev", "web", {}, {"web": ":1"})]


@pytest.mark.parametrize(
    "broken",
    [b"\xff\xfe", b"images: [", b"", b"images:\n- name: web\n  newTag: 1.10\n", b"images: 5\n", b"x: 1\n" * 300_000],
    ids=["no text", "no YAML", "empty", "a number", "no list", "huge"],
)
def test_a_record_that_cannot_be_read_is_passed_over(story: Story, broken: bytes) -> None:
    """The step goes from the last one that could be; those of other services keep their order."""
    story.commit({path(): record(web="1")})
    story.commit({path(): broken})
    story.commit({path("dev", "api"): record(api="1")})
    story.commit({path(): record(web="2")})
    story.commit({path("dev", "api"): record(api="2")})
    found = list(steps(story.reader()))
    known = broken == b""  # reads as a kustomization without images
    assert [(step.service, step.when) for step in found] == [
        ("api", story.moment(4)),
        ("web", story.moment(3)),
        ("api", story.moment(2)),
        *([("web", story.moment(1))] if known else []),
        ("web", story.moment(0)),
    ]
    assert texts(found[1].before) == ({} if known else {"web": ":1"})


def test_a_record_broken_from_the_start_or_at_the_end_ends_the_story(story: Story) -> None:
    """The first that can be read is the first release; mending it to what it was is no step."""
    for text in ("images: [", record(web="1"), "images: {", record(web="1"), "images: ["):
        story.commit({path(): text})
    assert moves(steps(story.reader())) == [(None, ":1")]


def test_names_that_no_page_can_have_are_not_ours(story: Story) -> None:
    """Nor are files deeper or shallower, or of other names."""
    text = record(web="1")
    names = ["overlays/Dev/web", "overlays/dev/web/deeper", "overlays/dev", "overlays/dev/\x1b[31m", "base/web"]
    story.commit({f"{name}/kustomization.yaml": text for name in names} | {"overlays/dev/web/images.yaml": text})
    assert list(steps(story.reader())) == []


def test_a_hold_is_an_event(story: Story) -> None:
    """It comes, changes and ends by commits; `steps` does not give it, nor is its formatting a change."""
    hold = "overlays/dev/web/hold.yaml"
    story.commit({path(): record(web="1")})
    story.commit({hold: HOLD})
    story.commit({hold: "# kept\n" + HOLD})
    story.commit({hold: "nonsense: true\n"})
    story.commit({hold: HOLD.replace("orders", "carts"), path(): record(web="2")})
    story.commit({hold: None})
    found = list(events(story.reader(), environment="dev"))
    holds = [
        (event.before and event.before.reason, event.after and event.after.reason)
        for event in found
        if isinstance(event, HoldStep)
    ]
    assert holds == [
        ("1.4.3 loses carts", None),
        ("1.4.3 loses orders", "1.4.3 loses carts"),
        (None, "1.4.3 loses orders"),
    ]
    assert moves(event for event in found if isinstance(event, ReleaseStep)) == [(":1", ":2"), (None, ":1")]
    assert moves(steps(story.reader())) == [(":1", ":2"), (None, ":1")]


def test_a_shallow_clone_says_where_it_ends(story: Story, tmp_path: Path) -> None:
    """What was so at its border may be older: the step there has no past."""
    for tag in ("1", "2", "3"):
        story.commit({path(): record(web=tag)})
    reader = Counting(cloned(story, tmp_path / "clone", "--depth=2"))
    assert [(step.before, step.after, step.border) for step in steps(reader)] == [
        (web("2"), web("3"), False),
        (None, web("2"), True),
    ]
    assert since(steps(reader), web("2")) == story.moment(1)


def test_since_when_a_release_runs(story: Story) -> None:
    """From the first step of the newest run; a change of other images interrupts nothing."""
    for tags in ({"web": "1"}, {"web": "2"}, {"web": "1"}, {"web": "1", "jobs": "7"}, {"web": "1", "jobs": "8"}):
        story.commit({path(): record(**tags)})
    reader = story.reader()
    assert since(steps(reader), web("1")) == story.moment(2)
    assert since(steps(reader), {**web("1"), "jobs": Release(newTag="8")}) == story.moment(4)
    assert since(steps(reader), {**web("1"), "jobs": Release(newTag="7")}) == story.moment(3)
    assert since(steps(reader), web("2")) == story.moment(1)
    assert since(steps(reader), web("3")) is None


def test_until_when_a_release_ran(story: Story) -> None:
    """Until the step that replaced it; the one that runs now goes on."""
    for tag in ("1", "2", "1", "3"):
        story.commit({path(): record(web=tag)})
    reader = story.reader()
    assert span(steps(reader), web("1")) == Span(story.moment(2), story.moment(3))
    assert span(steps(reader), web("2")) == Span(story.moment(1), story.moment(2))
    assert span(steps(reader), web("3")) == Span(story.moment(3))


def test_a_release_that_comes_back_is_new(story: Story) -> None:
    """After an overlay was away, its age begins again."""
    for tag in ("1", None, "1"):
        story.commit({path(): tag and record(web=tag)})
    assert since(steps(story.reader()), web("1")) == story.moment(2)


def test_how_many_steps_ago_a_release_came(story: Story) -> None:
    """It counts when it came last; smaller is newer."""
    for tags in ({"web": "1"}, {"web": "2"}, {"web": "1"}, {"web": "1", "jobs": "7"}):
        story.commit({path(): record(**tags)})
    reader = story.reader()
    assert [position(steps(reader), web(tag)) for tag in ("1", "2", "3")] == [1, 2, None]
    assert position(steps(reader), {"jobs": Release(newTag="7")}) == 0


def test_the_last_arrival_counts_however_far_is_read(story: Story) -> None:
    """Older ones change nothing, nor do older runs."""
    for tag in ("1", "2", "1", "3"):
        story.commit({path(): record(web=tag)})
    arrival, run = Arrival(web("1")), Run(web("1"))
    for step in steps(story.reader()):
        arrival.take(step)
        run.take(step)
    assert arrival.position == 1
    assert run.start is not None
    assert (run.start.when, run.ended) == (story.moment(2), True)


def test_no_overlay_agrees_with_nothing() -> None:
    """Where nothing is, nothing runs."""
    assert not agrees(None, {})
    assert agrees(web("1"), {})
    assert agrees({**web("1"), "jobs": Release(newTag="1")}, web("1"))
    assert agrees({"web": Release(newTag="1", digest=DIGEST)}, web(f"1@{DIGEST}"))


def test_who_asks_for_the_newest_reads_little(story: Story) -> None:
    """One page of the log, and the contents of one step."""
    story.commit({path(): record(web="first")})
    story.commits({path(): record(web=str(number))} for number in range(150))
    reader = story.reader()
    next(steps(reader))
    assert reader.commands == ["cat-file", "log", "cat-file"]


def test_a_clone_without_contents_fetches_few_for_an_age(story: Story, tmp_path: Path) -> None:
    """Those of the newest step alone, however long the history is."""
    story.commit({path(): record(web="first")})
    story.commits({path(): record(web=str(n)), path("dev", "api"): record(api=str(n))} for n in range(40))
    clone = cloned(story, tmp_path / "clone", "--filter=blob:none", "--no-checkout")
    total = left_behind(clone)
    found = since(steps(Counting(clone), environment="dev", service="web"), web("39"))
    assert found == story.moment(40)
    assert total - left_behind(clone) == 2


def test_a_clone_without_contents_is_read_in_few_fetches(story: Story, tmp_path: Path) -> None:
    """A whole history comes in growing portions, each by one fetch."""
    story.commit({path(): record(web="first")})
    story.commits({path(): record(web=str(number))} for number in range(40))
    clone = cloned(story, tmp_path / "clone", "--filter=blob:none", "--no-checkout")
    reader = Counting(clone)
    assert len(list(steps(reader))) == 41
    assert left_behind(clone) == 0
    assert reader.commands.count("pack-objects") == 3


def test_a_content_that_is_lost_is_passed_over(story: Story) -> None:
    """A damaged repository still has a history."""
    for tag in ("1", "2", "3"):
        story.commit({path(): record(web=tag)})
    id_ = run_git(story.root, "rev-parse", f"main~1:{path()}").decode().strip()

    def damaged(*arguments: str, stdin: bytes | None = None) -> bytes:
        return story.reader()(*arguments, stdin=stdin and stdin.replace(id_.encode(), b"0" * 40))

    assert moves(steps(damaged)) == [(":1", ":3"), (None, ":1")]


STATES = st.lists(
    st.fixed_dictionaries(
        {service: st.sampled_from([None, "1", "2", "restyled 2", "broken"]) for service in ("api", "web")}
    ),
    min_size=1,
    max_size=7,
)


def content(state: str | None) -> str | None:
    """Return the file that stands for a state."""
    if state == "broken":
        return "images: ["
    if state == "restyled 2":
        return "images: [{name: web, newTag: '2'}]\n"
    return state and record(web=state)


@settings(max_examples=examples(25), deadline=None)
@given(states=STATES)
def test_steps_retell_what_was_committed(states: list[dict[str, str | None]]) -> None:
    """Of each service: the states that can be read, one after the other, without repetition."""
    with TemporaryDirectory() as folder:
        story = Story(Path(folder))
        for state in states:
            story.commit({path(service=service): content(each) for service, each in state.items()})
        found = list(steps(story.reader()))
    assert [step.when for step in found] == sorted((step.when for step in found), reverse=True)
    for service in ("api", "web"):
        readable = [state[service] for state in states if state[service] != "broken"]
        tags = [None, *(each and f":{each.removeprefix('restyled ')}" for each in readable)]
        expected = [(before, after) for before, after in pairwise(tags) if before != after]
        assert moves(step for step in reversed(found) if step.service == service) == expected
