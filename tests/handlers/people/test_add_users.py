"""Asking people to connect: the form, whom it finds, and whom it asks."""

import pytest
from sqlalchemy import select
from sqlmodel import col

from bot.domain.errors import AdminOnly, Vanished
from bot.domain.ids import SlackUserId, TeamId
from bot.domain.people.people import SlackPerson
from bot.domain.people.people_errors import NobodyChosen
from bot.domain.slack_errors import SlackRefused, SlackTryLater
from bot.domain.states import AccountLinkState
from bot.services.members import Members
from handlers.asking import Lookup
from handlers.grammar.link_values import LinkUsers, UserById, UserByName
from handlers.replies import Choices, UpdateModal
from storage.people.account_links import AccountLinkRow
from tests.builders import NOON
from tests.handlers.people_desk import Desk, draft, shown, state

OWN = ("connect", "confirm", "not_me", "pick", "decline")
_S = AccountLinkState


def test_only_admins_open_the_form(desk: Desk) -> None:
    """Nothing opens, and Slack is not asked; the edge asks anew about who clicks such buttons."""
    with pytest.raises(AdminOnly):
        desk.opens(LinkUsers(), desk.office.world.member("mia"))
    assert desk.refreshed == []
    open_to_all = {"people.disconnect", *(f"people.{name}" for name in OWN)}
    for action, route in desk.routes.clicks.items():
        assert route.admin == (action not in open_to_all), action


def test_people_new_in_slack_are_there(desk: Desk) -> None:
    """The whole directory is taken in before the form is filled."""
    directory = Members(desk.office.world.uow, desk.office.world.new_marker())

    async def refresh(team_id: TeamId) -> None:
        person = SlackPerson(SlackUserId("U0NEW"), "Nell New", None, "UTC")
        await desk.pool(directory.save_many, team_id, [person], NOON)

    desk.admin._refresh = refresh  # noqa: SLF001 - the one place where Slack is asked
    _, form = desk.opens(LinkUsers((UserById("U0NEW"),)))
    assert "*Nell New*: not asked yet" in shown(form)


@pytest.mark.parametrize("error", [SlackTryLater(30), SlackRefused("missing_scope")])
def test_slack_does_not_list_everybody(desk: Desk, error: Exception) -> None:
    """The form opens all the same with who is known, and says that people may be missing."""
    desk.slack_says = error
    _, form = desk.opens(LinkUsers(everyone=True))
    assert "people may be missing" in shown(form)


def test_a_name_that_means_nobody(desk: Desk) -> None:
    """The loading form turns into the reason."""
    _, form = desk.opens(LinkUsers((UserByName("zoe"),)))
    assert "Nobody here is called" in shown(form)


def test_select_all_with_three_hundred_people(desk: Desk) -> None:
    """One button, pages of twenty, one account chosen by hand on page 2, and all are asked."""
    office, world = desk.office, desk.office.world
    crowd = [SlackPerson(SlackUserId(f"U1{n:03}"), f"P {n:03}", None, "UTC") for n in range(300)]
    Members(world.uow, world.new_marker()).save_many(world.team_id, crowd, NOON)
    gus, cleo = world.member("gus", guest=True), world.member("cleo")
    world.connected(cleo, office.board, world.account(office.board, "C"))
    chosen = world.account(office.board, "Chosen by hand")
    _, form = desk.opens(LinkUsers())
    assert isinstance(form, UpdateModal)
    assert "All who can be asked: 301," in shown(form)  # Ana herself, too
    everyone = desk.clicks(
        office.ana, "people.all", metadata=form.modal.metadata, view_id="V1", fields=state()
    )
    assert "Everyone who can be asked: 301." in shown(everyone)
    second = desk.clicks(
        office.ana, "people.page", "1", metadata=everyone.modal.metadata, view_id="V1"
    )
    rows = [b["block_id"] for b in second.modal.blocks if b.get("block_id", "").startswith("row:")]
    assert len(rows) == 20
    member = rows[5].removeprefix("row:")
    picked = desk.clicks(
        office.ana,
        "people.account",
        str(chosen),
        metadata=second.modal.metadata,
        view_id="V1",
        fields=state(rows={f"m{member}": str(chosen)}),
    )
    third = desk.clicks(
        office.ana, "people.page", "2", metadata=picked.modal.metadata, view_id="V1"
    )
    back = desk.clicks(office.ana, "people.page", "1", metadata=third.modal.metadata, view_id="V1")
    assert "'initial_option': {'text': {'type': 'plain_text', 'text': 'Chosen by hand'" in shown(
        back
    )
    done = desk.sends(third.modal.metadata)
    assert "Asked 301 people" in shown(done)
    assert len(office.owed("invitation.send")) == 301
    with office.world.uow.read() as tx:
        asked = tx.execute(
            select(col(AccountLinkRow.member_id), col(AccountLinkRow.chosen_by_admin))
        ).all()
    assert [row[0] for row in asked if row[1]] == [int(member)]
    assert gus.id not in {row[0] for row in asked}


def test_a_suggestion_is_no_choice_but_a_pick_is(desk: Desk) -> None:
    """What the form suggested waits for proof; the same account picked by hand is proven."""
    office = desk.office
    mia, ben = office.world.member("mia", email=None), office.world.member("ben", email=None)
    office.world.account(office.board, "Mia")
    b = office.world.account(office.board, "Ben")
    users = [mia.slack_user_id, ben.slack_user_id]
    desk.sends(draft(desk), users, **{f"m{ben.id}": str(b)})
    assert (office.link(mia).chosen_by_admin, office.link(ben).chosen_by_admin) == (False, True)
    assert office.link(mia).account is not None


def test_an_admin_leaves_the_choice_to_the_person(desk: Desk) -> None:
    """A wrong suggestion is not sent along."""
    office = desk.office
    mia = office.world.member("mia")
    office.world.account(office.board, "Mia")
    users = [mia.slack_user_id]
    desk.sends(draft(desk), users, **{f"m{mia.id}": "0"})
    assert (office.link(mia).account, office.link(mia).chosen_by_admin) == (None, False)


def test_notify_without_anybody_or_with_a_bot_only(desk: Desk) -> None:
    """Nobody chosen is refused; who is no person here is told apart."""
    with pytest.raises(NobodyChosen):
        desk.sends(draft(desk))
    done = desk.sends(draft(desk), [SlackUserId("UBOT")])
    assert "No people of this workspace: 1" in shown(done)


def test_choosing_another_site_keeps_the_people(desk: Desk) -> None:
    """Accounts belong to a site, people do not."""
    office = desk.office
    mia = office.world.member("mia")
    other = office.world.integration(office.ana, site="other board")
    form = desk.clicks(
        office.ana,
        "people.site",
        str(other),
        metadata=f"add|{office.board}|0|some|all|0|{mia.id}:9|",
        view_id="V1",
        fields=state([mia.slack_user_id]),
    )
    assert form.modal.metadata == f"add|{other}|0|some|all|1||"
    assert "*Mia*: not asked yet" in shown(form)


def test_choosing_people_after_all(desk: Desk) -> None:
    """*Select all* can be taken back."""
    form = desk.clicks(
        desk.office.ana,
        "people.only",
        metadata=draft(desk, "all", page=3),
        view_id="V1",
        fields=state(),
    )
    assert "multi_users_select" in shown(form)


def test_the_lists_limit(desk: Desk) -> None:
    """Hundreds of accounts: at most a hundred options, and the heading says how many there are."""
    office = desk.office
    for number in range(130):
        office.world.account(office.board, f"Account {number:03}")
    ask = Lookup(
        who=office.ana,
        now=NOON,
        request_id="",
        action="people.account",
        query="",
        metadata=draft(desk, "all"),
    )
    found = desk.admin.accounts(ask)
    assert isinstance(found, Choices)
    assert sum(len(group.options) for group in found.groups) == 100
    assert found.groups[1].label == "98 of 130: type more of the name"


def test_narrowing_what_select_all_shows(desk: Desk) -> None:
    """By what speaks for an account and by name; who is looked at is not who is asked."""
    office, world = desk.office, desk.office.world
    mia, ben = world.member("mia"), world.member("ben", email=None)
    world.account(office.board, "Mia K", "mia@acme.test")
    world.account(office.board, "Ben")
    form = desk.clicks(office.ana, "people.all", metadata=draft(desk), view_id="V1", fields=state())
    inside = {"metadata": form.modal.metadata, "view_id": "V1"}
    verified = desk.clicks(office.ana, "people.hint", "verified_email", **inside)
    assert "*Mia*" in shown(verified)
    assert "*Ben*" not in shown(verified)
    none = desk.clicks(office.ana, "people.hint", "none", **inside)
    assert "*Ana*" in shown(none)
    found = desk.clicks(office.ana, "people.find", "B\u00c9N", **inside)
    assert "*Ben*" in shown(found)
    assert "*Mia*" not in shown(found)
    left_out = {f"m{ben.id}": "-1"}
    done = desk.sends(found.modal.metadata, [], **left_out)
    assert "Asked 2 people" in shown(done)
    assert office.link(mia).state is _S.INVITED
    with pytest.raises(AssertionError):
        office.link(ben)
    with pytest.raises(Vanished):
        desk.clicks(office.ana, "people.hint", "nonsense", **inside)


def test_a_second_account_in_the_form(desk: Desk) -> None:
    """A connected person's row offers another account; nobody is asked unless one is chosen."""
    office = desk.office
    mia = office.world.member("mia")
    office.world.connected(mia, office.board, office.world.account(office.board, "Mia K"))
    robot = office.world.account(office.board, "Robot")
    _, form = desk.opens(LinkUsers((UserById("U0MIA"),)))
    assert "Give a second account" in shown(form)
    users = [mia.slack_user_id]
    assert "Connected already: Mia." in shown(desk.sends(draft(desk), users))
    assert "Asked 1 person" in shown(desk.sends(draft(desk), users, **{f"m{mia.id}": str(robot)}))
