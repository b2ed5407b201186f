"""One project's page."""

from dataclasses import replace
from datetime import date

import pytest

from bot.domain.entries.entries import TaskLabel
from bot.domain.ids import (
    IntegrationId,
    ProjectId,
    TaskId,
    TimeEntryId,
)
from bot.domain.linking.overview import LastRun
from bot.domain.projects.project_summary import (
    Colour,
    Hours,
    LinkLine,
    PersonHours,
    ProjectSummary,
    RecentEntry,
    Standing,
    SyncLine,
    TaskHours,
)
from bot.domain.projects.projects import (
    EditForm,
)
from bot.domain.states import IntegrationState, SyncRunState
from bot.views.projects import forms as projects_forms
from bot.views.projects import summary as projects_summary
from bot.views.projects import table as projects_table
from bot.views.projects.place import Place, Room
from tests.builders import NOON
from tests.views.projects.samples import EVIL, FACES, RTL, source, taken


def summary(standing: Standing = Standing.ADMIN, **changes: object) -> ProjectSummary:
    """A page with everything on it."""
    run = LastRun(SyncRunState.FAILED, EVIL)
    hours = Hours(3600, 7200, 3600 * 100_000)
    found = ProjectSummary(
        id=ProjectId(1),
        name=EVIL,
        code="ABCDE",
        colour=Colour.PURPLE,
        standing=standing,
        follows_name=True,
        archived_at=None,
        is_archived_there=False,
        links=tuple(LinkLine(source(one), 1200, EVIL, NOON) for one in range(5)),
        links_total=12,
        syncs=tuple(
            SyncLine(IntegrationId(1 + one), EVIL, IntegrationState.ACTIVE, NOON, run)
            for one in range(5)
        ),
        managers=(EVIL, RTL),
        people=(RTL,) * 15,
        people_total=500,
        running=2,
        hours=hours,
        by_person=(PersonHours(RTL, hours),) * 5,
        by_person_total=500,
        by_task=(TaskHours(TaskLabel(ProjectId(1), EVIL, TaskId(1), "K-1", EVIL), hours),) * 5,
        by_task_total=6,
        recent=(
            RecentEntry(
                TimeEntryId(1),
                EVIL,
                TaskLabel(ProjectId(1), EVIL, None),
                date(2026, 11, 20),
                3600,
                EVIL,
            ),
        )
        * 5,
    )
    return replace(found, **changes)  # type: ignore[arg-type]


def test_an_admins_page_has_every_control() -> None:
    """Links with their tool, runs, people, archive; what is not shown is counted."""
    seen = taken(projects_summary.summary(summary(), Place(), FACES))
    for words in (
        "Unlink...",
        "Run history",
        "Resync tasks",
        "Open in Redmine",
        "Change people",
        "Archive...",
        "The last sync failed",
        "and 485 more",
        "and 495 more",
        "and 1 more",
        "And 7 more provider projects",
        "purple",
    ):
        assert words in seen, words


@pytest.mark.parametrize("standing", [Standing.MEMBER, Standing.MANAGER])
def test_nobody_else_has_an_admins_controls(standing: Standing) -> None:
    """Members and managers see the page and its tool, and change nothing about links."""
    seen = taken(projects_summary.summary(summary(standing), Place(), FACES))
    assert "Open in Redmine" in seen
    for words in ("Unlink...", "Run history", "Change people", "Archive...", "Name, code, colour"):
        assert words not in seen
    assert ("Your time" in seen) == (standing is Standing.MEMBER)


def test_a_table_calls_nobody() -> None:
    """Read aloud, people and tasks are words too; in the table they stand as they are."""
    many = summary(by_person=(PersonHours(EVIL, Hours(60, 60, 60)),))
    seen = taken(projects_table.as_message(many))
    assert seen.count("&lt;!channel&gt;") >= 1 + 1 + 5  # the project, a person, tasks
    assert seen.count(": 1 m, 1 m, 1 m") == 1


def test_a_page_says_how_the_project_is() -> None:
    """Archived here, archived there, internal, deleted there, disconnected."""
    here = summary(archived_at=NOON)
    assert "archived here" in taken(projects_summary.summary(here, Place(), FACES))
    assert "Bring back" in taken(projects_summary.summary(here, Place(), FACES))
    there = summary(is_archived_there=True)
    assert "archived in Redmine" in taken(projects_summary.summary(there, Place(), FACES))
    bare = summary(links=(), links_total=0, syncs=(), people=(), people_total=0, managers=())
    seen = taken(projects_summary.summary(bare, Place(), FACES))
    assert "linked to no tool" in seen
    assert "Nobody is on it" in seen
    lost = LinkLine(
        source(is_gone=True, url="", site_state=IntegrationState.DISCONNECTED), 0, None, NOON
    )
    seen = taken(projects_summary.summary(summary(links=(lost,)), Place(), FACES, note="Done."))
    for words in ("deleted or hidden in Redmine", "is disconnected", "by the link policy", "Done."):
        assert words in seen
    assert "Open in Redmine" not in seen


def test_the_form_says_where_a_followed_name_is_changed() -> None:
    """And links there; a name of its own is a field."""
    form = EditForm(ProjectId(1), EVIL[:500], "ABCDE", Colour.BLUE, None)
    place = Place().at(Room.PROJECT, 1)
    own = taken(projects_forms.edit_form(form, place, FACES))
    assert '"block_id": "name"' in own
    there = taken(projects_forms.edit_form(replace(form, named_there=source()), place, FACES))
    assert '"block_id": "name"' not in there
    assert "takes its name from Redmine" in there
    assert "https://acme.test/p" in there
