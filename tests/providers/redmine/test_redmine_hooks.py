"""What a Redmine's webhook requests lead to."""

import json

import pytest

from bot.integrations.hooks import HookForged, News
from bot.providers.redmine.adapter import Redmine
from tests.providers.redmine.hooks import signed_by_redmine

SECRET = "what only Redmine and Hourlink know"
ISSUE = {"id": 123, "project": {"id": 12, "name": "Website"}, "subject": "Header"}


def heard(kind: str, **data: object) -> News:
    """What Hourlink makes of an event."""
    body = {"type": kind, "timestamp": "2026-11-20T09:14:02Z", "data": data}
    return Redmine.hear(signed_by_redmine("", json.dumps(body).encode(), SECRET), SECRET)


@pytest.mark.parametrize("kind", ["issue.created", "issue.updated"])
def test_edits_lead_to_the_project(kind: str) -> None:
    """One list of changes brings them all."""
    assert heard(kind, issue=ISSUE) == News(projects=frozenset({"12"}))


def test_deleted_and_moved_issues_are_looked_at_one_by_one() -> None:
    """No list of changes shows them where they were."""
    assert heard("issue.deleted", issue=ISSUE) == News(tasks=frozenset({"123"}))
    journal = {"details": [{"property": "attr", "prop_key": "project_id", "old_value": "9"}]}
    moved = heard("issue.updated", issue=ISSUE, journal=journal)
    assert moved == News(frozenset({"12"}), frozenset({"123"}))


def test_what_changes_no_task_is_no_news() -> None:
    """Whoever chose every event costs nothing."""
    assert heard("time_entry.created", time_entry={"id": 1}) == News()


def test_an_issue_of_another_shape_leads_to_an_ordinary_sync() -> None:
    """What cannot be read is not guessed at."""
    assert heard("issue.updated", issue={"id": 123}) == News(is_wide=True)


def test_unsigned_request_is_refused() -> None:
    """A webhook that was set up without a secret proves nothing."""
    request = signed_by_redmine("", b"{}", SECRET)
    with pytest.raises(HookForged):
        Redmine.hear(request, None)
