"""Clicks that come at the same moment, and what one costs."""

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from bot.domain.people.account_links import Answer, Choice, Reply
from bot.domain.states import AccountLinkState
from tests.builders import NOON
from tests.services.people.office import LATER, Office
from tests.statements import asked

_S = AccountLinkState
WEEK = timedelta(days=7)


def test_a_race_for_one_account_has_one_winner(office: Office) -> None:
    """Twelve people click at the same moment: the database decides, nobody sees an error."""
    account = office.world.account(office.board, "M")
    people = [office.world.member(f"p{number}") for number in range(12)]
    for person in people:
        office.asked(person, account, chosen=True)
    office.owed()
    answers = _at_once([partial(office.confirms, person) for person in people])
    assert sorted(answer.reply for answer in answers) == [Reply.CONNECTED] + [Reply.HELD] * 11
    assert sum(office.link(person).state is _S.CONNECTED for person in people) == 1
    assert len(office.owed("account.contested")) == 11


def test_one_persons_clicks_at_once_are_one(office: Office) -> None:
    """Ten deliveries of one click at the same moment: one move, one message to the admin."""
    mia = office.world.member("mia", email=None)
    link = office.asked(mia, office.world.account(office.board, "Mia"))
    office.owed()
    click = partial(office.links.confirm, mia, link.id, link.request, LATER)
    assert {answer.reply for answer in _at_once([click] * 10)} == {Reply.AWAITING}
    assert len(office.owed("approval.ask")) == 1


def test_beginning_twice_at_once_makes_one_request(office: Office) -> None:
    """`/track connect` on two phones: one row, the same question on both."""
    mia = office.world.member("mia")
    begin = partial(office.links.connect_alone, mia, office.board, NOON)
    answers = _at_once([begin] * 6)
    assert len({answer.link.id for answer in answers}) == 1
    assert {answer.link.request for answer in answers} == {1}


def _at_once(acts: list[Callable[[], Answer]]) -> list[Answer]:
    answers: list[Answer] = []
    problems: list[Exception] = []
    ready = threading.Barrier(len(acts))

    def run(act: Callable[[], Answer]) -> None:
        ready.wait()
        try:
            answers.append(act())
        except Exception as problem:  # noqa: BLE001 - shown below
            problems.append(problem)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    return answers


def test_confirming_takes_few_questions(office: Office) -> None:
    """The click answers within Slack's patience however large the team is."""
    people = [office.world.member(f"p{number}") for number in range(30)]
    choices = [Choice(person.id) for person in people]
    office.invitations.invite(office.ana, office.board, choices, NOON)
    mia = office.world.member("mia")
    office.asked(mia, office.world.account(office.board, "Mia K", "mia@acme.test"))
    link = office.link(mia)
    click = partial(office.links.confirm, mia, link.id, link.request, LATER)
    assert len(asked(office.world.engine, click)) <= 8
