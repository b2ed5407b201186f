"""The edge: ack, who is asking, call, catch, reply. Handlers see none of it."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeAlias, TypeVar

import structlog

from bot.domain.clock import Clock, Sleep
from bot.domain.errors import (
    AdminOnly,
    Busy,
    HourlinkError,
    OtherOrganisation,
    TeamNotInstalled,
)
from bot.domain.ids import SlackUserId, TeamId
from bot.domain.input_errors import BadInput
from bot.domain.operating.limits import Kind, Limits
from bot.domain.people.people import Member, SlackPerson
from bot.domain.slack_errors import (
    SlackError,
    SlackOutcomeUnknown,
    SlackRefused,
    SlackTryLater,
    TokenRejected,
)
from bot.domain.values import dataclass
from bot.integrations.errors import ProviderError
from bot.services.members import Members
from bot.services.pool import Pool, begin_request, has_saved
from bot.slack import Slack
from bot.views import failures
from bot.views.message import Message
from handlers.asking import Ask
from handlers.limited import limited
from handlers.replies import Ephemeral, Reply
from handlers.routes import Route
from handlers.surfaces import note_undelivered

log = structlog.get_logger(__name__)

PATIENCE = 2.0
"""Seconds a use case may take before its result is sent later; Slack hangs up after 3."""

ACK_TRAVELS = 0.4
"""Seconds after which Slack has surely shown what an acknowledgement carried."""

FRESH = timedelta(minutes=1)
"""How old Slack's word about a person may be for an administrative request."""

KNOWN = timedelta(hours=12)
"""The same for everybody else; ``user_change`` events tell of changes at once."""

STRANGERS = frozenset({"user_not_found", "user_not_visible"})
"""Slack's words for somebody who is not in the workspace."""

Body: TypeAlias = Mapping[str, Any]
Asked = TypeVar("Asked", bound=Ask)


@dataclass(frozen=True, slots=True)
class Toolbox:
    """What the edge works with."""

    slack: Slack
    members: Members
    pool: Pool
    clock: Clock
    new_reference: Callable[[], str]
    """Makes the id that a person is shown when something broke on our side."""
    wake: Callable[[], None]
    """Tells the background that there may be new work in the outbox."""
    sleep: Sleep
    limits: Limits
    answered: Callable[[str, str, float], None]
    """Told of each first answer: to what kind of request, ``done``, ``refused`` or ``broken``, and
    the seconds it took."""


class _Watch:
    """Tells how long the first answer took, and only that."""

    def __init__(self, tell: Callable[[str, str, float], None]) -> None:
        self._tell = tell
        self._began = time.perf_counter()
        self._is_running = True
        self.kind = "unknown"
        """Of the request; unknown until it is clear who asks."""

    def stop(self, outcome: str) -> None:
        """The first answer is there."""
        if self._is_running:
            self._is_running = False
            self._tell(self.kind, outcome, time.perf_counter() - self._began)


class Edge:
    """Turns a request into replies, whatever happens on the way."""

    def __init__(self, tools: Toolbox) -> None:
        self._tools = tools
        self._later: set[asyncio.Task[None]] = set()

    def replies(
        self,
        team_id: TeamId,
        user: Mapping[str, str | None],
        route: Route[Asked],
        build: Callable[[Member], Asked],
    ) -> AsyncIterator[Reply]:
        """Every answer of a handler, in order; a failure is an answer too.

        Args:
            team_id: The workspace where Hourlink is installed.
            user: Slack's ``id`` and home ``team_id`` of who asks.
            route: Where the request leads.
            build: Makes the request's value, given who asks.
        """
        begin_request()  # here and not below, where every answer may be made in a task of its own
        return self._replies(team_id, user, route, build)

    async def _replies(
        self,
        team_id: TeamId,
        user: Mapping[str, str | None],
        route: Route[Asked],
        build: Callable[[Member], Asked],
    ) -> AsyncIterator[Reply]:
        watch = _Watch(self._tools.answered)
        try:
            self._take(team_id, user)

            def call(who: Member) -> Reply | AsyncIterator[Reply]:
                ask = build(who)
                watch.kind = type(ask).__name__.lower()
                if (kind := limited(ask)) is not None:
                    self._tools.limits.take(kind, (team_id, who.id), ask.now)
                # Making an async generator runs nothing of it, so a dispatcher may hand one over.
                return route.handler(ask)

            answered = await self._tools.pool(self._call_if_known, team_id, user, route, call)
            if answered is None:
                who = await self._who(team_id, user, admin=route.admin, fresh=route.fresh)
                answered = await self._tools.pool(call, who)
            async for reply in answered if isinstance(answered, AsyncIterator) else _one(answered):
                if has_saved():  # a look at the Home tab leaves no work
                    self._tools.wake()
                watch.stop("done")
                yield reply
        except AdminOnly:
            watch.stop("refused")
            refused = AdminOnly(await self._admins(team_id))
            yield Ephemeral(failures.sentence(refused), refused=True)
        except (HourlinkError, BadInput, ProviderError, SlackError) as error:
            watch.stop("refused")
            yield Ephemeral(failures.sentence(error), refused=True)
        except Exception as error:  # noqa: BLE001 - the last line of defence: logged and told
            watch.stop("broken")
            yield Ephemeral(self.our_fault(error), refused=True)

    async def _admins(self, team_id: TeamId) -> tuple[str, ...]:
        """Whom to ask; nobody by name while the database cannot tell."""
        try:
            return await self._tools.pool(self._tools.members.admins, team_id)
        except HourlinkError:
            return ()

    def _take(self, team_id: TeamId, user: Mapping[str, str | None]) -> None:
        """Before anything is looked up: whoever asks without end costs nothing."""
        now = self._tools.clock()
        self._tools.limits.take(Kind.REQUEST, (team_id, user["id"]), now)
        self._tools.limits.take(Kind.TEAM, team_id, now)

    def _call_if_known(
        self,
        team_id: TeamId,
        user: Mapping[str, str | None],
        route: Route[Asked],
        call: Callable[[Member], Reply | AsyncIterator[Reply]],
    ) -> Reply | AsyncIterator[Reply] | None:
        """Calls in the same hop, as nearly always; None where Slack is to be asked first."""
        known = self._tools.members.find(team_id, _user_id(team_id, user))
        if known is None or self._is_old(known[1], is_strict=route.admin or route.fresh):
            return None
        return call(_allowed(known[0], admin=route.admin))

    def _is_old(self, told: datetime, *, is_strict: bool) -> bool:
        return self._tools.clock() - told > (FRESH if is_strict else KNOWN)

    async def _who(
        self, team_id: TeamId, user: Mapping[str, str | None], *, admin: bool, fresh: bool
    ) -> Member:
        user_id = _user_id(team_id, user)
        now = self._tools.clock()
        known = await self._tools.pool(self._tools.members.find, team_id, user_id)
        member = None if known is None else known[0]
        if known is None or self._is_old(known[1], is_strict=admin or fresh):
            try:
                person = await self._person(team_id, user_id)
            except (SlackTryLater, SlackOutcomeUnknown, TokenRejected):
                # Slack's own trouble keeps nobody from tracking who could a while ago.
                if member is None or admin or fresh:
                    raise
            else:
                member = await self._tools.pool(self._tools.members.save, team_id, person, now)
        return _allowed(member, admin=admin)

    async def _person(self, team_id: TeamId, user_id: SlackUserId) -> SlackPerson:
        try:
            return await self._tools.slack.person(team_id, user_id)
        except SlackRefused as refused:
            if refused.code in STRANGERS:
                raise OtherOrganisation from refused
            raise

    def our_fault(self, error: Exception) -> Message:
        """Logs the unexpected under a reference; what to tell the person."""
        reference = self._tools.new_reference()
        log.error("request_failed", reference=reference, exc_info=error)
        return failures.our_fault(reference)

    async def within_patience(
        self, replies: AsyncIterator[Reply]
    ) -> tuple[Reply | None, AsyncIterator[Reply]]:
        """The first answer, if it comes in time, and the rest."""
        first: asyncio.Task[Reply] = asyncio.ensure_future(_first(replies))
        done, _ = await asyncio.wait({first}, timeout=PATIENCE)
        if done:
            return first.result(), replies
        return None, _resumed(first, replies)

    async def once_shown(self, replies: AsyncIterator[Reply]) -> AsyncIterator[Reply]:
        """Answers that replace a form which rides in the acknowledgement.

        One that overtakes the acknowledgement would be shown first, and then hidden by it for
        good: the form would say *Checking...* for ever.
        """
        ticking = asyncio.get_running_loop().time
        shown = ticking() + ACK_TRAVELS
        async for reply in replies:
            if (left := shown - ticking()) > 0:
                await self._tools.sleep(left)
            yield reply

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Goes on after the acknowledgement; failures are logged."""
        task = asyncio.ensure_future(self._guarded(work))
        self._later.add(task)
        task.add_done_callback(self._later.discard)

    async def _guarded(self, work: Awaitable[None]) -> None:
        try:
            await work
        except (SlackError, TeamNotInstalled, Busy) as error:
            note_undelivered(error)
        except Exception:
            log.exception("reply_failed")

    async def drain(self) -> None:
        """Waits until everything promised for later is done."""
        while self._later:
            await asyncio.wait(self._later)


def _user_id(team_id: TeamId, user: Mapping[str, str | None]) -> SlackUserId:
    home = user.get("team_id")
    if home is not None and home != team_id:
        raise OtherOrganisation
    return SlackUserId(str(user["id"]))


def _allowed(member: Member | None, *, admin: bool) -> Member:
    if member is None or not member.is_active:
        raise OtherOrganisation
    if admin and not member.is_admin:
        raise AdminOnly
    return member


async def _one(reply: Reply) -> AsyncIterator[Reply]:
    yield reply


async def _first(replies: AsyncIterator[Reply]) -> Reply:
    return await anext(replies)


async def _resumed(
    first: "asyncio.Task[Reply]", replies: AsyncIterator[Reply]
) -> AsyncIterator[Reply]:
    yield await first
    async for reply in replies:
        yield reply
