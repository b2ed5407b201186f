"""Trello, through its REST API with a person's token.

Boards are projects, cards are tasks. Neither are there time records nor a list of the cards that
changed: time is kept as comments, and of a board on which something happened every card is read.
"""

from collections.abc import AsyncIterator, Collection
from datetime import datetime
from typing import ClassVar

from bot.integrations.api import (
    Capability,
    CredentialField,
    Credentials,
    Descriptor,
    FieldKind,
    Page,
    ProviderAccount,
    ProviderProject,
    ProviderTask,
    Site,
    TimeKept,
    Worklog,
    WorklogRecord,
)
from bot.integrations.client import JsonObject
from bot.integrations.context import AdapterContext
from bot.integrations.errors import ProviderRefused
from bot.integrations.hooks import HookRequest, News, Watch
from bot.integrations.oauth import OAuth
from bot.integrations.shape import reading
from bot.providers.trello import hooks, shapes
from bot.providers.trello.boards import Boards
from bot.providers.trello.cards import Cards
from bot.providers.trello.site import HOME, SIGNED_IN, SLUG, TrelloSite
from bot.providers.trello.time import Comments

_NAME = "trello.com"
_BOARDS = "board"
"""What a token's permissions call boards."""

_AUTHORISE = (
    "https://trello.com/1/authorize?expiration=never&name=Hourlink&scope=read,write,account"
    "&response_type=token&key="
)


class Trello:
    """Trello, seen with one person's token."""

    descriptor: ClassVar[Descriptor] = Descriptor(
        slug=SLUG,
        name="Trello",
        icon=":clipboard:",
        capabilities=frozenset(
            {
                Capability.ACCESS,
                Capability.CHANGED_PROJECTS,
                Capability.TIME,
                Capability.COMPLETION,
                Capability.HOOKS,
                Capability.HOOK_SETUP,
            }
        ),
        credentials=(
            CredentialField(
                name="key",
                label="API key",
                kind=FieldKind.TEXT,
                hint="Of a Power-Up of your own: trello.com/power-ups/admin, New, API key. "
                "A pasted token needs it.",
                optional=True,
            ),
            CredentialField(
                name="token",
                label="Token",
                kind=FieldKind.SECRET,
                hint=f"Open {_AUTHORISE} with the API key behind it, allow, and copy the token.",
            ),
            CredentialField(
                name="secret",
                label="Secret",
                kind=FieldKind.SECRET,
                hint="Beside the API key. It proves webhooks, by which changes show at once.",
                optional=True,
            ),
        ),
        own_credentials=(
            CredentialField(
                name="token",
                label="Your token",
                kind=FieldKind.SECRET,
                hint=f"Open {_AUTHORISE}{{key}} in a browser, allow, and copy the token.",
            ),
        ),
        oauth=OAuth(
            consent_url="https://auth.atlassian.com/authorize",
            token_url="https://auth.atlassian.com/oauth/token",  # noqa: S106 - an address
            credential="token",
            prefix=SIGNED_IN,
            scopes=(
                "read:member:trello",
                "read:board:trello",
                "write:board:trello",
                "read:organization:trello",
                "offline_access",
            ),
            parameters={"prompt": "consent"},
            by_json=True,
        ),
        time_kept=TimeKept.COMMENTS,
        hook_steps=hooks.STEPS,
        hooks_by_hand=False,
    )

    def __init__(self, credentials: Credentials, context: AdapterContext) -> None:
        self._site = TrelloSite(credentials, context)
        self._boards = Boards(self._site)
        self._cards = Cards(self._site)
        self._comments = Comments(self._site)

    @property
    def requests(self) -> int:
        """Requests sent so far."""
        return self._site.requests

    async def check(self) -> Site:
        """Asks whose token it is, and what it may do.

        Raises:
            ProviderAuthFailed: nobody's, or the key is none.
            ProviderRefused: there is no key, and a pasted token needs one.
        """
        if not self._site.is_signed_in and not self._site.has_key:
            reason = "A token needs the API key that it was made with, which was not entered."
            raise ProviderRefused(SLUG, reason, reason=reason)
        me = await self._site.me(afresh=True)
        person = shapes.account(me)
        return Site(
            external_id=_NAME,
            name=_NAME,
            url=HOME,
            account_name=person.name,
            account_id=person.external_id,
            warnings=tuple(await self._warnings()),
        )

    async def _warnings(self) -> list[str]:
        """What will be in the way later. Who signed in gave what was asked for, and is renewed."""
        if self._site.is_signed_in:
            return []
        return _warnings(await self._site.token({"fields": "dateExpires,permissions"}))

    async def projects(self, cursor: str | None = None) -> AsyncIterator[Page[ProviderProject]]:
        """Every board of the token's owner, closed ones too."""
        del cursor  # Trello gives them all in one answer
        yield Page(await self._boards.every())

    async def project(self, external_id: str) -> ProviderProject | None:
        """One board; None when it is deleted, or hidden from this token."""
        return await self._boards.one(external_id)

    async def tasks(
        self, project_id: str, since: datetime | None = None, cursor: str | None = None
    ) -> AsyncIterator[Page[ProviderTask]]:
        """The cards of one board, archived ones too, whenever they changed."""
        del since
        async for page in self._cards.of_board(project_id, cursor):
            yield page

    async def changed_projects(
        self, project_ids: Collection[str], since: datetime
    ) -> frozenset[str] | None:
        """On which boards something has happened; one question for all."""
        return await self._boards.changed(project_ids, since)

    async def task(self, external_id: str) -> ProviderTask | None:
        """One card, wherever it was moved; None when it is deleted or hidden."""
        return await self._cards.one(external_id)

    async def accounts(self, cursor: str | None = None) -> AsyncIterator[Page[ProviderAccount]]:
        """Members of the workspaces and guests on boards."""
        async for page in self._boards.accounts(cursor):
            yield page

    async def account(self, external_id: str) -> ProviderAccount | None:
        """One person: see ``Boards.account``."""
        return await self._boards.account(external_id)

    async def access(self, project_id: str) -> frozenset[str] | None:
        """Who may see a board: see ``Boards.access``."""
        return await self._boards.access(project_id)

    async def write_time(self, worklog: Worklog) -> WorklogRecord:
        """Adds a comment: see ``Comments.write``."""
        return await self._comments.write(worklog)

    async def update_time(self, external_id: str, worklog: Worklog) -> WorklogRecord:
        """Changes a comment: see ``Comments.update``."""
        return await self._comments.update(external_id, worklog)

    async def delete_time(self, external_id: str) -> None:
        """Removes a comment; one that is already gone is no error."""
        await self._comments.delete(external_id)

    async def find_time(self, worklog: Worklog) -> WorklogRecord | None:
        """Looks for the marker: see ``Comments.find``."""
        return await self._comments.find(worklog)

    async def complete(self, task_id: str) -> ProviderTask:
        """Ticks a card off.

        Raises:
            ProviderRefused: it is gone, or the account only watches.
        """
        return await self._cards.mark(task_id, is_done=True)

    async def reopen(self, task_id: str) -> ProviderTask:
        """Takes that back: see ``Cards.mark``.

        Raises:
            ProviderRefused: as with ``complete``, or its list is archived.
        """
        return await self._cards.mark(task_id, is_done=False)

    @staticmethod
    def hear(request: HookRequest, secret: str | None) -> News:
        """Proves a webhook's request and reads what it is about."""
        return hooks.hear(request, secret)

    async def watch(self, address: str, secret: str, projects: Collection[str]) -> Watch:
        """Sets up a webhook of each board. Trello signs with the key's own secret.

        Raises:
            ProviderRefused: that secret was not entered, or Trello cannot reach the address.
        """
        del secret
        return await hooks.watch(self._site, address, projects)


def _warnings(token: JsonObject) -> list[str]:
    """What will be in the way later: a token that ends, or only reads."""
    with reading(SLUG, "the token"):
        found = []
        if token.get("dateExpires"):
            day = shapes.moment(str(token["dateExpires"])).date()
            found.append(f"The token ends on {day}. Make one with expiration=never.")
        on_boards = [
            one for one in token["permissions"] if str(one["modelType"]).lower() == _BOARDS
        ]
        if not any(one.get("write") for one in on_boards):
            found.append(
                "The token only reads: Hourlink can neither write time nor mark tasks done."
            )
        return found
