"""What ClickUp's webhook requests lead to, and how its webhooks are kept."""

import json
from datetime import timedelta

import pytest

from bot.integrations.context import AdapterContext
from bot.integrations.errors import ProviderRefused
from bot.integrations.hooks import HookForged, HookRequest, News
from bot.providers.clickup.adapter import ClickUp
from tests.http_server import Say, Seen, serving
from tests.jobs.sync_world import PUBLIC_URL, SyncWorld, opened
from tests.providers.clickup.hooks import headers
from tests.providers.clickup.stand_in import ClickUpStandIn
from tests.providers.stand_in import NOON

SECRET = "O94IM25S7PXBPYTMNXLLET230SRP0S89COR7B1YOJ2ZIE8WQNK5UUKEF26W0Z5GA"
ADDRESS = "https://hourlink.test/hooks/x"


def heard(event: object, behind: str = "/901520", **more: object) -> News:
    """What Hourlink makes of an event."""
    body = json.dumps({"event": event, "webhook_id": "4b67ac88", **more}).encode()
    return ClickUp.hear(signed(body, behind), SECRET)


def signed(body: bytes, behind: str = "/901520") -> HookRequest:
    """A request as ClickUp signs one."""
    sent = {name.lower(): value for name, value in headers(body, SECRET).items()}
    return HookRequest(ADDRESS + behind, sent, body)


def test_signature_is_hexadecimal_over_the_very_bytes() -> None:
    """As documented; another form of the same JSON is another body."""
    right = signed(b'{"event":"taskCommentPosted"}')
    assert ClickUp.hear(right, SECRET) == News()
    with pytest.raises(HookForged):
        ClickUp.hear(HookRequest(ADDRESS, right.headers, b'{"event": ""}'), SECRET)
    with pytest.raises(HookForged):
        ClickUp.hear(right, None)


@pytest.mark.parametrize(
    "event", ["taskCreated", "taskUpdated", "taskStatusUpdated", "taskTagUpdated"]
)
def test_edits_lead_to_the_list(event: str) -> None:
    """The address says which, the event does not; fifty of them are one list of changes."""
    assert heard(event, task_id="86c7") == News(projects=frozenset({"901520"}))


@pytest.mark.parametrize("event", ["taskMoved", "taskDeleted"])
def test_moved_and_deleted_tasks_are_looked_at_one_by_one(event: str) -> None:
    """No list of changes shows them where they were."""
    assert heard(event, task_id="86c7") == News(tasks=frozenset({"86c7"}))


@pytest.mark.parametrize("event", ["listCreated", "listDeleted", "folderUpdated", "spaceUpdated"])
def test_lists_and_spaces_lead_to_an_ordinary_sync(event: str) -> None:
    """New lists are announced within seconds."""
    assert heard(event, behind="", list_id="1") == News(is_wide=True)


def test_what_changes_no_task_is_no_news() -> None:
    """Comments and goals cost nothing."""
    assert heard("taskCommentPosted", task_id="86c7") == News()
    assert heard("goalUpdated") == News()


def test_events_of_another_shape_lead_to_an_ordinary_sync() -> None:
    """What cannot be read is not guessed at."""
    assert heard("taskUpdated", task_id=None) == News(is_wide=True)
    assert heard(None) == News(is_wide=True)


async def test_webhook_that_is_suspended_is_replaced(
    clickup: ClickUpStandIn, context: AdapterContext
) -> None:
    """ClickUp says nothing when it suspends one, so it is looked at every day."""
    web, ops, *_ = clickup.lists
    adapter = ClickUp(clickup.credentials, context)
    first = await adapter.watch(ADDRESS, "", (web, ops))
    assert sorted(first.secrets) == ["", f"/{web}", f"/{ops}"]
    assert first.renew_at == NOON + timedelta(days=1)
    of_web = next(one for one in clickup.hooks.kept.values() if one["list_id"] == web)
    of_web["health"] = {"status": "suspended", "fail_count": 100}
    second = await adapter.watch(ADDRESS, "", (web, ops))
    assert len(clickup.hooks.kept) == 3
    assert second.secrets[f"/{web}"] != first.secrets[f"/{web}"]
    assert second.secrets[f"/{ops}"] == first.secrets[f"/{ops}"]


async def test_refusal_for_one_list_leaves_the_others(
    clickup: ClickUpStandIn, context: AdapterContext
) -> None:
    """What cannot be heard of is read every few minutes all the same."""
    web, ops, *_ = clickup.lists
    adapter = ClickUp(clickup.credentials, context)
    clickup.hooks.refused = {int(ops), None}
    watch = await adapter.watch(ADDRESS, "", (web, ops))
    assert list(watch.secrets) == [f"/{web}"]
    await adapter.watch(ADDRESS, "", ())
    clickup.hooks.refused = {int(web), int(ops), None}
    with pytest.raises(ProviderRefused) as caught:
        await adapter.watch(ADDRESS, "", (web, ops))
    assert caught.value.reason.startswith("ClickUp does not let this token set up webhooks")


async def test_running_hourlink_hears(clickup: ClickUpStandIn, sqlite_url: str) -> None:
    """An edited task is here within seconds, for one request."""
    world = SyncWorld(sqlite_url, factory=ClickUp, credentials=clickup.credentials)

    def door(seen: Seen) -> Say:
        token, slash, behind = seen.path.removeprefix("/hooks/").partition("/")
        answer = world.hooks.hear(
            token=token,
            behind=slash + behind,
            headers=seen.headers,
            body=seen.content,
            now=world.now,
        )
        return Say(headers=answer.headers)

    async with opened(world), serving(door) as server:
        await world.job.run(world.here)
        world.link_new(clickup.project_id)
        await world.sync()
        assert len(clickup.hooks.kept) == 2
        for one in clickup.hooks.kept.values():
            one["endpoint"] = one["endpoint"].replace(PUBLIC_URL, server.url)
        edited = next(iter(clickup.titles()))
        clickup.now = world.now
        clickup.retitle(edited, "Write it down")
        await clickup.hooks.tell("taskUpdated", clickup.tasks[edited])
        world.later(seconds=5)
        before = len(clickup.seen)
        await world.job.run(world.here)
        row = world.one("SELECT title FROM task WHERE external_id = :e", e=edited)
        assert row.title == "Write it down"
        assert [one.path.rpartition("/")[2] for one in clickup.seen[before:]][-1] == "task"
