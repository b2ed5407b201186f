"""The channel message about unlinked projects."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.ids import AnnouncementId, IntegrationId, ProjectId, ProviderProjectId
from bot.domain.linking.announcements import MOST_ROWS, AnnouncedProject, Announcement, Decision
from bot.domain.linking.linking import Target
from bot.domain.states import AnnouncementState
from bot.views.linking import announcements as views
from bot.views.message import Message, option

AT = datetime(2026, 11, 20, 14, 2, tzinfo=UTC)


def _row(number: int, name: str = "", **more: object) -> AnnouncedProject:
    row = AnnouncedProject(
        id=ProviderProjectId(number),
        name=name or f"Project {number}",
        key=f"P{number}",
        workspace_name="",
        is_archived=False,
        is_gone=False,
        ignored=None,
        project=None,
        linked=None,
    )
    return replace(row, **more)  # type: ignore[arg-type]


def _found(*rows: AnnouncedProject, total: int | None = None, **more: object) -> Announcement:
    count = len(rows) if total is None else total
    waiting = sum(not row.is_open for row in rows)
    found = Announcement(
        id=AnnouncementId(7),
        integration_id=IntegrationId(3),
        provider="jira",
        site_name="acme.atlassian.net",
        is_disconnected=False,
        is_summary=False,
        channel_id="C0OPS",
        message_ts=None,
        state=AnnouncementState.PENDING,
        created_at=AT,
        total=count,
        unlinked=count - waiting,
        rows=rows,
    )
    return replace(found, **more)  # type: ignore[arg-type]


def _buttons(message: Message) -> list[tuple[str, str, str]]:
    elements = [
        element
        for block in message.blocks
        for element in [*block.get("elements", ()), block.get("accessory", {})]
    ]
    return [
        (one["text"]["text"], one["action_id"], one["value"])
        for one in elements
        if one.get("type") == "button"
    ]


def test_says_what_is_new_and_offers_three_answers_a_row() -> None:
    """Everybody reads which projects wait; admins decide in place."""
    message = views.announcement(_found(_row(1, "Acme Shop"), _row(2)), "Jira", ":jira:")
    assert message.text == (
        "2 new projects in *Jira, acme.atlassian.net* are not linked yet.\n"
        "*Acme Shop* (P1)\n*Project 2* (P2)"
    )
    assert message.blocks[0]["text"]["text"].startswith(":jira: 2 new projects")
    assert _buttons(message)[:3] == [
        ("Link to...", "announce.link_to", "1"),
        ("Create & link", "announce.create", "1"),
        ("Ignore", "announce.ignore", "1"),
    ]
    assert _buttons(message)[-2:] == [
        ("Connect all", "announce.all", "7"),
        ("Choose", "announce.choose", "7"),
    ]


def test_one_project_is_singular() -> None:
    """And needs no button for all."""
    message = views.announcement(_found(_row(1)), "Jira")
    assert message.text.startswith("1 new project in *Jira, acme.atlassian.net* is not linked yet.")
    assert len(_buttons(message)) == 3


def test_decided_rows_say_who_and_when() -> None:
    """A second admin sees at once what the first one did, and can undo an ignore."""
    message = views.announcement(
        _found(
            _row(1, "Acme Shop", project="Shop", linked=Decision("Ana Ruiz", AT)),
            _row(2, ignored=Decision("Bob", AT)),
            _row(3, project="Auto", linked=Decision(None, AT)),
        ),
        "Jira",
    )
    when = "<!date^1795183320^{date_short_pretty} {time}|2026-11-20 14:02 UTC>"
    assert f"*Acme Shop* (P1) linked to Shop by Ana Ruiz, {when}." in message.text
    assert f"ignored by Bob, {when}." in message.text
    assert "linked to Auto by the link policy" in message.text
    assert "nothing is left to decide." in message.text
    assert _buttons(message) == [("Undo", "announce.unignore", "2")]


def test_a_long_name_is_not_said_twice_in_one_line() -> None:
    """A project that a link made has the name of the tool's."""
    name = "A name that somebody chose with great care, 2026"
    decided = Decision("Ana Ruiz", AT)
    followed = views.announcement(_found(_row(1, name, project=name, linked=decided)), "Jira")
    other = views.announcement(_found(_row(1, name, project=name[:-6], linked=decided)), "Jira")
    assert f"*{name}* (P1) linked to a project of the same name by Ana Ruiz" in followed.text
    assert f"*{name}* (P1) linked to {name[:-6]} by Ana Ruiz" in other.text


def test_project_that_is_gone_or_archived_has_no_buttons() -> None:
    """Nothing is offered that would be refused."""
    message = views.announcement(_found(_row(1, is_gone=True), _row(2, is_archived=True)), "Jira")
    assert "is no longer there." in message.text
    assert "is archived." in message.text
    assert _buttons(message) == []


def test_summary_counts_and_offers_all_or_a_choice() -> None:
    """The first sync of a large site."""
    message = views.announcement(_found(total=240, is_summary=True), "Jira")
    assert message.text == "240 projects in *Jira, acme.atlassian.net* are not linked yet."
    assert [one[1] for one in _buttons(message)] == ["announce.all", "announce.choose"]
    part = views.announcement(_found(total=240, unlinked=3, is_summary=True), "Jira")
    assert part.text == "240 projects in *Jira, acme.atlassian.net*: 3 are not linked yet."


def test_beyond_the_rows_it_says_how_many_and_opens_the_list() -> None:
    """Nothing is cut in silence."""
    rows = [_row(number) for number in range(MOST_ROWS)]
    message = views.announcement(_found(*rows, total=40), "Jira")
    assert message.text.endswith("And 25 projects more.")
    assert _buttons(message)[-1] == ("Open list", "projects.open", "unlinked:3")


def test_disconnected_site_offers_nothing() -> None:
    """Its projects cannot be linked any more."""
    message = views.announcement(_found(_row(1), is_disconnected=True), "Jira")
    assert _buttons(message) == []


@pytest.mark.parametrize("name", ["x" * 500, "<!channel> & <@U1>", "\u202eright to left"])
def test_fits_slack_whatever_projects_are_called(name: str) -> None:
    """Fifty blocks, three thousand characters a section, seventy-five a button; nobody is paged."""
    rows = [_row(number, name, workspace_name=name) for number in range(MOST_ROWS)]
    message = views.announcement(_found(*rows, total=99, site_name=name[:255]), "Jira")
    assert len(message.blocks) <= 50
    assert len(message.text) < 4000
    assert "<!channel>" not in message.text
    for block in message.blocks:
        if block["type"] == "section":
            assert len(block["text"]["text"]) <= 3000
            assert "<!channel>" not in block["text"]["text"]
        for element in block.get("elements", ()):
            if element["type"] == "button":
                assert len(element["text"]["text"]) <= 75
                assert len(element.get("accessibility_label", "")) <= 75


def test_form_asks_for_a_project_and_fits() -> None:
    """Its title has 24 characters at most, and options stay within theirs."""
    form = views.link_form("<b>" * 100, ProviderProjectId(5))
    assert len(form.title) <= 24
    assert form.metadata == "5"
    assert "<b>" not in str(form.blocks)
    plain = views.link_form("Acme Shop", ProviderProjectId(5))
    assert "tasks of *Acme Shop* will be tracked on the project you choose." in str(plain.blocks)
    made = option(
        views.project_options([Target(ProjectId(1), "x" * 300, "WEB", is_connected=True)])[0]
    )
    assert len(made["text"]["text"]) <= 75
    assert made["description"]["text"] == "WEB, connected already"
