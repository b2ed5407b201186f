"""What was refused for want of an account, done once it is connected: on both databases."""

from datetime import datetime, timedelta
from functools import partial

import pytest

from bot.domain.clock_times import Ago
from bot.domain.entries.entries import OnTask
from bot.domain.people.people import Member
from bot.domain.tasks.mentions import Mentions
from bot.domain.tasks.task_refs import KeyRef
from bot.domain.tracking.tracking import KeptOffer, Logged, Started
from bot.domain.tracking.tracking_errors import AccountNotConnected, AlreadyAnswered
from bot.services.tasks.mentions import MessageTracking
from bot.services.tracking.kept import KeptEntries
from storage.people import account_links
from tests.builders import NOON
from tests.services.office import Office

DAY = timedelta(days=1)


@pytest.fixture
def bo(office: Office) -> Member:
    """Somebody who is not connected."""
    return office.world.member("bo")


@pytest.fixture
def kept(office: Office) -> KeptEntries:
    """What can be done later."""
    return KeptEntries(office.world.uow, office.world.new_marker(), str)


def _refused(office: Office, bo: Member, key: str = "WEB-12", *, log: bool = False) -> None:
    ref = KeyRef(key)
    if log:
        with pytest.raises(AccountNotConnected):
            office.time_log.log(
                who=bo, ref=ref, amount=3600, day=None, note="review", now=NOON, request_id="r1"
            )
    else:
        with pytest.raises(AccountNotConnected):
            office.tracking.start(who=bo, ref=ref, when=Ago(900), note="menu", now=NOON)


def _offer(
    office: Office, kept: KeptEntries, who: Member, now: datetime = NOON
) -> KeptOffer | None:
    """What is offered to somebody whose account on the board is connected now."""
    with office.world.uow.read() as tx:
        link = account_links.between(tx, who.team_id, who.id, office.board)
    assert link is not None
    return kept.offer(link, now)


def test_nothing_is_offered_before_they_may_track_it(
    office: Office, bo: Member, kept: KeptEntries
) -> None:
    """Rights are asked anew: who is not on the project has nothing to start there."""
    _refused(office, bo)
    office.connect(bo)
    assert _offer(office, kept, bo) is None
    office.world.joins(bo, office.website)
    assert _offer(office, kept, bo) is not None


@pytest.mark.parametrize("log", [False, True])
def test_it_is_done_with_its_note_and_time_and_once(
    office: Office,
    bo: Member,
    kept: KeptEntries,
    log: bool,  # noqa: FBT001 - a case
) -> None:
    """The task is named once it may be read; a second click does nothing more."""
    _refused(office, bo, log=log)
    office.connect(bo)
    office.world.joins(bo, office.website)
    offer = _offer(office, kept, bo)
    assert offer is not None
    assert offer.on is not None
    assert (offer.on.short, offer.is_log) == ("WEB-12", log)
    assert (offer.seconds, offer.note) == ((3600, "review") if log else (None, "menu"))
    pick = partial(
        office.tracking.pick,
        who=bo,
        pending_id=offer.pending_id,
        target=offer.on.target,
        now=NOON,
    )
    done = pick()
    if log:
        assert isinstance(done, Logged)
        assert (done.seconds, done.note) == (3600, "review")
    else:
        assert isinstance(done, Started)
        assert (done.timer.seconds, done.timer.note) == (900, "menu")
    with pytest.raises(AlreadyAnswered):
        pick()
    assert _offer(office, kept, bo) is None, "it is done"


@pytest.mark.parametrize("log", [False, True])
def test_a_key_whose_task_was_not_read_yet_is_found_once_it_is(
    office: Office,
    bo: Member,
    kept: KeptEntries,
    log: bool,  # noqa: FBT001 - a case
) -> None:
    """The first sync takes a while; who typed the right key has not to search for it."""
    _refused(office, bo, "WEB-77", log=log)
    office.connect(bo)
    office.world.joins(bo, office.website)
    before = _offer(office, kept, bo)
    assert before is not None
    assert before.on is None, "nothing has that key yet"
    office.world.task(office.board, office.source, "WEB-77", "Menu")
    offer = _offer(office, kept, bo)
    assert offer is not None
    assert offer.on is not None
    assert (offer.on.short, offer.is_log) == ("WEB-77", log)


def test_it_is_ones_own_and_not_kept_for_ever(
    office: Office, bo: Member, kept: KeptEntries
) -> None:
    """Nobody else's click does it, and after a day it is gone."""
    _refused(office, bo)
    office.connect(bo)
    office.world.joins(bo, office.website)
    assert _offer(office, kept, bo) is not None
    assert _offer(office, kept, office.ana) is None
    assert _offer(office, kept, bo, NOON + 2 * DAY) is None


def test_a_button_and_a_message_are_kept_as_well(
    office: Office, bo: Member, kept: KeptEntries
) -> None:
    """*Start* in an old message, and *Track time on this*: the latest of them is offered."""
    with pytest.raises(AccountNotConnected):
        office.tracking.start_on(who=bo, target=OnTask(office.web9), now=NOON)
    office.connect(bo)
    office.world.joins(bo, office.website)
    offer = _offer(office, kept, bo)
    assert offer is not None
    assert offer.on is not None
    assert offer.on.short == "WEB-9"
    cleo = office.world.member("cleo")
    with pytest.raises(AccountNotConnected):
        MessageTracking(office.world.uow, office.world.new_marker(), str).track(
            who=cleo,
            mentions=Mentions(keys=("WEB-12",)),
            channel_id=None,
            permalink="https://acme.slack.com/archives/C1/p1",
            now=NOON,
        )
    office.connect(cleo)
    office.world.joins(cleo, office.website)
    offer = _offer(office, kept, cleo)
    assert offer is not None
    assert offer.on is not None
    assert offer.on.short == "WEB-12"
