"""Direct messages about connecting accounts: sent when they still make sense."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from typing import cast

import pytest
from sqlalchemy import text as sql_text

from bot.domain.asked_messages import AskedMessage
from bot.domain.errors import Vanished
from bot.domain.ids import OutboxId, SlackUserId, TeamId
from bot.domain.outbox import OutboxItem
from bot.domain.people.people import Member, SlackPerson
from bot.domain.people.people_lists import BatchAction, PeopleQuery
from bot.domain.slack_errors import SlackRefused, SlackTryLater, TokenRejected
from bot.domain.states import AccountLinkState
from bot.domain.tasks.task_refs import KeyRef
from bot.domain.tracking.tracking_errors import AccountNotConnected
from bot.integrations.registry import Registry
from bot.jobs.deliveries.people import PeopleDeliveries
from bot.jobs.directory import Directory
from bot.services.members import Members
from bot.services.people.batches import PeopleBatches
from bot.services.people.listing import PeopleLists
from bot.services.pool import Pool
from bot.services.tracking.kept import KeptEntries
from bot.services.tracking.timer import Tracking
from bot.slack import Posted, Slack
from bot.views.message import Message
from playground.rules import check_message
from storage import asked_messages
from storage.members import MemberRow
from storage.people import account_link_changes
from tests.builders import NOON, World
from tests.services.people.office import LATER, Office, Owed

FACES = {descriptor.slug: descriptor for descriptor in Registry.load().descriptors()}


@dataclass
class Mailbox:
    """Slack's side: who was told what."""

    told: list[tuple[str, str]] = field(default_factory=list)
    blocks: list[object] = field(default_factory=list)
    """Of the last message."""
    refuses: Exception | None = None
    listed: int = 0
    shown: list[tuple[Posted, str, int]] = field(default_factory=list)
    """What messages were made to say: which, what, and how many buttons are left."""
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    async def update(self, team_id: TeamId, posted: Posted, message: Message) -> None:
        """A message says something else."""
        del team_id
        if self.refuses is not None:
            raise self.refuses
        check_message(list(message.blocks), message.text)
        buttons = sum(len(one["elements"]) for one in message.blocks if one["type"] == "actions")
        self.shown.append((posted, message.text, buttons))

    async def post(
        self, team_id: TeamId, to: str, message: Message, *, marker: str | None = None
    ) -> Posted:
        """A direct message."""
        del team_id, marker
        if self.refuses is not None:
            raise self.refuses
        check_message(list(message.blocks), message.text)
        self.told.append((to, message.text))
        self.blocks = list(message.blocks)
        return Posted(f"D{to}", f"1.{next(self._numbers)}")

    async def people(self, team_id: TeamId) -> list[SlackPerson]:
        """The list of people."""
        del team_id
        self.listed += 1
        if self.refuses is not None:
            raise self.refuses
        return [SlackPerson(SlackUserId("U0NEW"), "Nell", None, "UTC")]


@dataclass
class Post:
    """What is owed, and its delivery."""

    office: Office
    mailbox: Mailbox
    pool: Pool
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        slack = cast("Slack", self.mailbox)
        world = self.office.world
        kept = KeptEntries(world.uow, world.new_marker(), str)
        self.kinds = PeopleDeliveries(
            slack, self.pool, self.office.approvals, FACES, kept=kept, clock=lambda: LATER
        ).kinds()

    def delivers(self, owed: list[Owed] | None = None) -> list[tuple[str, str]]:
        """Everything owed is sent; what arrived where."""
        self.mailbox.told.clear()
        for one in self.office.owed() if owed is None else owed:
            self.delivers_one(one)
        return list(self.mailbox.told)

    def delivers_one(self, one: Owed) -> None:
        """One row is sent."""
        number = next(self._numbers)
        item = OutboxItem(
            id=OutboxId(number),
            team_id=self.office.world.team_id,
            kind=one.kind,
            payload=cast("dict[str, int | str | None]", one.payload),
            marker=f"m{number}",
            attempts=0,
            may_have_happened=False,
        )

        async def deliver() -> None:
            await self.kinds[one.kind](item)

        asyncio.run(deliver())


@pytest.fixture
def post(database_url: str) -> Iterator[Post]:
    """An office with its post, on each kind of database."""
    pool = Pool(1)
    world = World(database_url)
    yield Post(Office(world), Mailbox(), pool)
    pool.close()
    world.close()


@pytest.fixture
def mia(post: Post) -> Member:
    """Who is asked, and whose account nothing proves."""
    return post.office.world.member("mia", email=None)


def test_every_message_reaches_its_person(post: Post, mia: Member) -> None:
    """Asked, reminded, approved, disconnected; admins asked and told of a contest."""
    office = post.office
    account = office.world.account(office.board, "M")
    office.asked(mia, account)
    ((to, text),) = post.delivers()
    assert (to, text[:21]) == ("U0MIA", "Ana asks you to conne")
    office.deadlines.remind_due(LATER.replace(day=23))
    assert post.delivers()[0][1].startswith("A reminder")
    office.confirms(mia)
    ((to, text),) = post.delivers()
    assert (to, text[:5]) == ("U0ANA", "*Mia*")
    link = office.link(mia)
    office.approvals.approve(office.ana, link.id, link.request, LATER)
    assert post.delivers()[0][1].startswith("Ana approved your choice. Connected")
    ben = office.world.member("ben")
    office.asked(ben, account=None)
    office.picks(ben, account)
    assert any("*Ben* claims the" in text for to, text in post.delivers() if to == "U0ANA")
    office.links.disconnect(office.ana, link.id, LATER)
    assert post.delivers()[0][1].startswith("Ana disconnected your")


def test_one_admins_answer_shows_where_the_others_were_asked(post: Post, mia: Member) -> None:
    """U3: nobody is left with an *Approve* that has nothing to approve; each choice by itself."""
    office, world = post.office, post.office.world
    world.member("bo", admin=True)
    office.asked(mia)
    office.picks(mia, world.account(office.board, "First"))
    post.delivers()
    office.picks(mia, world.account(office.board, "Second"))
    post.delivers()
    asked = {"DU0ANA", "DU0BO"}
    assert {one.channel_id for one, _, _ in post.mailbox.shown} == asked
    assert {text for _, text, _ in post.mailbox.shown} == {
        "*Mia* waits for an approval of the *File board* account *Second* (acme board)."
    }
    first = {one for one, _, _ in post.mailbox.shown}
    post.mailbox.shown.clear()
    link = office.link(mia)
    office.approvals.approve(office.ana, link.id, link.request, LATER)
    post.delivers()
    assert {one.channel_id for one, _, _ in post.mailbox.shown} == asked
    assert not first & {one for one, _, _ in post.mailbox.shown}
    for _, text, buttons in post.mailbox.shown:
        assert text.startswith("Approved by Ana, ")
        assert "*Mia* has the *File board* account *Second*" in text
        assert not buttons
    post.mailbox.shown.clear()
    office.links.disconnect(office.ana, link.id, LATER)
    post.delivers()
    assert not post.mailbox.shown


def test_an_admin_who_is_asked_too_late_sees_the_answer(post: Post, mia: Member) -> None:
    """Somebody answered while the question was on its way; a message that is gone is let be."""
    office = post.office
    office.asked(mia)
    office.picks(mia, office.world.account(office.board, "M"))
    link = office.link(mia)
    asked = AskedMessage(office.ana.id, "D1", "1.0")
    office.owed()
    office.approvals.refuse(office.ana, link.id, link.request, LATER)
    office.approvals.asked(office.ana.team_id, link.id, link.request, asked, LATER)
    post.delivers()
    [(where, text, _)] = post.mailbox.shown
    assert (where, text[:15]) == (Posted("D1", "1.0"), "Refused by Ana,")
    office.approvals.asked(office.ana.team_id, link.id, link.request, asked, LATER)
    post.mailbox.refuses = SlackRefused("message_not_found")
    post.delivers()


def test_the_member_sees_it_where_they_were_told_to_wait(post: Post, mia: Member) -> None:
    """U3: approved or not, nothing there says any more that an admin is asked."""
    office = post.office
    office.asked(mia)
    office.picks(mia, office.world.account(office.board, "M"))
    here = AskedMessage(mia.id, "DMIA", "5.0")
    office.links.waits_in(mia, office.link(mia), here, LATER)
    office.owed()
    link = office.link(mia)
    office.approvals.refuse(office.ana, link.id, link.request, LATER)
    post.delivers()
    [(where, text, buttons)] = post.mailbox.shown
    assert (where, buttons) == (Posted("DMIA", "5.0"), 0)
    assert text == "You were asked again which account in *File board* (acme board) is yours."
    post.mailbox.shown.clear()
    office.picks(mia, office.world.account(office.board, "N"))
    office.owed()
    link = office.link(mia)
    office.approvals.approve(office.ana, link.id, link.request, LATER)
    office.links.waits_in(mia, link, here, LATER)
    post.delivers()
    [(_, text, _)] = post.mailbox.shown
    assert text.startswith("Connected: ")


def test_an_answer_under_way_is_waited_for(postgresql_url: str) -> None:
    """Or a message kept beside it would never hear of it."""
    office = Office(World(postgresql_url))
    mia = office.world.member("mia", email=None)
    office.asked(mia)
    office.picks(mia, office.world.account(office.board, "M"))
    link, team = office.link(mia), office.world.team_id
    asked = AskedMessage(office.ana.id, "D1", "1.0")
    was = (link.state, link.request)
    with ThreadPoolExecutor(1) as others:
        with office.world.uow.begin() as tx:
            account_link_changes.move(
                tx, team, link.id, was=was, becomes=AccountLinkState.WITHDRAWN
            )
            keeping = others.submit(
                office.approvals.asked, team, link.id, link.request, asked, LATER
            )
            with pytest.raises(TimeoutError):
                keeping.result(0.5)
        keeping.result(60)
    with office.world.uow.read() as tx:
        assert not asked_messages.about(tx, team, f"account_link:{link.id}:{link.request}")
    office.world.close()


def test_many_at_once_show_their_answers_too(post: Post, mia: Member) -> None:
    """*Withdraw* for everybody who is ticked."""
    office = post.office
    office.asked(mia)
    office.picks(mia, office.world.account(office.board, "M"))
    post.delivers()
    new_marker = office.world.new_marker()
    batches = PeopleBatches(office.world.uow, office.invitations, new_marker)
    lists = PeopleLists(office.world.uow)
    query = lists.start_choosing(office.ana, PeopleQuery(office.board), LATER).query
    lists.tick_all(office.ana, query)
    found = batches.preview(office.ana, query, BatchAction.WITHDRAW, LATER)
    batches.do(office.ana, query, BatchAction.WITHDRAW, found.fingerprint, LATER)
    post.delivers()
    [(_, text, _)] = post.mailbox.shown
    assert text.startswith("Withdrawn by Ana")


def test_an_approval_brings_what_was_refused_before(post: Post, mia: Member) -> None:
    """Whoever waited for an admin does not have to remember what they wanted to start."""
    office, world = post.office, post.office.world
    source, website = world.provider_project(office.board, "Acme Web"), world.project()
    world.link(source, website)
    world.task(office.board, source, "WEB-12", "Fix the header")
    world.joins(mia, website)
    tracking = Tracking(world.uow, world.new_marker(), str)
    with pytest.raises(AccountNotConnected):
        tracking.start(who=mia, ref=KeyRef("WEB-12"), now=LATER)
    office.asked(mia)
    office.picks(mia, world.account(office.board, "M"))
    link = office.link(mia)
    office.owed()
    office.approvals.approve(office.ana, link.id, link.request, LATER)
    assert post.delivers()[0][1].endswith("You wanted to start a timer on *WEB-12 Fix the header*.")
    assert "Start WEB-12" in str(post.mailbox.blocks)
    payload: dict[str, object] = {"account_link_id": link.id, "request": link.request}
    ((_, text),) = post.delivers([Owed("account.proven", payload)])
    assert text.startswith("Connected: ")
    assert "Start WEB-12" in str(post.mailbox.blocks), "after signing in at the tool's own page too"


def test_a_refusal_reaches_the_member(post: Post, mia: Member) -> None:
    """With the way to choose again."""
    office = post.office
    office.asked(mia)
    office.picks(mia, office.world.account(office.board, "M"))
    link = office.link(mia)
    office.owed()
    office.approvals.refuse(office.ana, link.id, link.request, LATER)
    assert post.delivers()[0][1].startswith("Ana did not approve your choice")


def test_what_became_of_an_account_in_its_tool_reaches_the_member(post: Post, mia: Member) -> None:
    """Switched off, then deleted: what is true when it is sent, with the next step as a button."""
    office = post.office
    account = office.world.account(office.board, "M")
    office.world.connected(mia, office.board, account)
    link = office.link(mia)
    payload: dict[str, object] = {"account_link_id": link.id, "request": link.request}
    ((to, text),) = post.delivers([Owed("account.switched_off", payload)])
    assert (to, "is switched off there" in text) == ("U0MIA", True)
    assert post.delivers([Owed("account.gone", payload)]) == []
    with office.world.engine.begin() as connection:
        connection.execute(sql_text("UPDATE account_link SET state = 'ended'"))
    ((to, text),) = post.delivers([Owed("account.gone", payload)])
    assert "deleted, or merged into another" in text
    assert post.delivers([Owed("account.switched_off", payload)]) == []


def test_what_is_over_is_not_said_any_more(post: Post, mia: Member) -> None:
    """Withdrawn, replaced, answered or left meanwhile: an old message does not go out."""
    office = post.office
    account = office.world.account(office.board, "M")
    first = office.asked(mia, account)
    owed = office.owed()
    office.asked(mia, account)
    office.owed()
    assert post.delivers(owed) == []
    office.confirms(mia)
    asked = office.owed()
    link = office.link(mia)
    office.approvals.refuse(office.ana, link.id, link.request, LATER)
    assert post.delivers(asked) == []
    office.invitations.withdraw(office.ana, first.id, LATER)
    assert post.delivers() == []
    office.asked(mia)
    office.deactivates(mia.id)
    assert post.delivers() == []


def test_who_is_no_admin_any_more_is_not_asked(post: Post, mia: Member) -> None:
    """Approvals are for those who may approve when the message goes out."""
    office = post.office
    office.asked(mia)
    office.picks(mia, office.world.account(office.board, "M"))
    asked = office.owed("approval.ask")
    office.sets(MemberRow, office.ana.id, slack_admin=False)
    with pytest.raises(Vanished):
        post.delivers(asked)


def test_somebody_who_cannot_be_messaged_is_marked(post: Post, mia: Member) -> None:
    """Slack refuses for good: admins see it in the list; the next message that arrives mends it."""
    office = post.office
    office.asked(mia)
    post.mailbox.refuses = SlackRefused("cannot_dm_bot")
    with pytest.raises(SlackRefused):
        post.delivers()
    assert office.link(mia).unreachable == "cannot_dm_bot"
    post.mailbox.refuses = None
    office.puts(office.link(mia).id, unreachable="cannot_dm_bot")
    link = office.link(mia)
    again = Owed("invitation.send", {"account_link_id": link.id, "request": link.request})
    post.delivers([again])
    assert office.link(mia).unreachable is None


@pytest.mark.parametrize("error", [SlackTryLater(5), TokenRejected("token_revoked")])
def test_slacks_own_trouble_marks_nobody(post: Post, mia: Member, error: Exception) -> None:
    """A busy Slack or our own dead token says nothing about the person."""
    post.office.asked(mia)
    post.mailbox.refuses = error
    with pytest.raises(type(error)):
        post.delivers()
    assert post.office.link(mia).unreachable is None


def test_the_list_of_people_is_asked_for_once_in_a_while(post: Post) -> None:
    """Two admins at once wait for one list; minutes later it is asked for anew."""
    now = [NOON]
    members = Members(post.office.world.uow, post.office.world.new_marker())
    slack = cast("Slack", post.mailbox)
    directory = Directory(slack, members, post.pool, lambda: now[0])
    team_id = post.office.world.team_id

    async def both() -> None:
        await asyncio.gather(directory.refresh(team_id), directory.refresh(team_id))

    asyncio.run(both())
    assert post.mailbox.listed == 1
    assert members.find(team_id, SlackUserId("U0NEW")) is not None
    now[0] = LATER
    asyncio.run(directory.refresh(team_id))
    assert post.mailbox.listed == 2
    post.mailbox.refuses = SlackTryLater(30)
    now[0] = LATER.replace(hour=20)
    for _ in range(2):
        with pytest.raises(SlackTryLater):
            asyncio.run(directory.refresh(team_id))
    assert post.mailbox.listed == 4
