"""``/link connect``: choose a tool, fill in its form, and see it checked before it is kept."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from typing import TypeAlias

from bot.domain.connecting import Secrets
from bot.domain.errors import HourlinkError
from bot.domain.integration_settings import ChannelUnusable
from bot.integrations.api import Credentials, Descriptor, Site
from bot.integrations.errors import ProviderError, ProviderUnavailable
from bot.services.connecting import Connecting
from bot.services.pool import Pool
from bot.views import channels as channel_views
from bot.views import connecting as views
from bot.views import failures
from bot.views.connecting import Draft
from handlers.asking import Ask, Click, Command, Fields, Submission
from handlers.channels import Look, usable
from handlers.credentials import missing, shown, typed, without_secrets
from handlers.grammar.link_values import ConnectIntegration
from handlers.replies import Ephemeral, FieldErrors, OpenModal, Reply, UpdateModal
from handlers.routes import Routes

Check: TypeAlias = Callable[[str, Credentials], Awaitable[Site]]
"""Asks a provider, by slug, what these credentials open; raises ProviderError."""

PATIENCE = 20.0
"""Seconds that a provider may take."""


class ConnectHandlers:
    """The chooser and the form."""

    def __init__(self, connecting: Connecting, *, check: Check, look: Look, pool: Pool) -> None:
        self._connecting = connecting
        self._check = check
        self._look = look
        self._pool = pool

    def register(self, routes: Routes) -> None:
        """Buttons and the form; the command comes through ``/link``."""
        routes.click("connect.choose", self.choose, admin=True)
        routes.click("connect.provider", self.chosen, admin=True)
        routes.click("connect.channel", self.channel_chosen, admin=True)
        routes.submission(views.CALLBACK, self.submitted, admin=True)

    def command(self, ask: Command, command: ConnectIntegration) -> Reply | AsyncIterator[Reply]:
        """``/link connect [provider]``."""
        if not command.provider:
            return Ephemeral(views.chooser(self._connecting.providers(who=ask.who)))
        return self._form(ask, command.provider)

    def choose(self, ask: Click) -> Reply | AsyncIterator[Reply]:
        """*Connect a tool*."""
        every = self._connecting.providers(who=ask.who)
        if len(every) == 1:
            return self._form(ask, every[0].slug)
        return Ephemeral(views.chooser(every))

    def chosen(self, ask: Click) -> AsyncIterator[Reply]:
        """A tool in the chooser."""
        return self._form(ask, ask.value)

    async def channel_chosen(self, ask: Click) -> AsyncIterator[Reply]:
        """A channel was picked in the form: say who reads it, or why it cannot be used."""
        slug, attempt = _read(ask.metadata)
        descriptor = await self._pool(self._connecting.prepare, who=ask.who, provider=slug)
        draft = _draft(descriptor, attempt, ask.fields)
        yield UpdateModal(views.form(descriptor, await self._looked(ask, draft)))

    async def submitted(self, ask: Submission) -> AsyncIterator[Reply]:
        """The form was sent: check with the provider, then keep it or say what is wrong."""
        slug, attempt = _read(ask.metadata)
        descriptor = await self._pool(self._connecting.prepare, who=ask.who, provider=slug)
        draft = _draft(descriptor, attempt, ask.fields)
        secrets = typed(descriptor.credentials, attempt, ask.fields)
        if missing := _missing(descriptor, attempt, secrets, draft):
            yield FieldErrors(missing)
            return
        draft = await self._looked(ask, draft)
        if draft.channel_problem:
            yield FieldErrors({views.CHANNEL: draft.channel_problem})
            return
        yield UpdateModal(views.checking(descriptor))
        try:
            site = await self._checked(slug, secrets)
            made = await self._pool(
                self._connecting.save,
                who=ask.who,
                provider=slug,
                site=site,
                credentials=secrets,
                channel_id=draft.channel_id,
                write_back=False,  # nothing is written to a provider before a person can ask for it
                now=ask.now,
            )
        except (ProviderError, HourlinkError) as error:
            again = replace(
                draft,
                attempt=attempt + 1,
                problem=without_secrets(
                    failures.sentence(error).text, descriptor.credentials, secrets
                ),
            )
            yield UpdateModal(views.form(descriptor, again))
            return
        yield UpdateModal(views.connected(descriptor, made, site, draft.channel))

    async def _checked(self, slug: str, secrets: Secrets) -> Site:
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._check(slug, secrets)
        except TimeoutError as error:
            raise ProviderUnavailable(slug, "the check took too long") from error

    async def _looked(self, ask: Ask, draft: Draft) -> Draft:
        """With what Slack says of its channel; nothing where it does not answer."""
        if not draft.channel_id:
            return draft
        try:
            channel = await usable(self._look, ask.who.team_id, draft.channel_id)
            return replace(draft, channel=channel)
        except ChannelUnusable as error:
            said = channel_views.unusable(is_archived=error.is_archived)
            return replace(draft, channel_problem=said)

    def _form(self, ask: Ask, provider: str) -> AsyncIterator[Reply]:
        descriptor = self._connecting.prepare(who=ask.who, provider=provider)
        here = ask.channel_id or ""
        # A direct message is no place for announcements.
        draft = Draft(descriptor.slug, channel_id=here if here.startswith(("C", "G")) else "")
        return self._opened(ask, descriptor, draft)

    async def _opened(self, ask: Ask, descriptor: Descriptor, draft: Draft) -> AsyncIterator[Reply]:
        """The form at once, for its trigger is short-lived; then what Slack says of the channel."""
        yield OpenModal(views.form(descriptor, draft))
        looked = await self._looked(ask, draft)
        if looked.channel_problem or channel_views.warning(looked.channel):
            yield UpdateModal(views.form(descriptor, looked))


def _read(metadata: str) -> tuple[str, int]:
    slug, _, attempt = metadata.rpartition(":")
    return slug, int(attempt)


def _draft(descriptor: Descriptor, attempt: int, fields: Fields) -> Draft:
    """What was typed, without the secrets."""
    return Draft(
        provider=descriptor.slug,
        attempt=attempt,
        values=shown(descriptor.credentials, attempt, fields),
        channel_id=fields.choice(views.CHANNEL),
    )


def _missing(
    descriptor: Descriptor, attempt: int, secrets: Secrets, draft: Draft
) -> dict[str, str]:
    """A sentence under every field that must not be blank."""
    wrong = missing(descriptor.credentials, attempt, secrets)
    if not draft.channel_id:
        wrong[views.CHANNEL] = "Choose where new projects are announced."
    return wrong
