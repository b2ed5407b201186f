"""Comments and ticks on a Trello's cards."""

from dataclasses import replace

import pytest

from bot.integrations.api import Worklog
from bot.integrations.context import AdapterContext
from bot.integrations.errors import ProviderRefused
from bot.providers.trello.adapter import Trello
from tests.providers.trello.stand_in import TrelloStandIn
from tests.providers.trello.work import LAST_PAGE, PAGE
from tests.providers.trello.world import token_of
from tests.providers.worked import worked


@pytest.fixture
def worklog(trello: TrelloStandIn) -> Worklog:
    """Give time on the first card."""
    return worked(next(iter(trello.titles())))


async def test_comment_names_the_member(
    trello: TrelloStandIn, context: AdapterContext, worklog: Worklog
) -> None:
    """It stands there in the token owner's name, so whose time it is has to be said."""
    await Trello(trello.credentials, context).write_time(worklog)
    (kept,) = trello.comments.kept.values()
    assert kept["idMemberCreator"] == trello.me
    said = "Ana Ruiz tracked 1 h 30 m on 20 November 2026: header [hl:7f1c]"
    assert kept["data"]["text"] == said


async def test_changed_task_moves_the_comment_once(
    trello: TrelloStandIn, context: AdapterContext, worklog: Worklog
) -> None:
    """There is a new one before the old one goes; a crash between the two doubles none."""
    adapter = Trello(trello.credentials, context)
    written = await adapter.write_time(worklog)
    elsewhere = replace(worklog, task_id=list(trello.titles())[1])
    await adapter.write_time(elsewhere)  # and then the process died
    moved = await adapter.update_time(written.external_id, elsewhere)
    assert len(trello.comments.kept) == 1
    assert await adapter.find_time(elsewhere) == moved
    with pytest.raises(ProviderRefused, match="404"):
        await adapter.update_time(written.external_id, elsewhere)


async def test_quoted_marker_is_not_ours(
    trello: TrelloStandIn, context: AdapterContext, worklog: Worklog
) -> None:
    """Somebody answers and quotes; what Hourlink would change then is not theirs."""
    ana = list(trello.people)[1]
    adapter = Trello(trello.credentials, context)
    row = trello.tasks[worklog.task_id]
    trello.comments.write(row, "> Ana Ruiz tracked 1 h [hl:7f1c] Really?", ana)
    assert await adapter.find_time(worklog) is None


async def test_comment_is_found_behind_many_others(
    trello: TrelloStandIn, context: AdapterContext, worklog: Worklog
) -> None:
    """Fifty are on a page; behind the thousandth Trello shows none."""
    adapter = Trello(trello.credentials, context)
    written = await adapter.write_time(worklog)
    row = trello.tasks[worklog.task_id]
    for number in range(PAGE * LAST_PAGE):
        trello.comments.write(row, f"Comment {number}", trello.me)
    assert await adapter.find_time(worklog) == written
    for number in range(PAGE):
        trello.comments.write(row, f"Another {number}", trello.me)
    assert await adapter.find_time(worklog) is None


async def test_comment_that_somebody_changed_is_told(
    trello: TrelloStandIn, context: AdapterContext, worklog: Worklog
) -> None:
    """A conflict for a person, not something to overlook."""
    adapter = Trello(trello.credentials, context)
    written = await adapter.write_time(worklog)
    (kept,) = trello.comments.kept.values()
    kept["data"]["text"] = kept["data"]["text"].replace("1 h 30 m", "2 h")
    found = await adapter.find_time(worklog)
    assert found is not None
    assert (found.seconds, found.version == written.version) == (7200, False)


async def test_somebody_elses_comment_is_not_changed(
    trello: TrelloStandIn, context: AdapterContext, worklog: Worklog
) -> None:
    """Trello answers 401, which here is no dead token."""
    ana = list(trello.people)[1]
    written = await Trello(trello.credentials, context).write_time(worklog)
    other = Trello({**trello.credentials, "token": token_of(ana)}, context)
    with pytest.raises(ProviderRefused, match="401"):
        await other.update_time(written.external_id, worklog)


async def test_archived_card_comes_back_when_it_is_reopened(
    trello: TrelloStandIn, context: AdapterContext
) -> None:
    """Open is what is asked for, and off the board nothing is."""
    adapter = Trello(trello.credentials, context)
    card = next(iter(trello.titles()))
    trello.change(card, dueComplete=True, closed=True)
    assert not (await adapter.reopen(card)).is_done
    assert trello.tasks[card].more["closed"] is False


async def test_card_in_an_archived_list_cannot_be_reopened(
    trello: TrelloStandIn, context: AdapterContext
) -> None:
    """The refusal says what a person has to do."""
    card = next(iter(trello.titles()))
    trello.boards[trello.project_id].lists[1]["closed"] = True
    with pytest.raises(ProviderRefused, match="archived list"):
        await Trello(trello.credentials, context).reopen(card)


async def test_template_cannot_be_ticked_off(
    trello: TrelloStandIn, context: AdapterContext
) -> None:
    """It became one after it was synced."""
    card = next(iter(trello.titles()))
    trello.change(card, isTemplate=True)
    with pytest.raises(ProviderRefused, match="template"):
        await Trello(trello.credentials, context).complete(card)
