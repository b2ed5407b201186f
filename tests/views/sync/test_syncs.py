"""Direct messages about syncs."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.ids import IntegrationId, SyncRunId, TeamId
from bot.domain.states import SyncRunState
from bot.domain.sync.sync import Bookmark, IntegrationNotice, SyncPhase, SyncReport, SyncRun
from bot.views.sync import syncs as views

AT = datetime(2026, 11, 20, 14, 2, tzinfo=UTC)


def _run(**more: object) -> SyncRun:
    run = SyncRun(
        id=SyncRunId(1),
        team_id=TeamId("T0"),
        integration_id=IntegrationId(3),
        is_full=True,
        asked_by=None,
        state=SyncRunState.RUNNING,
        started_at=AT,
        ended_at=None,
        pages=2,
        requests=4,
        created=120,
        changed=3,
        unchanged=7,
        gone=1,
        error=None,
        bookmark=Bookmark(phase=SyncPhase.TASKS),
    )
    return replace(run, **more)  # type: ignore[arg-type]


def _report(run: SyncRun | None, **more: object) -> SyncReport:
    report = SyncReport(
        slack_user_id="U0ANA",
        provider="jira",
        site_name="acme.atlassian.net",
        run=run,
        next_try_at=None,
        projects=2,
        tasks=1200,
        people=5,
        about=None,
        needs_credentials=False,
        channel_id=None,
        message_ts=None,
    )
    return replace(report, **more)  # type: ignore[arg-type]


def test_from_waiting_to_the_result() -> None:
    """Each edit says where it is; the last one has tasks, people and seconds (L4)."""
    said = [
        views.report(_report(None), "Jira").text,
        views.report(_report(_run()), "Jira").text,
        views.report(
            _report(_run(state=SyncRunState.DONE, ended_at=AT + timedelta(seconds=41))), "Jira"
        ).text,
    ]
    assert said[0] == "Sync of *Jira, acme.atlassian.net* is about to start."
    assert said[1] == "Syncing *Jira, acme.atlassian.net*: reading tasks, 130 items so far."
    assert said[2] == (
        "*Jira, acme.atlassian.net* is in sync: 1,200 tasks in 2 linked projects, 5 people, "
        "in 41 seconds.\n"
        "Everything was read: 120 new, 3 changed, 1 gone, 7 as before; 4 requests."
    )


def test_a_reason_ends_with_one_full_stop() -> None:
    """Some tools speak in sentences, others in words."""
    for reason, said in (("No such field", "No such field. What"), ("It is off.", "off. What")):
        failed = _run(state=SyncRunState.FAILED, ended_at=AT, error=reason)
        text = views.report(_report(failed), "Jira").text
        assert said in text
        assert ".." not in text


@pytest.mark.parametrize("reason", ["<!channel> no", "x" * 5000])
def test_failures_fit_and_page_nobody(reason: str) -> None:
    """A provider's own words are shown short and harmless."""
    notice = IntegrationNotice(
        slack_user_id="U0ANA",
        integration_id=IntegrationId(3),
        provider="jira",
        site_name="acme",
        is_broken=True,
        is_disconnected=False,
        reason=reason,
    )
    failed = _run(state=SyncRunState.FAILED, ended_at=AT, error=reason)
    waits = _report(_run(error=reason), next_try_at=AT)
    for message in (
        views.report(_report(failed), "Jira"),
        views.report(_report(failed, needs_credentials=True), "Jira"),
        views.report(waits, "Jira"),
        views.broken(notice, "Jira"),
        views.recovered(notice, "Jira"),
    ):
        assert len(message.text) < 1500
        assert "<!channel>" not in message.text
        assert "<!channel>" not in str(message.blocks)


@pytest.mark.parametrize(
    ("about", "said"),
    [
        (("Acme Web",), "*Acme Web* of *Jira, acme.atlassian.net* is in sync: 1,200 tasks in 2"),
        (
            ("Q&A", "B"),
            "*Q&amp;A* and *B* of *Jira, acme.atlassian.net* are in sync: 1,200 tasks in 2",
        ),
        (("A", "B", "C"), "*A*, *B* and *C* of *Jira, acme.atlassian.net* are in sync"),
        (("A", "B", "C", "D", "E"), "*A*, *B*, *C* and 2 more of *Jira, acme.atlassian.net* are"),
    ],
)
def test_it_says_which_projects_were_asked_for(about: tuple[str, ...], said: str) -> None:
    """The first of them by name."""
    done = _run(state=SyncRunState.DONE, ended_at=AT + timedelta(seconds=3))
    text = views.report(_report(done, about=about), "Jira").text
    assert text.startswith(said)
