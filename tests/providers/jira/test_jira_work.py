"""Worklogs and workflow of a Jira."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from bot.integrations.context import AdapterContext
from bot.integrations.errors import ProviderRefused
from bot.providers.jira.adapter import Jira
from tests.providers.jira.base import JiraStandIn
from tests.providers.jira.cloud import JiraCloud
from tests.providers.jira.data_center import JiraDataCenter
from tests.providers.worked import SINCE, worked

AUCKLAND = timezone(timedelta(hours=13))
WORKLOG = worked("10401", since=SINCE, note="Timer", by="5b10ac8d", name="Mia K")


async def test_worklog_says_what_happened_when(jira: JiraStandIn, context: AdapterContext) -> None:
    """Jira answers 500 to any other form of moment, and mails watchers unless told not to."""
    record = await Jira(jira.credentials, context).write_time(WORKLOG)
    assert record.seconds == 5400
    sent = jira.seen[-1]
    assert sent.body["started"] == "2026-11-20T09:00:00.000+0000"
    assert sent.query["notifyUsers"] == "false"
    assert sent.query["adjustEstimate"] == "leave"


async def test_estimates_move_only_where_that_is_chosen(
    jira: JiraStandIn, context: AdapterContext
) -> None:
    """W4: with every write, change and removal, or with none of them."""
    for wanted in ("leave", "auto"):
        adapter = Jira(jira.credentials, context)
        if wanted == "auto":
            await adapter.reduce_estimates()
        before = len(jira.seen)
        made = await adapter.write_time(WORKLOG)
        await adapter.update_time(made.external_id, replace(WORKLOG, seconds=60))
        await adapter.delete_time(made.external_id)
        changes = [one.query for one in jira.seen[before:] if one.method != "GET"]
        assert [one["adjustEstimate"] for one in changes] == [wanted] * 3


async def test_members_day_is_kept_wherever_they_are(
    jira: JiraStandIn, context: AdapterContext
) -> None:
    """Saturday morning in Auckland is Friday in New York; it stays Saturday's time."""
    saturday = datetime(2026, 11, 21, 8, 0, tzinfo=AUCKLAND)
    worklog = replace(WORKLOG, day=date(2026, 11, 21), started_at=saturday)
    written = await Jira(jira.credentials, context).write_time(worklog)
    found = await Jira(jira.credentials, context).find_time(worklog)
    assert written == found
    if jira.deployment == "Cloud":
        assert written.day == date(2026, 11, 21)


async def test_duration_is_on_the_members_day_wherever_the_tokens_owner_is(
    jira: JiraStandIn, context: AdapterContext
) -> None:
    """Nine in Berlin is nine in the evening in Auckland, and nine in New York is tomorrow there."""
    auckland = ZoneInfo("Pacific/Auckland")
    worklog = replace(WORKLOG, started_at=None, zone=auckland)
    written = await Jira(jira.credentials, context).write_time(worklog)
    assert jira.seen[-1].body["started"] == "2026-11-19T20:00:00.000+0000"
    assert written.day == worklog.day
    assert await Jira(jira.credentials, context).find_time(worklog) == written


async def test_an_entry_that_moved_within_its_day_is_found_on_it(
    jira: JiraStandIn, context: AdapterContext
) -> None:
    """Its answer got lost, and then it was edited: what is there is ours, and no conflict."""
    auckland = ZoneInfo("Pacific/Auckland")
    day = date(2026, 11, 21)
    at_eight = datetime(2026, 11, 21, 8, 0, tzinfo=auckland)
    worklog = replace(WORKLOG, day=day, started_at=at_eight, zone=auckland)
    await Jira(jira.credentials, context).write_time(worklog)
    at_nine = replace(worklog, started_at=at_eight + timedelta(hours=1))
    found = await Jira(jira.credentials, context).find_time(at_nine)
    assert found is not None
    assert found.day == day


async def test_day_that_somebody_changed_in_jira_is_told(
    on_cloud: JiraCloud, context: AdapterContext
) -> None:
    """A conflict for a person, not something to overlook."""
    adapter = Jira(on_cloud.credentials, context)
    written = await adapter.write_time(WORKLOG)
    (kept,) = on_cloud.worklogs.kept.values()
    kept["started"] = "2026-11-25T09:00:00.000+0000"
    found = await adapter.find_time(WORKLOG)
    assert found is not None
    assert found.day == date(2026, 11, 25)
    assert found.version != written.version


async def test_less_than_a_minute_is_a_minute(jira: JiraStandIn, context: AdapterContext) -> None:
    """Jira takes nothing shorter."""
    record = await Jira(jira.credentials, context).write_time(replace(WORKLOG, seconds=20))
    assert record.seconds == 60


async def test_nobody_logs_time_as_somebody_else(
    jira: JiraStandIn, context: AdapterContext
) -> None:
    """The token's owner would stand there as the author, in silence."""
    adapter = Jira(jira.credentials, context)
    with pytest.raises(ProviderRefused, match="somebody else"):
        await adapter.write_time(replace(WORKLOG, account_id="5b10ana"))
    assert jira.worklogs.kept == {}
    await adapter.write_time(replace(WORKLOG, account_id=None, member_name="Ana Ruiz"))
    (kept,) = jira.worklogs.kept.values()
    assert "Ana Ruiz: Timer" in str(kept["comment"])


async def test_changed_task_moves_the_worklog_once(
    jira: JiraStandIn, context: AdapterContext
) -> None:
    """Jira cannot move one, so there is a new one before the old one goes; a crash doubles none."""
    adapter = Jira(jira.credentials, context)
    written = await adapter.write_time(WORKLOG)
    elsewhere = replace(WORKLOG, task_id="10402")
    await adapter.write_time(elsewhere)  # and then the process died
    moved = await adapter.update_time(written.external_id, elsewhere)
    assert [one["issueId"] for one in jira.worklogs.kept.values()] == ["10402"]
    assert await adapter.find_time(elsewhere) == moved


async def test_worklog_on_another_task_is_found_on_cloud(
    on_cloud: JiraCloud, context: AdapterContext
) -> None:
    """The entry's task was changed while nobody knew whether the first write had arrived."""
    adapter = Jira(on_cloud.credentials, context)
    written = await adapter.write_time(WORKLOG)
    assert await adapter.find_time(replace(WORKLOG, task_id="10402")) == written


async def test_marker_of_another_entry_is_not_taken_for_ours(
    on_server: JiraDataCenter, context: AdapterContext
) -> None:
    """Data Center holds markers in the text: 7f1 is not 7f1c."""
    adapter = Jira(on_server.credentials, context)
    await adapter.write_time(WORKLOG)
    assert await adapter.find_time(replace(WORKLOG, marker="7f1")) is None
    assert await adapter.find_time(WORKLOG) is not None


async def test_transition_that_asks_for_more_is_not_taken(
    jira: JiraStandIn, context: AdapterContext
) -> None:
    """A required field is for a person to fill in, and the refusal names it."""
    jira.asks = {"21": "resolution"}
    with pytest.raises(ProviderRefused) as caught:
        await Jira(jira.credentials, context).complete("10401")
    assert caught.value.reason == "To mark this done, Jira asks for Resolution. Do it in Jira."


async def test_issue_without_a_way_there_is_refused(
    jira: JiraStandIn, context: AdapterContext
) -> None:
    """An empty list of transitions is what somebody without the right sees."""
    jira.asks = {"11": "x", "31": "y", "41": "z"}
    await Jira(jira.credentials, context).complete("10401")
    with pytest.raises(ProviderRefused, match="asks for Z"):
        await Jira(jira.credentials, context).reopen("10401")


async def test_unknown_issue_cannot_be_completed(
    jira: JiraStandIn, context: AdapterContext
) -> None:
    """Deleted meanwhile: Jira's own words say so."""
    with pytest.raises(ProviderRefused, match="does not exist"):
        await Jira(jira.credentials, context).complete("99999")
