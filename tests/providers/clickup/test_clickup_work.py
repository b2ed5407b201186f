"""Time on ClickUp's tasks."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from bot.integrations.api import Worklog
from bot.integrations.context import AdapterContext
from bot.integrations.errors import ProviderRefused, ProviderSurprised
from bot.providers.clickup.adapter import ClickUp
from tests.http_server import Say
from tests.providers.clickup.stand_in import ClickUpStandIn
from tests.providers.clickup.words import token_of
from tests.providers.worked import SINCE, worked

AUCKLAND = timezone(timedelta(hours=13))


@pytest.fixture
def adapter(clickup: ClickUpStandIn, context: AdapterContext) -> ClickUp:
    """Give the integration's adapter; its token is Ana's, who owns the Workspace."""
    return ClickUp(clickup.credentials, context)


@pytest.fixture
def worklog(clickup: ClickUpStandIn) -> Worklog:
    """Give an hour and a half of Ana's on the first task."""
    return worked(
        next(iter(clickup.titles())), since=SINCE, note="Timer", by=next(iter(clickup.people))
    )


async def test_entry_says_what_happened_when(
    clickup: ClickUpStandIn, adapter: ClickUp, worklog: Worklog
) -> None:
    """In milliseconds, to the second as it was."""
    record = await adapter.write_time(replace(worklog, seconds=5417))
    (kept,) = clickup.time.kept.values()
    assert (kept["start"], kept["duration"]) == ("1795165200000", "5417000")
    assert kept["description"] == "Timer [hl:7f1c]"
    assert (record.seconds, record.day) == (5417, worklog.day)


async def test_duration_without_clock_times_begins_at_nine(
    clickup: ClickUpStandIn, adapter: ClickUp, worklog: Worklog
) -> None:
    """Where the member is, else the token's owner: Berlin."""
    await adapter.write_time(replace(worklog, started_at=None))
    (kept,) = clickup.time.kept.values()
    assert kept["start"] == str(int(datetime(2026, 11, 20, 8, tzinfo=UTC).timestamp() * 1000))
    auckland = replace(worklog, marker="other", started_at=None, zone=ZoneInfo("Pacific/Auckland"))
    await adapter.write_time(auckland)
    _, kept = clickup.time.kept.values()
    assert kept["start"] == str(int(datetime(2026, 11, 19, 20, tzinfo=UTC).timestamp() * 1000))


async def test_members_day_is_kept_wherever_they_are(adapter: ClickUp, worklog: Worklog) -> None:
    """Saturday morning in Auckland is Friday in Berlin; it stays Saturday's time."""
    saturday = datetime(2026, 11, 21, 8, 0, tzinfo=AUCKLAND)
    theirs = replace(worklog, day=date(2026, 11, 21), started_at=saturday)
    written = await adapter.write_time(theirs)
    assert written.day == date(2026, 11, 21)
    assert await adapter.find_time(theirs) == written


async def test_an_entry_that_moved_within_its_day_is_found_on_it(
    adapter: ClickUp, worklog: Worklog
) -> None:
    """Its answer got lost, and then it was edited: what is there is ours, and no conflict."""
    auckland = ZoneInfo("Pacific/Auckland")
    at_eight = datetime(2026, 11, 21, 8, 0, tzinfo=auckland)
    theirs = replace(worklog, day=date(2026, 11, 21), started_at=at_eight, zone=auckland)
    await adapter.write_time(theirs)
    at_nine = replace(theirs, started_at=at_eight + timedelta(hours=1))
    found = await adapter.find_time(at_nine)
    assert found is not None
    assert found.day == theirs.day


async def test_owner_logs_time_for_others(
    clickup: ClickUpStandIn, adapter: ClickUp, worklog: Worklog
) -> None:
    """As ClickUp lets owners and admins; it stands there under the name of whose time it is."""
    _, mia, *_ = clickup.people
    theirs = replace(worklog, account_id=mia, member_name="Mia K")
    written = await adapter.write_time(theirs)
    (kept,) = clickup.time.kept.values()
    assert str(kept["user"]["id"]) == mia
    assert await adapter.find_time(theirs) == written
    await adapter.write_time(replace(worklog, marker="8", account_id=None, member_name="Bo Lund"))
    assert list(clickup.time.kept.values())[-1]["description"] == "Bo Lund: Timer [hl:8]"


async def test_time_of_others_is_not_booked_on_ones_own_name(
    clickup: ClickUpStandIn, context: AdapterContext, adapter: ClickUp, worklog: Worklog
) -> None:
    """A member's token is refused; and where ClickUp should book it otherwise, it is taken back."""
    ana, mia, *_ = clickup.people
    theirs = ClickUp({**clickup.credentials, "token": token_of(mia)}, context)
    with pytest.raises(ProviderRefused) as caught:
        await theirs.write_time(replace(worklog, account_id=ana))
    assert caught.value.reason == "You are not allowed to track time for others"
    clickup.time.drops_assignee = True
    with pytest.raises(ProviderRefused, match="went to"):
        await adapter.write_time(replace(worklog, account_id=mia))
    assert clickup.time.kept == {}


async def test_answer_without_an_id_is_made_up_for(
    clickup: ClickUpStandIn, adapter: ClickUp, worklog: Worklog
) -> None:
    """Its description has none; what was written is found by its marker."""
    clickup.time.tells_flat = True
    written = await adapter.write_time(worklog)
    assert written.external_id in clickup.time.kept
    assert await adapter.find_time(worklog) == written


async def test_member_finds_their_own_under_any_name(
    clickup: ClickUpStandIn, context: AdapterContext, worklog: Worklog
) -> None:
    """Whoever may not write for others may not look for it either; that stops no write."""
    ana, mia, *_ = clickup.people
    theirs = ClickUp({**clickup.credentials, "token": token_of(mia)}, context)
    written = await theirs.write_time(replace(worklog, account_id=mia))
    found = await theirs.find_time(replace(worklog, account_id=ana))
    assert found is not None
    assert found.external_id == written.external_id


async def test_what_was_written_is_never_told_as_refused(
    clickup: ClickUpStandIn, adapter: ClickUp, worklog: Worklog
) -> None:
    """After a refusal the same time is written once more, with the member named: twice, that is."""
    _, mia, *_ = clickup.people
    clickup.time.drops_assignee = True
    await adapter.check()
    clickup.spoil(lambda _: Say(403, {"err": "Not now"}), on=2)  # the taking back
    with pytest.raises(ProviderSurprised, match="is lost"):
        await adapter.write_time(replace(worklog, account_id=mia))
    clickup.time.tells_flat = True
    await clickup.mend()
    clickup.spoil(lambda _: Say(403, {"err": "Not now"}), on=2)  # the looking for it
    with pytest.raises(ProviderSurprised, match="is lost"):
        await adapter.write_time(replace(worklog, marker="8"))


async def test_changed_task_moves_the_entry(
    clickup: ClickUpStandIn, adapter: ClickUp, worklog: Worklog
) -> None:
    """The same entry, with the tags that people gave it."""
    written = await adapter.write_time(worklog)
    clickup.time.kept[written.external_id]["tags"] = [
        {"name": "travel", "tag_fg": "#FFFFFF", "tag_bg": "#000000"}
    ]
    elsewhere = replace(worklog, task_id=list(clickup.titles())[1])
    moved = await adapter.update_time(written.external_id, elsewhere)
    (kept,) = clickup.time.kept.values()
    assert (kept["task"]["id"], moved.external_id) == (elsewhere.task_id, written.external_id)
    assert [tag["name"] for tag in kept["tags"]] == ["travel"]
    assert moved.version != written.version


async def test_entry_on_another_task_or_day_is_found(adapter: ClickUp, worklog: Worklog) -> None:
    """The entry was edited while nobody knew whether the first write had arrived."""
    written = await adapter.write_time(worklog)
    elsewhere = replace(worklog, task_id="86c1")
    found = await adapter.find_time(elsewhere)
    assert found is not None
    assert found.external_id == written.external_id
    weeks_later = worklog.started_at and worklog.started_at + timedelta(days=30)
    later = replace(worklog, day=date(2026, 12, 20), started_at=weeks_later)
    again = await adapter.find_time(later)
    assert again is not None
    assert (again.external_id, again.day) == (written.external_id, worklog.day)
    assert await adapter.find_time(replace(worklog, marker="7f1")) is None


async def test_locked_time_stays_as_it_is(
    clickup: ClickUpStandIn, adapter: ClickUp, worklog: Worklog
) -> None:
    """ClickUp's own word about it reaches the person."""
    record = await adapter.write_time(worklog)
    clickup.time.kept[record.external_id]["is_locked"] = True
    with pytest.raises(ProviderRefused) as caught:
        await adapter.update_time(record.external_id, replace(worklog, seconds=60))
    assert caught.value.reason == "Time entry is locked"


async def test_gone_entry_is_told_from_a_dead_token(
    clickup: ClickUpStandIn, adapter: ClickUp, worklog: Worklog
) -> None:
    """ClickUp answers both with 401."""
    record = await adapter.write_time(worklog)
    clickup.time.kept.clear()
    await adapter.delete_time(record.external_id)
    with pytest.raises(ProviderRefused) as caught:
        await adapter.update_time(record.external_id, worklog)
    assert caught.value.reason == "The time entry is not in ClickUp any more."
