"""Time on Asana's tasks, and marking them done."""

from dataclasses import replace

import pytest

from bot.integrations.api import Worklog
from bot.integrations.context import AdapterContext
from bot.integrations.errors import ProviderRefused
from bot.providers.asana.adapter import Asana
from tests.providers.asana.stand_in import AsanaStandIn
from tests.providers.worked import SINCE, worked


@pytest.fixture
def adapter(asana: AsanaStandIn, context: AdapterContext) -> Asana:
    """Give the integration's adapter; its token is Ana's."""
    return Asana(asana.credentials, context)


@pytest.fixture
def worklog(asana: AsanaStandIn) -> Worklog:
    """Give an hour and a half of Ana's on the first task."""
    return worked(
        next(iter(asana.titles())), since=SINCE, note="Timer", by=next(iter(asana.people))
    )


async def test_entry_is_minutes_on_a_day(
    asana: AsanaStandIn, adapter: Asana, worklog: Worklog
) -> None:
    """Asana keeps no clock times; the marker is in the description, the only place there is."""
    record = await adapter.write_time(worklog)
    (kept,) = asana.time.kept.values()
    assert (kept["duration_minutes"], kept["entered_on"]) == (90, "2026-11-20")
    assert kept["description"] == "Timer [hl:7f1c]"
    assert (record.seconds, record.day) == (5400, worklog.day)


@pytest.mark.parametrize(
    ("seconds", "minutes"), [(20, 1), (60, 1), (89, 1), (90, 2), (150, 3), (5429, 90), (5430, 91)]
)
async def test_minutes_are_rounded(
    adapter: Asana, worklog: Worklog, seconds: int, minutes: int
) -> None:
    """To the nearest, and never to none, which Asana refuses."""
    record = await adapter.write_time(replace(worklog, seconds=seconds))
    assert record.seconds == minutes * 60


async def test_nobody_logs_time_as_somebody_else(
    asana: AsanaStandIn, adapter: Asana, worklog: Worklog
) -> None:
    """The token's owner would stand there, in silence; so the member is named instead."""
    _, mia, *_ = asana.people
    with pytest.raises(ProviderRefused, match="somebody else"):
        await adapter.write_time(replace(worklog, account_id=mia))
    assert asana.time.kept == {}
    await adapter.write_time(replace(worklog, account_id=None, member_name="Mia K"))
    (kept,) = asana.time.kept.values()
    assert kept["description"] == "Mia K: Timer [hl:7f1c]"


async def test_plan_without_time_tracking_says_so(
    asana: AsanaStandIn, adapter: Asana, worklog: Worklog
) -> None:
    """Comments are nobody's wish unless an admin says so; the entry shows why it is not written."""
    asana.is_paid = False
    with pytest.raises(ProviderRefused) as caught:
        await adapter.write_time(worklog)
    assert caught.value.reason.startswith("Your Asana plan has no time tracking")


async def test_approved_time_stays_as_it_is(
    asana: AsanaStandIn, adapter: Asana, worklog: Worklog
) -> None:
    """Asana's own word about it reaches the person."""
    record = await adapter.write_time(worklog)
    (kept,) = asana.time.kept.values()
    kept["approval_status"] = "APPROVED"
    with pytest.raises(ProviderRefused) as caught:
        await adapter.update_time(record.external_id, replace(worklog, seconds=60))
    assert caught.value.reason == "This time tracking entry is approved."


async def test_changed_task_moves_the_entry_once(
    asana: AsanaStandIn, adapter: Asana, worklog: Worklog
) -> None:
    """Asana cannot move one: a new one is there before the old one goes, and never two."""
    written = await adapter.write_time(worklog)
    elsewhere = replace(worklog, task_id=list(asana.titles())[1])
    await adapter.write_time(elsewhere)  # and then the process died
    moved = await adapter.update_time(written.external_id, elsewhere)
    assert [one["task"]["gid"] for one in asana.time.kept.values()] == [elsewhere.task_id]
    assert await adapter.find_time(elsewhere) == moved


async def test_entry_on_another_task_is_found(
    asana: AsanaStandIn, adapter: Asana, worklog: Worklog
) -> None:
    """The entry's task was changed while nobody knew whether the first write had arrived."""
    written = await adapter.write_time(worklog)
    elsewhere = replace(worklog, task_id=list(asana.titles())[1])
    assert await adapter.find_time(elsewhere) == written
    asana.time.are_lists_short = True
    assert await adapter.find_time(elsewhere) == written


async def test_marker_of_another_entry_is_not_taken_for_ours(
    adapter: Asana, worklog: Worklog
) -> None:
    """Markers stand in texts: 7f1 is not 7f1c, and a person's edit of the text keeps them."""
    await adapter.write_time(worklog)
    assert await adapter.find_time(replace(worklog, marker="7f1")) is None


async def test_edit_in_asana_is_seen(asana: AsanaStandIn, adapter: Asana, worklog: Worklog) -> None:
    """A conflict for a person, not something to overlook."""
    written = await adapter.write_time(worklog)
    (kept,) = asana.time.kept.values()
    kept["duration_minutes"] = 30
    found = await adapter.find_time(worklog)
    assert found is not None
    assert (found.seconds, found.external_id) == (1800, written.external_id)
    assert found.version != written.version


async def test_task_with_very_much_time_is_searched_to_its_end(
    asana: AsanaStandIn, adapter: Asana, worklog: Worklog
) -> None:
    """The marker is on the last of several pages."""
    for number in range(150):
        asana.asking = str(worklog.account_id)
        asana.time.write(
            asana.tasks[worklog.task_id],
            {"duration_minutes": 1, "entered_on": "2026-11-01", "description": f"{number}"},
        )
    written = await adapter.write_time(worklog)
    assert await adapter.find_time(worklog) == written


async def test_approval_is_given_by_marking_done(asana: AsanaStandIn, adapter: Asana) -> None:
    """A task that asks for approval has no other way to be done."""
    task_id = next(iter(asana.titles()))
    asana.change(task_id, approval="pending")
    done = await adapter.complete(task_id)
    assert (done.is_done, done.status) == (True, "approved")


async def test_subtask_is_marked_done_where_its_parent_is(
    asana: AsanaStandIn, adapter: Asana
) -> None:
    """The same task comes back as the list tells it."""
    below = asana.add_subtask("Write", next(iter(asana.titles())))
    done = await adapter.complete(below)
    assert (done.is_done, done.project_id) == (True, asana.project_id)


async def test_task_in_no_project_is_not_marked_done_unseen(
    asana: AsanaStandIn, adapter: Asana
) -> None:
    """Nobody here can see what became of it."""
    task_id = next(iter(asana.titles()))
    asana.move(task_id)
    with pytest.raises(ProviderRefused, match="in no project"):
        await adapter.complete(task_id)
    with pytest.raises(ProviderRefused) as caught:
        await adapter.complete("99999")
    assert caught.value.reason == "task: Unknown object: 99999"
