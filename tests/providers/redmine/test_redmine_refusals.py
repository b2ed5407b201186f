"""What a Redmine that takes no time is made to say, and whose record an id is by now."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.integrations.errors import ProviderRefused
from tests.http_server import Say
from tests.providers.redmine.told import ENTRY, PROJECT, WORKLOG, listed, redmine

MEMBERS = "GET /projects/12/memberships.json"
BEA = listed("memberships", {"id": 1, "user": {"id": 8, "name": "Bea"}, "roles": [{"id": 4}]})
FORBIDDEN = Say(403, body={"errors": []})


def role(*permissions: str) -> dict[str, Any]:
    """As Redmine shows one."""
    return {"role": {"id": 4, "name": "Developer", "permissions": list(permissions)}}


def invalid(said: str) -> Say:
    """Redmine's answer to what it cannot take."""
    return Say(422, body={"errors": [said]})


@pytest.mark.parametrize(
    ("members", "permissions", "for_anyone"),
    [
        (BEA, ("view_issues", "log_time"), True),
        (BEA, ("view_issues",), False),
        (listed("memberships"), ("log_time",), False),
        (Say(403, body=""), ("log_time",), False),
    ],
)
async def test_time_is_booked_on_another_only_where_its_person_may_not_log(
    tmp_path: Path, members: object, permissions: tuple[str, ...], *, for_anyone: bool
) -> None:
    """A limit of hours a day, say, is for one person: nobody else's name is a way around it."""
    answers = {
        "POST /time_entries.json": invalid("Cannot log more than 8h on the same day"),
        MEMBERS: members,
        "GET /roles/4.json": role(*permissions),
    }
    async with redmine(tmp_path, answers) as (adapter, _):
        with pytest.raises(ProviderRefused) as caught:
            await adapter.write_time(replace(WORKLOG, account_id="8"))
    assert caught.value.for_anyone is for_anyone
    assert caught.value.reason == "Cannot log more than 8h on the same day"


async def test_a_closed_project_is_named(tmp_path: Path) -> None:
    """Redmine says that the person is invalid, which nobody would understand."""
    answers: dict[str, object] = {
        "POST /time_entries.json": invalid("User is invalid"),
        "GET /projects/12.json": {"project": {**PROJECT, "status": 5}},
        MEMBERS: BEA,
        "GET /roles/4.json": role("log_time"),
    }
    async with redmine(tmp_path, answers) as (adapter, _):
        with pytest.raises(ProviderRefused, match="User is invalid") as caught:
            await adapter.write_time(replace(WORKLOG, account_id="8"))
    assert caught.value.reason == "Redmine takes no time on a closed project. Reopen it there."
    assert caught.value.for_anyone


async def test_what_is_hidden_is_said_to_be(tmp_path: Path) -> None:
    """An archived project answers 403 to everybody, for its issues and its time."""
    answers: dict[str, object] = {
        "GET /issues/123.json": FORBIDDEN,
        "GET /time_entries/501.json": FORBIDDEN,
    }
    async with redmine(tmp_path, answers) as (adapter, _):
        with pytest.raises(ProviderRefused) as writing:
            await adapter.write_time(WORKLOG)
        with pytest.raises(ProviderRefused) as recalling:
            await adapter.recall_time("501", WORKLOG)
    assert "must not be archived" in writing.value.reason
    assert "archived" in recalling.value.reason


async def test_a_right_that_is_missing_is_named(tmp_path: Path) -> None:
    """Redmine's own answer is an empty one; its stock roles may log time and not change it."""
    answers: dict[str, object] = {
        "POST /time_entries.json": FORBIDDEN,
        "PUT /time_entries/501.json": FORBIDDEN,
        "DELETE /time_entries/501.json": FORBIDDEN,
    }
    async with redmine(tmp_path, answers) as (adapter, _):
        with pytest.raises(ProviderRefused) as logging:
            await adapter.write_time(WORKLOG)
        with pytest.raises(ProviderRefused) as changing:
            await adapter.update_time("501", WORKLOG)
        with pytest.raises(ProviderRefused) as removing:
            await adapter.delete_time("501")
    assert '"Log spent time"' in logging.value.reason
    assert '"Edit own time logs"' in changing.value.reason
    assert removing.value.reason == changing.value.reason


@pytest.mark.parametrize(
    ("fields", "is_named"),
    [
        ([{"name": "Centre", "customized_type": "time_entry", "is_required": True}], True),
        ([{"name": "Centre", "customized_type": "issue", "is_required": True}], False),
        ([{"name": "Centre", "customized_type": "time_entry", "is_required": False}], False),
        ([{"name": "Place", "customized_type": "time_entry", "is_required": True}], False),
        (None, False),
    ],
)
async def test_a_field_that_nobody_can_fill_here_is_named(
    tmp_path: Path, fields: list[object] | None, *, is_named: bool
) -> None:
    """In every language; administrators alone see which are required."""
    seen = Say(403, body="") if fields is None else {"custom_fields": fields}
    answers: dict[str, object] = {
        "POST /time_entries.json": invalid("Centre muss ausgefüllt werden"),
        "GET /custom_fields.json": seen,
    }
    async with redmine(tmp_path, answers) as (adapter, _):
        with pytest.raises(ProviderRefused) as caught:
            await adapter.write_time(WORKLOG)
    assert caught.value.reason.startswith("Centre muss ausgefüllt werden")
    assert ("default value" in caught.value.reason) is is_named


@pytest.mark.parametrize(
    ("changed", "is_ours"),
    [
        ({"comments": "tidied by hand"}, True),
        ({"comments": None, "hours": 2.0}, True),
        ({"comments": "tidied", "user": {"id": 9, "name": "Bea"}}, False),
        ({"comments": "tidied", "issue": {"id": 124}}, False),
        ({"comments": "tidied", "issue": None}, False),
        ({"comments": "Other [hl:9b2d]"}, False),
    ],
)
async def test_an_id_is_ours_while_person_and_issue_are(
    tmp_path: Path, changed: dict[str, object], *, is_ours: bool
) -> None:
    """Redmine gives the id of a removed entry to another one on SQLite."""
    answers: dict[str, object] = {"GET /time_entries/501.json": {"time_entry": ENTRY | changed}}
    async with redmine(tmp_path, answers) as (adapter, _):
        found = await adapter.recall_time("501", WORKLOG)
        gone = await adapter.recall_time("502", WORKLOG)
    assert (found is not None) is is_ours
    assert gone is None
