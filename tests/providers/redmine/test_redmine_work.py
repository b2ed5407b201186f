"""What a Redmine may answer to what is written to it: time, and issues marked done."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.integrations.errors import (
    ProviderRefused,
    ProviderUnavailable,
)
from tests.http_server import Say
from tests.providers.redmine.told import ENTRY, ISSUE, PROJECT, WORKLOG, listed, redmine


async def test_a_status_dropped_in_silence_is_a_refusal(tmp_path: Path) -> None:
    """204, and the issue is open as before."""
    closed = {"id": 5, "name": "Closed", "is_closed": True}
    issue = {**ISSUE, "allowed_statuses": [closed]}
    async with redmine(tmp_path, {"GET /issues/123.json": {"issue": issue}}) as (adapter, server):
        with pytest.raises(ProviderRefused, match="kept #123 open"):
            await adapter.complete("123")
    assert {"issue": {"status_id": 5}} in [request.body for request in server.seen]


async def test_no_way_to_close_is_a_refusal_without_trying(tmp_path: Path) -> None:
    """The workflow of the key's role has no closed status for this issue."""
    async with redmine(tmp_path, {}) as (adapter, server):
        with pytest.raises(ProviderRefused, match="workflow"):
            await adapter.complete("123")
    assert {request.method for request in server.seen} == {"GET"}


async def test_time_booked_on_somebody_else_is_taken_back(tmp_path: Path) -> None:
    """A Redmine that ignores the person would change the author in silence."""
    async with redmine(tmp_path, {}) as (adapter, server):
        with pytest.raises(ProviderRefused) as caught:
            await adapter.write_time(replace(WORKLOG, account_id="8"))
    assert "other people" in caught.value.reason
    assert server.seen[-1].method == "DELETE"
    assert server.seen[-2].body["time_entry"]["user_id"] == 8


async def test_a_refused_booking_keeps_redmines_words(tmp_path: Path) -> None:
    """*Activity cannot be blank*, in whatever language the site speaks."""
    said = Say(422, body={"errors": ["Aktivität muss ausgefüllt werden", "Datum ist ungültig"]})
    async with redmine(tmp_path, {"POST /time_entries.json": said}) as (adapter, _):
        with pytest.raises(ProviderRefused) as caught:
            await adapter.write_time(WORKLOG)
    assert caught.value.reason == "Aktivität muss ausgefüllt werden; Datum ist ungültig"


async def test_a_booking_of_unknown_outcome_is_not_repeated(tmp_path: Path) -> None:
    """A 500 may have booked; the outbox looks for the marker before it tries again."""
    answers: dict[str, object] = {
        "POST /time_entries.json": Say(500, body=""),
        "GET /time_entries.json": listed("time_entries", {**ENTRY, "comments": None}, ENTRY),
    }
    async with redmine(tmp_path, answers) as (adapter, server):
        with pytest.raises(ProviderUnavailable):
            await adapter.write_time(WORKLOG)
        assert [request.method for request in server.seen].count("POST") == 1
        found = await adapter.find_time(WORKLOG)
    assert found is not None
    assert found.external_id == "501"
    assert server.seen[-1].query["comments"] == "~7f1c"


@pytest.mark.parametrize(
    ("default", "offered", "expected"),
    [
        ("Development", [(8, "Design"), (31, "Development")], 31),
        ("Retired", [(8, "Design")], 8),
        (None, [(8, "Design"), (9, "Development")], 8),
        ("Development", [], None),
    ],
)
async def test_the_activity_is_the_default_one_or_the_first(
    tmp_path: Path, default: str | None, offered: list[tuple[int, str]], expected: int | None
) -> None:
    """A project's own version of an activity has the same name and another id."""
    activities = [{"id": i, "name": name} for i, name in offered]
    site_wide = [{"id": 9, "name": default, "is_default": True}] if default else []
    answers: dict[str, object] = {
        "GET /projects/12.json": {"project": {**PROJECT, "time_entry_activities": activities}},
        "GET /enumerations/time_entry_activities.json": {"time_entry_activities": site_wide},
    }
    async with redmine(tmp_path, answers) as (adapter, server):
        await adapter.write_time(WORKLOG)
    assert server.seen[-1].body["time_entry"].get("activity_id") == expected


async def test_a_long_note_is_cut_and_the_marker_is_not(tmp_path: Path) -> None:
    """Redmine keeps 1024 characters; without its marker an entry would be booked twice."""
    async with redmine(tmp_path, {}) as (adapter, server):
        await adapter.write_time(replace(WORKLOG, note="long\nnote " * 500))
        await adapter.write_time(replace(WORKLOG, note="", account_id=None))
    first, second = [s.body["time_entry"]["comments"] for s in server.seen if s.method == "POST"]
    assert len(first) == 1024
    assert first.endswith(" [hl:7f1c]")
    assert "\n" not in first
    assert second == "Mia K [hl:7f1c]"
