from datetime import timedelta
from functools import partial

import pytest

from bot.domain.errors import AdminOnly, Vanished
from bot.domain.ids import MemberId, ProviderAccountId, SlackUserId, TeamId
from bot.domain.people.account_links import Choice, Reply, SkipReason, Strength
from bot.domain.people.add_users import UsersQuery
from bot.domain.people.people import SlackPerson
from bot.domain.people.people_errors import NotConnectedNow, PersonNotFound, SiteDisconnected
from bot.domain.states import AccountLinkState
from bot.services.members import Members
from tests.builders import NOON
from tests.services.people.office import LATER, Office
from tests.statements import asked

_S = AccountLinkState
DAY = timedelta(days=1)


def test_everybody_is_listed_with_where_they_stand(office: Office) -> None:
    """Suggestions by verified address and by name, connected people with their account."""
    mia, ben, cleo = (office.world.member(name) for name in ("mia", "ben", "cleo"))
    k = office.world.account(office.board, "K", "mia@acme.test")
    b = office.world.account(office.board, "Ben")
    c = office.world.account(office.board, "Someone else")
    office.world.connected(cleo, office.board, c)
    listed = {
        one.person.id: (one.account.id if one.account else None, one.strength, one.state)
        for one in office.candidates(office.ana, mia, ben, cleo)
    }
    assert listed == {
        office.ana.id: (None, None, None),
        mia.id: (k, Strength.VERIFIED_EMAIL, None),
        ben.id: (b, Strength.NAME, None),
        cleo.id: (c, None, _S.CONNECTED),
    }


def test_an_admins_choice_stays_with_its_person(office: Office) -> None:
    """Chosen for Mia, the account is suggested to her again, and to nobody of that name."""
    mia, ben = office.world.member("mia", email=None), office.world.member("ben", email=None)
    account = office.world.account(office.board, "Ben")
    office.asked(mia, account, chosen=True)
    found = {c.person.id: c for c in office.candidates(mia, ben)}
    hint = found[mia.id].account
    assert hint is not None
    assert hint.id == account
    assert found[ben.id].account is None


def test_each_person_asked_gets_one_message(office: Office) -> None:
    """One message each, with the number of its request; the log names who asked whom."""
    people = [office.world.member(name) for name in ("mia", "ben")]
    choices = [Choice(person.id) for person in people]
    invited = office.invitations.invite(office.ana, office.board, [*choices, *choices], NOON)
    assert set(invited.invited) == {person.id for person in people}
    owed = office.owed("invitation.send")
    assert sorted(str(item.payload) for item in owed) == sorted(
        str({"account_link_id": office.link(person).id, "request": 1}) for person in people
    )
    assert office.audited() == ["account_link.invite"] * 2  # a line for each person asked
    assert office.link(people[0]).asked_by == "Ana"


def test_who_is_left_out_and_why(office: Office) -> None:
    """Each person who is not asked is named with the reason; the others are asked."""
    cleo, gus, dora, max_, wen = (
        office.world.member(name, guest=name == "gus")
        for name in ("cleo", "gus", "dora", "max", "wen")
    )
    held = office.world.account(office.board, "Held")
    off = office.world.account(office.board, "Off")
    office.switches_off(off)
    office.world.connected(cleo, office.board, held)
    office.deactivates(dora.id)
    waiting = office.world.member("waiting", email=None)
    office.asked(waiting, office.world.account(office.board, "W"))
    office.confirms(waiting)
    choices = [
        Choice(cleo.id),
        Choice(gus.id, named=False),
        Choice(dora.id),
        Choice(max_.id, held, chosen=True),
        Choice(wen.id, off),
        Choice(waiting.id),
        Choice(MemberId(987)),
    ]
    invited = office.invitations.invite(office.ana, office.board, choices, NOON)
    assert invited.invited == ()
    assert [(skip.name, skip.reason) for skip in invited.skipped] == [
        ("Cleo", SkipReason.CONNECTED),
        ("Gus", SkipReason.GUEST),
        ("Dora", SkipReason.DEACTIVATED),
        ("Max", SkipReason.ACCOUNT_HELD),
        ("Wen", SkipReason.ACCOUNT_UNAVAILABLE),
        ("Waiting", SkipReason.AWAITING),
        ("", SkipReason.UNKNOWN),
    ]


def test_a_guest_is_asked_by_name(office: Office) -> None:
    """Naming a guest is enough."""
    gus = office.world.member("gus", guest=True)
    assert office.asked(gus).state is _S.INVITED


def test_choosing_the_account_of_somebody_who_waits_asks_them_anew(office: Office) -> None:
    """The admin knows better than the pick that waits."""
    mia = office.world.member("mia", email=None)
    office.asked(mia)
    office.picks(mia, office.world.account(office.board, "N"))
    link = office.asked(mia, office.world.account(office.board, "O"), chosen=True)
    assert (link.state, link.chosen_by_admin) == (_S.INVITED, True)
    assert office.confirms(mia).reply is Reply.CONNECTED


def test_asking_again_keeps_what_an_admin_chose(office: Office) -> None:
    """The same account once more, this time taken from the list: still an admin's choice."""
    mia = office.world.member("mia", email=None)
    account = office.world.account(office.board, "M")
    office.asked(mia, account, chosen=True)
    assert office.asked(mia, account).chosen_by_admin
    assert not office.asked(mia).chosen_by_admin


@pytest.mark.parametrize("state", [_S.DECLINED, _S.EXPIRED, _S.WITHDRAWN, _S.ENDED])
def test_everybody_may_be_asked_again(office: Office, state: AccountLinkState) -> None:
    """Whatever came of the last request, the next is a fresh one."""
    mia = office.world.member("mia")
    office.puts(office.asked(mia).id, state=state, reminded_at=NOON, decided_at=NOON)
    link = office.asked(mia, now=LATER)
    assert (link.state, link.request, link.decided_at) == (_S.INVITED, 2, None)
    assert link.expires_at == LATER + 7 * DAY


def test_only_admins_ask(office: Office) -> None:
    """The service asks the database, whatever the button showed."""
    mia = office.world.member("mia")
    link = office.asked(mia)
    with pytest.raises(AdminOnly):
        office.invitations.invite(mia, office.board, [Choice(mia.id)], NOON)
    with pytest.raises(AdminOnly):
        office.candidates(mia, who=mia)
    with pytest.raises(AdminOnly):
        office.invitations.withdraw(mia, link.id, NOON)
    with pytest.raises(AdminOnly):
        office.invitations.find(mia, [], ["ben"])


def test_a_site_that_is_gone_cannot_ask(office: Office) -> None:
    """Another team's site is nowhere; a disconnected one says so."""
    eve = office.world.member("eve", admin=True, team_id=office.world.team())
    with pytest.raises(Vanished):
        office.invitations.invite(eve, office.board, [], NOON)
    office.disconnects_board()
    with pytest.raises(SiteDisconnected):
        office.candidates(office.ana)


def test_what_is_connected_cannot_be_withdrawn(office: Office) -> None:
    """A connection is ended, not withdrawn."""
    mia = office.world.member("mia")
    link_id = office.world.connected(mia, office.board, office.world.account(office.board))
    with pytest.raises(NotConnectedNow):
        office.invitations.withdraw(office.ana, link_id, NOON)


def test_people_are_found_by_what_was_typed(office: Office) -> None:
    """Slack's mentions, and names typed by hand when exactly one person is meant."""
    mia, max_ = office.world.member("mia"), office.world.member("max")
    find = office.invitations.find
    assert [m.id for m in find(office.ana, [mia.slack_user_id], ["MAX"])] == [mia.id, max_.id]
    assert [m.id for m in find(office.ana, [], ["mi"])] == [mia.id]
    with pytest.raises(PersonNotFound) as problem:
        find(office.ana, [], ["m"])
    assert problem.value.matches == ("Max", "Mia")
    for nobody in ("zoe", "...", ""):
        with pytest.raises(PersonNotFound):
            find(office.ana, [], [nobody])


def test_requests_expire_after_seven_days(office: Office) -> None:
    """Not a moment before; and only what waits for an answer."""
    mia, ben = office.world.member("mia"), office.world.member("ben", email=None)
    office.asked(mia)
    office.asked(ben, office.world.account(office.board, "B"))
    office.confirms(ben)
    assert office.deadlines.expire_due(NOON + 7 * DAY - timedelta(seconds=1)) == 0
    assert office.deadlines.expire_due(NOON + 7 * DAY) == 1
    assert office.deadlines.expire_due(NOON + 7 * DAY) == 0
    assert (office.link(mia).state, office.link(ben).state) == (_S.EXPIRED, _S.AWAITING_APPROVAL)


def test_one_reminder_after_two_days(office: Office) -> None:
    """Once, then silence; not to who answered, cannot be reached, left, or began alone."""
    people = {name: office.world.member(name) for name in ("mia", "far", "gone", "no", "alone")}
    for name, person in people.items():
        if name != "alone":
            office.asked(person)
    office.puts(office.link(people["far"]).id, unreachable="cannot_dm_bot")
    office.deactivates(people["gone"].id)
    refusal = office.link(people["no"])
    office.links.decline(people["no"], refusal.id, refusal.request, LATER)
    office.links.connect_alone(people["alone"], office.board, NOON)
    office.owed()
    assert office.deadlines.remind_due(NOON + 2 * DAY - timedelta(seconds=1)) == 0
    assert office.deadlines.remind_due(NOON + 2 * DAY) == 1
    assert office.deadlines.remind_due(NOON + 5 * DAY) == 0
    (owed,) = office.owed("invitation.remind")
    assert owed.payload == {"account_link_id": office.link(people["mia"]).id, "request": 1}


def test_a_fresh_request_has_its_own_reminder(office: Office) -> None:
    """Asked again a week later, the two days count from then."""
    mia = office.world.member("mia")
    office.asked(mia)
    office.deadlines.remind_due(NOON + 2 * DAY)
    office.asked(mia, now=NOON + 3 * DAY)
    assert office.deadlines.remind_due(NOON + 4 * DAY) == 0
    assert office.deadlines.remind_due(NOON + 5 * DAY) == 1


def test_a_thousand_overdue_requests_expire_in_bounded_batches(office: Office) -> None:
    """One look at the clock never holds the database for long."""
    choices = _crowd(office, 450)
    office.invitations.invite(office.ana, office.board, choices, NOON)
    late = NOON + 7 * DAY
    assert [office.deadlines.expire_due(late) for _ in range(4)] == [200, 200, 50, 0]


def test_asking_three_hundred_people_takes_as_many_questions_as_asking_three(
    office: Office,
) -> None:
    """No question to the database is asked once a person."""
    few, many = _crowd(office, 3), _crowd(office, 300, start=100)
    assert _statements(office, few) == _statements(office, many)
    assert len(office.owed("invitation.send")) == 303


def test_five_thousand_people_are_listed(office: Office) -> None:
    """A whole company in the form."""
    _crowd(office, 5000)
    page = office.users.page(office.ana, UsersQuery(office.board, everyone=True))
    assert (page.able, page.listed, page.pages) == (5001, 5001, 251)
    assert len(page.candidates) == 20


def _crowd(office: Office, size: int, start: int = 1000) -> list[Choice]:
    directory = Members(office.world.uow, office.world.new_marker())
    people = [
        SlackPerson(SlackUserId(f"U1{n}"), f"Person {n}", f"p{n}@acme.test", "UTC")
        for n in range(start, start + size)
    ]
    directory.save_many(office.world.team_id, people, NOON)
    users = tuple(person.user_id for person in people)
    return office.users.choices(office.ana, UsersQuery(office.board, users), {})


def _statements(office: Office, choices: list[Choice]) -> int:
    invite = partial(office.invitations.invite, office.ana, office.board, choices, NOON)
    return len(asked(office.world.engine, invite))


def test_the_whole_list_of_people_is_taken_in(office: Office) -> None:
    """New people, new names, who left and when; bots never, and admins named here stay so."""
    directory = Members(office.world.uow, office.world.new_marker())
    mia = office.world.member("mia")

    def told(name: str, *, gone: bool = False, bot: bool = False) -> SlackPerson:
        return SlackPerson(
            SlackUserId(f"U0{name.upper()}"),
            f"{name} New",
            None,
            "Asia/Tokyo",
            is_bot=bot,
            is_deactivated=gone,
        )

    people = [told("mia", gone=True), told("zoe"), told("robot", bot=True)]
    directory.save_many(office.world.team_id, people, NOON)
    directory.save_many(office.world.team_id, people, LATER)
    page = office.users.page(office.ana, UsersQuery(office.board, everyone=True))
    assert {c.person.name for c in page.candidates} == {"Ana", "zoe New"}
    found = directory.find(TeamId(office.world.team_id), mia.slack_user_id)
    assert found is not None
    assert (found[0].name, found[0].is_active, found[1]) == ("mia New", False, LATER)


def test_an_unknown_account_is_not_offered(office: Office) -> None:
    """A made-up account id in a forged form asks nobody."""
    mia = office.world.member("mia")
    choice = Choice(mia.id, ProviderAccountId(999), chosen=True)
    invited = office.invitations.invite(office.ana, office.board, [choice], NOON)
    assert [skip.reason for skip in invited.skipped] == [SkipReason.ACCOUNT_UNAVAILABLE]
