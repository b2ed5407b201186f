"""Time that is there, and time made from forms and messages, as people meet it in Slack."""

from collections.abc import Iterator

import pytest

from playground.driver import Person
from tests.scenarios.forging import forging
from tests.scenarios.prepared import OTHER, TASK, Office, eventually, linked_board, said
from tests.scenarios.story import SLOW


@pytest.fixture(scope="module")
def office(shared_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Give a linked board; each test has a person of its own."""
    with linked_board(shared_database_url, tmp_path_factory.mktemp("entries")) as made:
        yield made


def test_t7_a_confirmation_is_edited_in_place(office: Office) -> None:
    """Log, *Edit* under the confirmation, *Save*: the same message says what it is now."""
    bo = office.member("bo")
    said(bo, f"/track log 1h {TASK} yesterday layout")
    before = len(bo.messages("general"))
    bo.clicks("Edit", channel="general")
    bo.sees("Edit time")
    bo.fills("Length", "nonsense")
    bo.sees("no length of time")
    bo.fills("Length", "1h30m")
    bo.sees("1 h 30 m on ")
    bo.chooses("Task or project", "TASK-5", typing="blog")
    assert bo.submits() == {}
    bo.sees("1 h is now 1 h 30 m", channel="general")
    assert len(bo.messages("general")) == before
    bo.clicks("Edit", channel="general")
    bo.clicks("History")
    bo.sees("you: changed it")
    bo.closes()
    bo.clicks("Delete", confirm=True)
    bo.sees("Deleted TASK-5")
    bo.closes()
    bo.clicks("Undo", on="Deleted", channel="general")
    bo.sees("Brought TASK-5", channel="general")

    # Slack lets nobody edit the confirmation any more: a new private message says what happened.
    bo.types(f"/track start {TASK} -10m", channel="general")
    stop = bo.sees("Started TASK-12", channel="general").raw["blocks"][-1]["elements"][0]
    with forging(office.installation) as forger:
        forger.click("track.stop", stop["value"], user="U0BO", response_url=forger.spent)
        bo.sees("Stopped TASK-12 Fix the header", channel="app", timeout=SLOW)
    bo.clicks("Undo", on="Stopped", channel="app")
    bo.sees("Took back the stop", channel="app")


def test_t9_time_is_logged_in_a_form(office: Office) -> None:
    """The global shortcut: sentences under the fields, a live total, and the last choice."""
    dan = office.member("dan")
    dan.uses_shortcut("Log time")
    dan.sees("Task or project")
    dan.chooses("Task or project", "TASK-12", typing="header")
    dan.fills("Length", "12")
    assert "no length of time" in dan.submits()["Length"]
    dan.fills("Length", "1h30m")
    dan.sees("Today with this: 1 h 30 m.")
    dan.chooses("How", "From and to")
    dan.chooses("How", "A length")
    dan.fills("Note", "layout")
    assert dan.submits() == {}
    dan.sees("Logged 1 h 30 m to TASK-12 Fix the header", channel="app", timeout=SLOW)
    dan.uses_shortcut("Log time")
    modal = dan.sees("Task or project")
    assert "1h30m" in modal.text
    assert "TASK-12" in modal.text
    dan.closes()


def test_t9_a_message_in_a_thread_is_tracked(office: Office) -> None:
    """One task starts at once, and the answer stands in the thread; several are a choice."""
    cleo, ana = office.member("cleo"), office.ana
    ana.types("The header again", channel="general")
    root = ana.messages("general")[-1].ts
    ana.types(f"that is https://board.acme.test/tasks/web-12, {TASK}", "general", thread=root)
    cleo.uses_shortcut("Track time on this", on="that is", channel="general")
    eventually(lambda: _in_thread(cleo, root, "Started TASK-12"), "the answer in the thread")
    assert not any(one.holds("Started TASK-12") for one in ana.messages("general", root))
    listed = said(cleo, "/track today")
    assert "TASK-12" in listed

    ana.types(f"either {OTHER} or TASK-11", channel="general")
    cleo.uses_shortcut("Track time on this", on="either", channel="general")
    cleo.sees("mentions 2 tasks")
    cleo.chooses("Task", "TASK-11")
    cleo.submits()
    cleo.sees("arted TASK-11", channel="general", timeout=SLOW)

    ana.types("somebody mend the cookie notice", channel="general")
    cleo.uses_shortcut("Track time on this", on="cookie", channel="general")
    cleo.sees("names no task")
    cleo.chooses("Task", "Cookie notice", typing="")
    cleo.fills("Note", "as asked")
    cleo.submits()
    cleo.sees("Cookie notice people can dismiss", channel="general", timeout=SLOW)


def test_t10_a_link_shows_its_task(office: Office) -> None:
    """The key and *Start*; details in the channel of the project; nothing where others read."""
    ana = office.member("ana")
    link = "https://board.acme.test/TASK-9"
    ana.types(f"see {link}", channel="general")
    eventually(lambda: ana.messages("general")[-1].raw["attachments"], "the preview")
    shown = ana.messages("general")[-1]
    assert shown.holds("TASK-9")
    assert not shown.holds("Search across pages")
    ana.clicks("Start", on=link, channel="general")
    ana.sees("Started TASK-9", channel="general")

    ana.types('/link channel-default "Acme Web"', channel="web")
    ana.sees("Acme Web", channel="web")
    ana.types(f"see {link}", channel="web")
    eventually(lambda: ana.messages("web")[-1].raw["attachments"], "the preview")
    assert ana.messages("web")[-1].holds("Search across pages and blog")
    assert ana.messages("web")[-1].holds("tracked of 14 h estimated")
    ana.types(f"again {link}", channel="web")
    ana.types("https://board.acme.test/TASK-11", channel="web")
    eventually(lambda: ana.messages("web")[-1].raw["attachments"], "the other preview")
    assert ana.messages("web")[-2].raw["attachments"] == []


def _in_thread(person: Person, root: str, text: str) -> bool:
    return any(one.holds(text) for one in person.messages("general", root))
