"""The list of people as it is used in Slack: filters, ticks, many at once."""

import pytest

from bot.domain.errors import Vanished
from bot.domain.people.people_errors import AccountHeld
from bot.domain.states import AccountLinkState
from bot.views.people import listing as people_list
from handlers.asking import Fields
from handlers.replies import OpenModal, UpdateModal
from tests.builders import NOON
from tests.handlers.people_desk import Desk, all_of, draft, said, shown, value
from tests.services.people.office import LATER

_S = AccountLinkState


def test_people_and_what_can_be_done(desk: Desk) -> None:
    """The list over the form; withdraw, approve and disconnect in it show the list again."""
    office, world = desk.office, desk.office.world
    mia, ben, cleo = (world.member(name, email=None) for name in ("mia", "ben", "cleo"))
    office.asked(mia)
    office.asked(ben)
    office.picks(ben, world.account(office.board, "B"))
    link = world.connected(cleo, office.board, world.account(office.board, "C"))
    board = str(office.board)
    over = desk.clicks(
        office.ana, "people.status", board, metadata=draft(desk, "all"), view_id="V1"
    )
    assert isinstance(over, OpenModal)
    alone = desk.clicks(office.ana, "people.status", board)
    assert isinstance(alone, UpdateModal)
    inside = {"metadata": alone.modal.metadata, "view_id": "V2"}
    done = desk.clicks(office.ana, "people.withdraw", str(office.link(mia).id), **inside)
    assert "Withdrawn by Ana" in shown(done)
    done = desk.clicks(office.ana, "people.approve", value(desk, ben), **inside)
    assert "Approved by Ana" in shown(done)
    done = desk.clicks(office.ana, "people.disconnect", str(link), **inside)
    assert "*Cleo* was disconnected from *" in shown(done)
    assert "What they tracked stays." in shown(done)
    assert "approval now" not in shown(done)
    assert "was disconnected" in said(desk.clicks(office.ana, "people.disconnect", str(link))).text
    turned = desk.clicks(office.ana, people_list.PAGE, "1", **inside)
    assert isinstance(turned, UpdateModal)
    again = all_of(desk.clicks(office.ana, "people.invite", board, **inside))
    assert [type(reply) for reply in again] == [UpdateModal, UpdateModal]


def test_narrowing_searching_and_turning_pages(desk: Desk) -> None:
    """The list follows a filter, a search, a page; another site begins anew."""
    office, world = desk.office, desk.office.world
    mia, ben = world.member("mia"), world.member("ben")
    office.asked(mia)
    office.asked(ben)
    office.links.decline(ben, office.link(ben).id, 1, NOON)
    other = world.integration(office.ana, site="other board")
    form = desk.clicks(office.ana, "people.status", str(office.board))
    inside = {"metadata": form.modal.metadata, "view_id": "V2"}
    declined = desk.clicks(office.ana, "people.shown", "declined", **inside)
    assert "*Ben*" in shown(declined)
    assert "*Mia*" not in shown(declined)
    found = desk.clicks(office.ana, "people.search", "mia", **inside)
    assert "1 account link matches \u201cmia\u201d" in shown(found)
    assert "*Ben*" not in shown(found)
    elsewhere = desk.clicks(office.ana, "people.list_site", str(other), **inside)
    assert "other board" in shown(elsewhere)
    assert "3 people were not asked yet" in shown(elsewhere)
    for action, given in (("people.shown", "x"), ("people.list_page", "x"), ("people.search", "")):
        with pytest.raises(Vanished):
            desk.clicks(office.ana, action, given, metadata="add|1|0|all|all|0||")
    with pytest.raises(Vanished):
        desk.clicks(office.ana, "people.shown", "nonsense", **inside)


def test_a_batch_from_ticking_to_its_result(desk: Desk) -> None:
    """Choose several, tick, continue, look, back, and do it; the list says what was done."""
    office, world = desk.office, desk.office.world
    mia, ben = world.member("mia"), world.member("ben")
    links = [office.asked(one) for one in (mia, ben)]
    form = desk.clicks(office.ana, "people.status", str(office.board))
    inside = {"metadata": form.modal.metadata, "view_id": "V2"}
    form = desk.clicks(office.ana, "people.choose", **inside)
    assert "*0 are ticked*" in shown(form)
    nobody = desk.submits(form.modal, "people.list", Fields({}))
    assert "Nobody is ticked yet" in shown(nobody)
    form = desk.clicks(office.ana, "people.tick_all", metadata=form.modal.metadata, view_id="V2")
    assert "*2 are ticked*" in shown(form)
    boxes = next(
        one
        for block in form.modal.blocks
        if (one := str(block.get("block_id"))).startswith("ticks:")
    )
    ticked = {boxes: {"value": {"selected_options": [{"value": str(links[0].id)}]}}}
    form = desk.submits(form.modal, "people.list", Fields(ticked))
    assert "1 is ticked" in shown(form)
    preview = desk.clicks(
        office.ana, "people.batch", "withdraw", metadata=form.modal.metadata, view_id="V2"
    )
    assert "*Withdraw: 1 person*" in shown(preview)
    back = desk.clicks(office.ana, "people.back", metadata=preview.modal.metadata, view_id="V2")
    assert "1 is ticked" in shown(back)
    assert office.link(mia).state is _S.INVITED
    office.links.decline(mia, links[0].id, 1, LATER)
    changed = desk.submits(preview.modal, "people.do", Fields({}))
    assert "Something about them changed meanwhile" in shown(changed)
    back = desk.clicks(office.ana, "people.back", metadata=form.modal.metadata, view_id="V2")
    assert "are ticked" in shown(back) or "is ticked" in shown(back)
    cleared = desk.clicks(
        office.ana, "people.tick_none", metadata=back.modal.metadata, view_id="V2"
    )
    assert "*0 are ticked*" in shown(cleared)
    form = desk.clicks(office.ana, "people.tick_all", metadata=cleared.modal.metadata, view_id="V2")
    form = desk.submits(form.modal, "people.list", Fields({}))
    preview = desk.clicks(
        office.ana, "people.batch", "withdraw", metadata=form.modal.metadata, view_id="V2"
    )
    done = desk.submits(preview.modal, "people.do", Fields({}))
    assert "Withdrew the requests to 1 person. It means nothing where they stand: Mia." in shown(
        done
    )
    assert office.link(ben).state is _S.WITHDRAWN
    plain = desk.clicks(office.ana, "people.browse", metadata=form.modal.metadata, view_id="V2")
    assert "'Search'" in shown(plain)


def test_refusing_and_what_the_member_sees(desk: Desk) -> None:
    """Refused, the other admin reads by whom, and the member chooses again."""
    office = desk.office
    mia = office.world.member("mia", email=None)
    office.asked(mia)
    office.picks(mia, office.world.account(office.board, "B"))
    asked = value(desk, mia)
    for _ in range(2):
        refused = said(desk.clicks(office.ana, "people.refuse", asked))
        assert refused.text.startswith("Refused by Ana")
    assert (
        "Which *File board* account"
        in said(desk.clicks(mia, "people.not_me", value(desk, mia))).text
    )


def test_approving_what_is_held(desk: Desk) -> None:
    """The admin learns by whom; the question stays to be refused."""
    office = desk.office
    mia, ben = office.world.member("mia", email=None), office.world.member("ben")
    account = office.world.account(office.board, "B")
    office.asked(mia)
    office.picks(mia, account)
    office.world.connected(ben, office.board, account)
    with pytest.raises(AccountHeld):
        desk.clicks(office.ana, "people.approve", value(desk, mia))
