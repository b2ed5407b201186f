"""``/track report`` and its buttons."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from bot.services.entries.files import ENTRY_FILE
from bot.services.reports.own_charts import OWN_CHART
from handlers.asking import Click
from handlers.replies import Ephemeral, OpenModal, Update, UpdateModal
from storage.outbox import OutboxRow
from tests.builders import NOON
from tests.handlers.track_desk import Desk, fits, labelled
from tests.services.office import Office


def test_a_report_turns_in_place(desk: Desk) -> None:
    """Other groupings, other periods, still about the same project."""
    office = desk.office
    for days in (1, 8):
        office.world.length(
            office.ana, office.website, office.web12, NOON - timedelta(days=days), 5400
        )
    shown = desk.types("report website")
    assert shown.text.startswith("This week, Mon 16 to Sun 22 Nov, Website: 1 h 30 m.")
    for label, said in (
        ("By day", "Thu 19 Nov: 1 h 30 m."),
        (
            "\u2190 Mon 9 to Sun 15 Nov",
            "Last week, Mon 9 to Sun 15 Nov, Website: 1 h 30 m.",
        ),
        ("By label", "No label: 1 h 30 m, 100 %."),
    ):
        element = labelled(shown, label)
        reply = desk.clicks(element["action_id"], element["value"])
        assert isinstance(reply, Update)
        shown = fits(reply.message)
        assert said in shown.text
    asked = {"who": office.ana, "now": NOON, "request_id": "", "value": element["value"]}
    for action, kind in (("report.show", UpdateModal), ("report.open", OpenModal)):
        ask = Click(action=action, view_id="V1", **asked)
        assert isinstance(desk.routes.clicks[action].handler(ask), kind)


def test_a_report_as_a_file(desk: Desk) -> None:
    """By its button or in words; the report stays and says where the file comes."""
    office = desk.office
    office.world.length(office.ana, office.website, office.web12, NOON, 5400)
    coming = "The file is on its way: it comes as a direct message from Hourlink."
    shown = desk.types("report website this month")
    assert coming not in shown.text
    element = labelled(shown, "As CSV")
    reply = desk.clicks(element["action_id"], element["value"])
    assert isinstance(reply, Update)
    again = fits(reply.message).text
    assert again.replace(f"{coming}\n", "") == shown.text != again
    ask = Click(
        action="report.file",
        view_id="V1",
        who=office.ana,
        now=NOON,
        request_id="",
        value=element["value"],
    )
    over = desk.routes.clicks["report.file"].handler(ask)
    assert isinstance(over, UpdateModal)
    assert coming in str(over.modal.blocks)
    assert coming in desk.types("report last 30 days csv").text
    assert len(owed(office)) == 2
    assert "nothing to put into a file" in desk.types("report last month csv").text
    assert len(owed(office)) == 2
    drawn = "The chart is on its way: it comes as a direct message from Hourlink."
    assert drawn in fits(desk.clicks("report.chart", element["value"]).message).text
    assert "nothing to draw" in desk.types("report last month chart").text
    assert len(owed(office, OWN_CHART)) == 1
    refused = desk.clicks("report.file", "m2026-11-01|task|p999|0")
    assert isinstance(refused, Ephemeral)
    assert "no longer there" in refused.message.text


def owed(office: Office, kind: str = ENTRY_FILE) -> list[OutboxRow]:
    """The files that are to be sent."""
    with office.world.uow.read() as tx:
        return list(tx.entities.scalars(select(OutboxRow).where(col(OutboxRow.kind) == kind)))


@pytest.mark.parametrize(
    "value",
    [
        *("", "x", "m2026-11-01", "m2026-11-01|task", "m2026-11-01|rubbish||0", "m0|task||0"),
        *("m2026-11-01|task|q1|0", "m2026-11-01|task|p|0", "m2026-11-01|task||-1"),
        *(
            "m2026-11-01|task|p" + "9" * 40 + "|0",
            "m2026-11-01|task|,|0",
            "m2026-11-01|task|p999|0",
        ),
    ],
)
def test_a_forged_report_is_refused_in_words(desk: Desk, value: str) -> None:
    """And nothing breaks."""
    reply = desk.clicks("report.show", value)
    assert isinstance(reply, Ephemeral)
    assert "no longer there" in reply.message.text


def test_what_is_not_understood_is_said(desk: Desk) -> None:
    """A slip in a period, in a grouping, in a name."""
    assert "is no period" in desk.types("report 2026-W60").text
    assert "goes by project, task" in desk.types("report by height").text
    assert "neither a period nor a project" in desk.types("report lst week").text
    assert "from mon to today" in desk.types("help report").text
