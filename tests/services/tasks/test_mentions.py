"""Time on what a message is about (T9), on both databases."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.domain.entries.entries import OnTask
from bot.domain.people.people import Member
from bot.domain.tasks.mentions import WhichMention, read_mentions
from bot.domain.tracking.tracking import Started
from bot.domain.tracking.tracking_errors import AccountNotConnected, AlreadyOn, ProjectArchived
from bot.services.tasks.mentions import MessageTracking
from storage.projects.projects import ProjectRow
from storage.tasks import channel_defaults
from tests.builders import NOON
from tests.services.office import Office, task

LINK = "https://acme.slack.com/archives/C1/p1"


class Reader(Office):
    """The office, with the shortcut."""

    def __init__(self, database_url: str) -> None:
        super().__init__(database_url)
        self.messages = MessageTracking(self.world.uow, self.world.new_marker(), str.capitalize)

    def tracks(self, said: str, who: Member | None = None) -> Started | WhichMention:
        """*Track time on this*, on a message in a channel."""
        return self.messages.track(
            who=who or self.ana,
            mentions=read_mentions(said),
            channel_id="C0WEB",
            permalink=LINK,
            now=NOON,
        )


@pytest.fixture
def office(database_url: str) -> Iterator[Reader]:
    """Give the office."""
    made = Reader(database_url)
    yield made
    made.world.close()


@pytest.mark.parametrize(
    "said",
    [
        "please fix web-12",
        "<https://acme.test/t/WEB-12?from=chat#note-3|the header>",
        "WEB-12 (<https://acme.test/t/WEB-12>), not utf-8 or WEB-999",
    ],
)
def test_one_task_starts_at_once_and_keeps_the_message(office: Reader, said: str) -> None:
    """By key or address; what is no task does not count, the same task twice is one."""
    done = office.tracks(said)
    assert isinstance(done, Started)
    assert (done.timer.on.key, done.timer.permalink) == ("WEB-12", LINK)
    office.tracking.stop(who=office.ana, now=NOON + timedelta(hours=12))
    entries = office.entries()
    assert [entry.permalink for entry in entries] == [LINK, LINK]
    (line,) = office.timesheet.day(who=office.ana, now=NOON).lines
    assert line.permalink == LINK


def test_several_or_none_are_asked_about(office: Reader) -> None:
    """The answer keeps the message, and its own note."""
    several = office.tracks("WEB-12 or WEB-9?")
    assert isinstance(several, WhichMention)
    assert {one.on.key for one in several.candidates} == {"WEB-12", "WEB-9"}
    none = office.tracks("the footer is broken")
    assert isinstance(none, WhichMention)
    assert none.candidates == ()
    assert office.entries() == []
    done = office.tracking.pick(
        who=office.ana,
        pending_id=none.pending_id,
        target=OnTask(office.web9),
        note="menu",
        now=NOON,
    )
    assert isinstance(done, Started)
    assert (done.timer.permalink, done.timer.note) == (LINK, "menu")


def test_words_suggest_what_a_message_may_be_about(office: Reader) -> None:
    """The most alike first; everything where nothing is."""
    task(office, "WEB-20", "Translate the contact page")
    found = office.messages.alike(who=office.ana, words="who mends the FOOTER links?", now=NOON)
    assert found[0].on.key == "WEB-9"
    assert len(office.messages.alike(who=office.ana, words="", now=NOON)) == 3


def test_numbers_count_where_a_channel_has_a_project(office: Reader) -> None:
    """``#12`` is nobody's number elsewhere."""
    assert isinstance(office.tracks("#12 please"), WhichMention)
    with office.world.uow.begin() as tx:
        channel_defaults.put(
            tx, office.world.team_id, "C0WEB", office.website, by=office.admin.id, now=NOON
        )
    done = office.tracks("#12 please")
    assert isinstance(done, Started)
    assert done.timer.on.key == "WEB-12"


def test_what_cannot_be_tracked_says_why(office: Reader) -> None:
    """Not connected, archived, running already."""
    with pytest.raises(AccountNotConnected):
        office.tracks("WEB-12", who=office.world.member("bo"))
    office.tracks("WEB-12")
    with pytest.raises(AlreadyOn):
        office.tracks("WEB-12")
    office.change(ProjectRow, office.website, archived_at=NOON)
    with pytest.raises(ProjectArchived):
        office.tracks("WEB-9")


def test_a_long_message_costs_no_more_than_a_short_one(office: Reader) -> None:
    """Twenty keys are one question to the database."""
    said = " ".join(f"WEB-{number}" for number in range(100, 120))
    long = office.statements(lambda: office.tracks(said))
    short = office.statements(lambda: office.tracks("WEB-100"))
    assert len(long) == len(short)
