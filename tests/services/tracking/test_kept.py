"""What was refused for want of an account, done once it is connected: on both databases."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest

from bot.domain.clock_times import Ago
from bot.domain.people.people import Member
from bot.domain.tasks.task_refs import KeyRef
from bot.domain.tracking.tracking import Logged, Started
from bot.domain.tracking.tracking_errors import AccountNotConnected, AlreadyAnswered
from bot.services.tracking.kept import KeptEntries
from tests.builders import NOON
from tests.services.office import Office

DAY = timedelta(days=1)


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """Give the office."""
    made = Office(database_url)
    yield made
    made.world.close()


@pytest.fixture
def bo(office: Office) -> Member:
    """Somebody who is not connected."""
    return office.world.member("bo")


@pytest.fixture
def kept(office: Office) -> KeptEntries:
    """What can be done later."""
    return KeptEntries(office.world.uow, office.world.new_marker(), str)


def _refused(office: Office, bo: Member, *, log: bool = False) -> AccountNotConnected:
    ref = KeyRef("WEB-12")
    if log:
        with pytest.raises(AccountNotConnected) as refused:
            office.time_log.log(
                who=bo, ref=ref, amount=3600, day=None, note="review", now=NOON, request_id="r1"
            )
    else:
        with pytest.raises(AccountNotConnected) as refused:
            office.tracking.start(who=bo, ref=ref, when=Ago(900), note="menu", now=NOON)
    return refused.value


def test_nothing_is_offered_before_they_may_track_it(
    office: Office, bo: Member, kept: KeptEntries
) -> None:
    """Rights are asked anew: without an account there is still nothing to start."""
    asked = _refused(office, bo)
    offer = kept.offer(who=bo, pending_id=asked.pending_id, target=asked.target, now=NOON)
    assert offer is None


@pytest.mark.parametrize("log", [False, True])
def test_it_is_done_with_its_note_and_time_and_once(
    office: Office,
    bo: Member,
    kept: KeptEntries,
    log: bool,  # noqa: FBT001 - a case
) -> None:
    """The task is named once it may be read; a second click does nothing more."""
    asked = _refused(office, bo, log=log)
    office.connect(bo)
    office.world.joins(bo, office.website)
    offer = kept.offer(who=bo, pending_id=asked.pending_id, target=asked.target, now=NOON)
    assert offer is not None
    assert offer.on is not None
    assert (offer.on.short, offer.is_log) == ("WEB-12", log)
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


def test_it_is_ones_own_and_not_kept_for_ever(
    office: Office, bo: Member, kept: KeptEntries
) -> None:
    """Nobody else's click does it, and after a day it is gone."""
    asked = _refused(office, bo)
    office.connect(bo)
    office.world.joins(bo, office.website)
    offer = partial(kept.offer, pending_id=asked.pending_id, target=asked.target)
    assert offer(who=bo, now=NOON) is not None
    assert offer(who=office.ana, now=NOON) is None
    assert offer(who=bo, now=NOON + 2 * DAY) is None
