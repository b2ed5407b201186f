"""What a Linear's webhook requests lead to, and how they are set up."""

import pytest

from bot.integrations.context import AdapterContext
from bot.integrations.errors import ProviderRefused
from bot.integrations.hooks import HookForged, HookRequest, News
from bot.providers.linear.adapter import Linear
from tests.providers.linear.hooks import body, headers
from tests.providers.linear.stand_in import LinearStandIn
from tests.providers.linear.world import key_of

SECRET = "what only Linear and Hourlink know"
ADDRESS = "https://hourlink.test/hooks/x"
ISSUE = {"id": "9f8e7d6c", "teamId": "0b1c7c54", "title": "Fix login loop"}
TEAM, TASK = frozenset({"0b1c7c54"}), frozenset({"9f8e7d6c"})


def heard(action: str, before: object = None, *, data: object = None, kind: str = "Issue") -> News:
    """What Hourlink makes of an event."""
    told = body(action, data or ISSUE, before, kind=kind)
    sent = {name.lower(): value for name, value in headers(told, SECRET).items()}
    return Linear.hear(HookRequest(f"{ADDRESS}/0b1c7c54", sent, told), SECRET)


def test_signature_is_the_documented_one() -> None:
    """HMAC-SHA256 of the body in hexadecimal, and nothing before it."""
    digest = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    secret = "It's a Secret to Everybody"
    request = HookRequest("", {"linear-signature": digest}, b"Hello, World!")
    assert Linear.hear(request, secret) == News(is_wide=True)
    with pytest.raises(HookForged):
        Linear.hear(HookRequest("", {"linear-signature": f"sha256={digest}"}, b"x"), secret)


def test_edits_lead_to_the_team() -> None:
    """One list of changes brings them all, however many requests there are."""
    assert heard("create") == News(projects=TEAM)
    assert heard("update", {"title": "Before"}) == News(projects=TEAM)


@pytest.mark.parametrize("field", ["teamId", "trashed", "archivedAt"])
def test_moved_and_trashed_issues_are_looked_at_one_by_one(field: str) -> None:
    """No list of changes shows them where they were."""
    assert heard("update", {field: None}) == News(TEAM, TASK)
    assert heard("remove") == News(tasks=TASK)


def test_people_lead_to_an_ordinary_sync() -> None:
    """Whoever left a team must not go on tracking there."""
    assert heard("update", kind="User") == News(is_wide=True)


@pytest.mark.parametrize("kind", ["Comment", "Reaction", "Cycle"])
def test_what_changes_no_task_is_no_news(kind: str) -> None:
    """Our own comments above all."""
    assert heard("create", kind=kind) == News()


def test_an_issue_of_another_shape_leads_to_an_ordinary_sync() -> None:
    """What cannot be read is not guessed at."""
    assert heard("update", data={"id": 12}) == News(is_wide=True)
    assert heard("update", "before") == News(is_wide=True)


async def test_each_team_has_one_of_its_own(linear: LinearStandIn, context: AdapterContext) -> None:
    """Private ones too, which a webhook for all public teams would leave out."""
    eng, sec, *_ = linear.teams
    watch = await Linear(linear.credentials, context).watch(ADDRESS, SECRET, [eng, sec])
    teams = {one["url"]: one["teamId"] for one in linear.hooks.kept.values()}
    assert teams == {f"{ADDRESS}/{eng}": eng, f"{ADDRESS}/{sec}": sec}
    assert watch.secrets == {f"/{eng}": SECRET, f"/{sec}": SECRET}
    assert watch.renew_at is not None
    assert (watch.renew_at - linear.now).days == 7


async def test_webhook_that_was_switched_off_is_switched_on(
    linear: LinearStandIn, context: AdapterContext
) -> None:
    """And one that still has another secret gets ours; those that are right are left alone."""
    adapter = Linear(linear.credentials, context)
    eng, sec, _, ops = linear.teams
    await adapter.watch(ADDRESS, SECRET, [eng, sec, ops])
    off, old, _ = linear.hooks.kept.values()
    off["enabled"], old["secret"] = False, "another"
    before = len(linear.seen)
    await adapter.watch(ADDRESS, SECRET, [eng, sec, ops])
    assert len(linear.seen) - before == 3
    assert {one["enabled"] for one in linear.hooks.kept.values()} == {True}
    assert {one["secret"] for one in linear.hooks.kept.values()} == {SECRET}


async def test_hidden_team_costs_the_others_nothing(
    linear: LinearStandIn, context: AdapterContext
) -> None:
    """It is still linked until the next sync sees that it is gone; other refusals are told."""
    adapter = Linear(linear.credentials, context)
    eng, sec, *_ = linear.teams
    del linear.teams[sec]
    await adapter.watch(ADDRESS, SECRET, [eng, sec])
    assert [one["teamId"] for one in linear.hooks.kept.values()] == [eng]
    linear.hooks.is_full = True
    with pytest.raises(ProviderRefused, match="No more webhooks"):
        await adapter.watch("https://hourlink.test/hooks/y", SECRET, [eng])


async def test_only_an_admins_key_sets_them_up(
    linear: LinearStandIn, context: AdapterContext
) -> None:
    """The refusal says so."""
    ana = list(linear.people)[1]
    with pytest.raises(ProviderRefused) as caught:
        await Linear({"key": key_of(ana)}, context).watch(ADDRESS, SECRET, list(linear.teams))
    assert caught.value.reason.startswith("Linear lets only workspace admins")
