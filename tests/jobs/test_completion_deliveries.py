"""W5: tasks are marked done in the tool, once, and whoever asked is told in one message."""

from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast

import pytest

from bot.domain.tasks.completion import Asked
from bot.domain.tasks.task_refs import KeyRef
from bot.integrations.api import ProviderTask
from bot.integrations.errors import (
    ProviderAuthFailed,
    ProviderRateLimited,
    ProviderRefused,
    ProviderUnavailable,
)
from bot.jobs.deliveries.completions import PATIENCE, CompletionDeliveries
from bot.jobs.outbox import OutboxJob
from bot.services.outbox import Outbox
from bot.services.pool import Pool
from bot.services.tasks.completing import CompletionResults
from storage.linking.integrations import IntegrationRow
from storage.people.account_links import AccountLinkRow
from storage.tasks.tasks import TaskRow
from tests.builders import NOON
from tests.jobs.mailbox import Mailbox
from tests.services.office import Office

if TYPE_CHECKING:
    from bot.jobs.adapters import Adapters
    from bot.slack import Slack


class Tool:
    """A tool with one task, which does wrong where a test wants it."""

    def __init__(self, external_id: str, project_id: str) -> None:
        self.task_now: ProviderTask | None = ProviderTask(
            external_id, project_id, "Fix the header", "https://x.test", key="WEB-12", status="Open"
        )
        self.calls: Counter[str] = Counter()
        self.before: list[Exception] = []
        """Raised one after another, before anything is changed."""
        self.meanwhile: Callable[[], None] = lambda: None
        """What happens here while it is being asked to change something."""
        self.after: list[Exception] = []
        """Raised although it was changed."""
        self.ignores = False
        self.opened: list[tuple[str | None, str | None]] = []

    def open(self, provider: str, sealed: str | None, own: str | None = None) -> "Tool":
        """Takes the place of the adapters: remembers the keys."""
        assert provider == "board"
        self.opened.append((sealed, own))
        return self

    async def task(self, external_id: str) -> ProviderTask | None:
        """The task as it is."""
        assert external_id
        self.calls["task"] += 1
        return self.task_now

    async def complete(self, task_id: str) -> ProviderTask:
        """Marks it done."""
        assert task_id
        return await self._move("complete", is_done=True)

    async def reopen(self, task_id: str) -> ProviderTask:
        """Opens it again."""
        assert task_id
        return await self._move("reopen", is_done=False)

    async def _move(self, call: str, *, is_done: bool) -> ProviderTask:
        self.calls[call] += 1
        self.meanwhile()
        if self.before:
            raise self.before.pop(0)
        assert self.task_now is not None
        if not self.ignores:
            status = "Closed" if is_done else "Open"
            self.task_now = replace(self.task_now, is_done=is_done, status=status)
        if self.after:
            raise self.after.pop(0)
        return self.task_now


class Desk:
    """The office with a tool behind it, and time that a test moves."""

    def __init__(self, office: Office) -> None:
        self.office, self.now, self.mailbox = office, NOON, Mailbox()
        with office.world.uow.read() as tx:
            row = tx.entities.get(TaskRow, office.web12)
        assert row is not None
        self.tool = Tool(row.external_id, "p1")
        self.pool = Pool(1)
        results = CompletionResults(office.world.uow, office.world.new_marker())
        deliveries = CompletionDeliveries(
            cast("Slack", self.mailbox),
            self.pool,
            results,
            adapters=cast("Adapters", self.tool),
            faces={},
            clock=self.clock,
        )
        outbox = Outbox(office.world.uow)
        self.job = OutboxJob(outbox, deliveries.kinds(), self.pool, self.clock)

    def clock(self) -> datetime:
        """The moment a test has come to."""
        return self.now

    def asks(self) -> Asked:
        """Ana types ``/track done WEB-12``."""
        done = self.office.completing.ask(who=self.office.ana, ref=KeyRef("WEB-12"), now=self.now)
        assert isinstance(done, Asked)
        return done

    async def delivers(self, *, minutes: float = 0) -> str:
        """Works off what is due then; what the message says."""
        self.now += timedelta(minutes=minutes)
        await self.job.run_due()
        return self.mailbox.last

    def stored(self) -> TaskRow:
        """The task as it is here."""
        with self.office.world.uow.read() as tx:
            row = tx.entities.get(TaskRow, self.office.web12)
        assert row is not None
        return row


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator[Desk]:
    """Give Ana's office a tool."""
    office = Office(database_url)
    office.change(IntegrationRow, office.board, sealed_credentials="sealed")
    made = Desk(office)
    yield made
    made.pool.close()
    office.world.close()


async def test_a_task_is_done_there_then_here(desk: Desk) -> None:
    """One message, edited to the result with *Undo*; status and all come from the tool."""
    desk.asks()
    said = await desk.delivers()
    assert said == "*<https://x.test|WEB-12 Fix the header>* is done in board (acme board)."
    ((to, first),) = desk.mailbox.sent
    assert to == "U0ANA"
    assert first.text
    stored = desk.stored()
    assert (stored.is_done, stored.status, stored.key) == (True, "Closed", "WEB-12")
    assert desk.tool.calls == {"complete": 1}
    assert desk.tool.opened == [("sealed", None)]


async def test_undo_opens_it_again(desk: Desk) -> None:
    """By the same way, in a message of its own."""
    done = desk.asks()
    await desk.delivers()
    desk.office.completing.undo(who=desk.office.ana, completion_id=done.completion.id, now=desk.now)
    assert "is open again in board" in await desk.delivers()
    assert not desk.stored().is_done
    assert desk.tool.calls == {"complete": 1, "reopen": 1}
    assert len(desk.mailbox.sent) == 2


async def test_what_nobody_knows_is_looked_at_before_it_is_repeated(desk: Desk) -> None:
    """The answer was lost: the task says that it is done, and nothing is done twice."""
    desk.tool.after = [ProviderUnavailable("board", "connection reset")]
    desk.asks()
    assert "does not answer right now" in await desk.delivers()
    assert "is done in board" in await desk.delivers(minutes=1)
    assert desk.tool.calls == {"complete": 1, "task": 1}
    assert len(desk.mailbox.sent) == 1


async def test_what_did_not_happen_is_repeated(desk: Desk) -> None:
    """The tool was away; once it is back, the task is marked."""
    desk.tool.before = [ProviderUnavailable("board"), ProviderUnavailable("board")]
    desk.asks()
    await desk.delivers()
    await desk.delivers(minutes=1)
    assert "is done in board" in await desk.delivers(minutes=5)
    assert desk.tool.calls == {"complete": 3, "task": 2}


async def test_a_tool_that_asks_to_wait_is_left_alone_so_long(desk: Desk) -> None:
    """Its own word counts, and the person is told that it takes longer."""
    desk.tool.before = [ProviderRateLimited("board", retry_after=120)]
    desk.asks()
    assert "asks Hourlink to wait" in await desk.delivers()
    await desk.delivers(minutes=1.5)
    assert desk.tool.calls == {"complete": 1}
    assert "is done in board" in await desk.delivers(minutes=1)


async def test_after_ten_minutes_nobody_asks_any_more(desk: Desk) -> None:
    """It is said that nobody knows, and the next wish is free to try."""
    desk.tool.before = [ProviderUnavailable("board") for _ in range(20)]
    desk.asks()
    said = await desk.delivers()
    for _ in range(PATIENCE):
        said = await desk.delivers(minutes=9)
    assert "did not answer for ten minutes" in said
    assert desk.tool.calls["complete"] == PATIENCE
    desk.tool.before = []
    desk.asks()
    assert "is done in board" in await desk.delivers()


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (
            lambda: ProviderRefused("board", reason="Resolution is required."),
            "The reason: Resolution is required.",
        ),
        (lambda: ProviderRefused("board", reason="<!channel> *no*"), "&lt;!channel&gt;"),
        (lambda: ProviderAuthFailed("board"), "does not accept Hourlink's credentials"),
    ],
)
async def test_a_refusal_changes_nothing_and_says_why(
    desk: Desk, error: Callable[[], Exception], says: str
) -> None:
    """A workflow, a required field, a dead key: in the tool's own words where it has some."""
    desk.tool.before = [error()]
    desk.asks()
    said = await desk.delivers()
    assert "is still open in board (acme board); nothing was changed." in said
    assert says in said
    assert not desk.stored().is_done
    await desk.delivers(minutes=30)
    assert desk.tool.calls == {"complete": 1}


async def test_a_tool_that_ignores_it_in_silence_is_found_out(desk: Desk) -> None:
    """It answered that all is well, and the task is as it was."""
    desk.tool.ignores = True
    desk.asks()
    said = await desk.delivers()
    assert "is still open in board" in said
    assert "without a word" in said
    assert not desk.stored().is_done


async def test_a_task_that_is_gone_is_said_to_be(desk: Desk) -> None:
    """It was deleted while nobody answered."""
    desk.tool.before = [ProviderUnavailable("board")]
    desk.asks()
    await desk.delivers()
    desk.tool.task_now = None
    assert "is not in board (acme board) any more" in await desk.delivers(minutes=1)


async def test_ones_own_key_acts_in_ones_own_name(desk: Desk) -> None:
    """And where it is not accepted, nobody else's is used instead."""
    desk.office.change(AccountLinkRow, 1, sealed_token="mine")
    desk.tool.before = [ProviderAuthFailed("board")]
    desk.asks()
    said = await desk.delivers()
    assert "does not accept your own key any more" in said
    assert desk.tool.opened == [("sealed", "mine")]


@pytest.mark.parametrize("own", [False, True])
async def test_a_token_that_is_exchanged_meanwhile_is_no_dead_key(desk: Desk, *, own: bool) -> None:
    """Some tools end the old one at once; it is asked again with the new one."""

    def exchanged() -> None:
        if own:
            desk.office.change(AccountLinkRow, 1, sealed_token="renewed")
        else:
            desk.office.change(IntegrationRow, desk.office.board, sealed_credentials="renewed")

    desk.office.change(AccountLinkRow, 1, sealed_token="mine")
    desk.tool.meanwhile = exchanged
    desk.tool.before = [ProviderAuthFailed("board")]
    desk.asks()
    await desk.delivers()
    assert "renewed" not in desk.tool.opened[0]
    await desk.delivers(minutes=1)
    assert "renewed" in desk.tool.opened[1]
    assert desk.stored().is_done


async def test_a_message_that_may_have_arrived_is_not_sent_twice(desk: Desk) -> None:
    """A second wish's message is its own."""
    done = desk.asks()
    await desk.delivers()
    await desk.delivers(minutes=30)
    assert len(desk.mailbox.sent) == 1
    assert done.completion.task_id == desk.office.web12
