"""What a Jira's webhook requests lead to."""

import json
from typing import Any

import pytest

from bot.integrations.hooks import HookForged, HookRequest, News
from bot.providers.jira.adapter import Jira
from tests.providers.jira.hooks import headers

SECRET = "It's a Secret to Everybody"
ISSUE = {"id": "10412", "key": "OPS-12", "fields": {"project": {"id": "10001"}}}


def heard(event: str, issue: object = None, *changed: str) -> News:
    """What Hourlink makes of an event."""
    told: dict[str, Any] = {"webhookEvent": event, "issue": issue or ISSUE}
    if changed:
        told["changelog"] = {"items": [{"field": field} for field in changed]}
    return Jira.hear(signed(json.dumps(told).encode()), SECRET)


def signed(body: bytes) -> HookRequest:
    """A request as Jira signs one."""
    sent = {name.lower(): value for name, value in headers(body, SECRET).items()}
    return HookRequest("https://hourlink.test/hooks/x", sent, body)


def test_signature_is_the_documented_one() -> None:
    """The example of the WebSub form: a known secret, body and digest."""
    digest = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    request = HookRequest("", {"x-hub-signature": f"sha256={digest}"}, b"Hello, World!")
    assert Jira.hear(request, SECRET) == News(is_wide=True)
    with pytest.raises(HookForged):
        Jira.hear(HookRequest("", {"x-hub-signature": digest}, b"Hello, World!"), SECRET)


def test_edits_lead_to_the_project() -> None:
    """One list of changes brings them all, however many requests there are."""
    for event in ("jira:issue_created", "jira:issue_updated"):
        assert heard(event) == News(projects=frozenset({"10001"}))


def test_deleted_and_moved_issues_are_looked_at_one_by_one() -> None:
    """No list of changes shows them where they were."""
    assert heard("jira:issue_deleted") == News(tasks=frozenset({"10412"}))
    moved = heard("jira:issue_updated", None, "project", "Key", "summary")
    assert moved == News(frozenset({"10001"}), frozenset({"10412"}))


@pytest.mark.parametrize("event", ["project_created", "project_updated", "project_deleted"])
def test_projects_lead_to_an_ordinary_sync(event: str) -> None:
    """New ones are announced within seconds."""
    assert heard(event) == News(is_wide=True)


@pytest.mark.parametrize("event", ["comment_created", "worklog_updated", "sprint_started"])
def test_what_changes_no_task_is_no_news(event: str) -> None:
    """An administrator who ticked every event costs nothing."""
    assert heard(event) == News()


def test_an_issue_of_another_shape_leads_to_an_ordinary_sync() -> None:
    """What cannot be read is not guessed at."""
    assert heard("jira:issue_updated", {"id": "10412"}) == News(is_wide=True)
