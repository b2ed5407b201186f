"""``/link connect``: choose a tool, fill in its form, and see it checked before it is kept."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from typing import TypeAlias

from bot.domain.errors import HourlinkError
from bot.domain.ids import IntegrationId
from bot.domain.linking.connecting import Secrets, SiteAlreadyConnected, UnknownProvider
from bot.domain.linking.integration_settings import ChannelUnusable
from bot.domain.linking.write_back import WriteBack
from bot.domain.people.tool_sign_ins import NoSignInThere, SiteWish
from bot.integrations.api import Credentials, Descriptor, Site
from bot.integrations.errors import ProviderError, ProviderUnavailable
from bot.services.linking.connecting import Connecting
from bot.services.people.tool_sign_ins import ToolSignIns
from bot.services.pool import Pool
from bot.views import failures
from bot.views.field_errors import CHOOSE_CHANNEL
from bot.views.linking import channels as channel_views
from bot.views.linking import connecting as views
from bot.views.linking.connecting import Draft
from bot.views.linking.credentials import sign_in_there
from bot.views.message import Modal
from handlers.asking import Ask, Click, Command, Fields, Submission, row_id
from handlers.grammar.link_values import ConnectIntegration
from handlers.linking import write_back
from handlers.linking.channels import Look, usable
from handlers.linking.credentials import missing, missing_beside, shown, typed, without_secrets
from handlers.replies import Ephemeral, FieldErrors, OpenModal, Reply, UpdateModal
from handlers.routes import Routes

Check: TypeAlias = Callable[[str, Credentials], Awaitable[Site]]
"""Asks a provider, by slug, what these credentials open; raises ProviderError."""


PATIENCE = 20.0
"""Seconds that a provider may take."""


class ConnectHandlers:
    """The chooser and the form."""

    def __init__(
        self,
        connecting: Connecting,
        sign_ins: ToolSignIns,
        *,
        check: Check,
        look: Look,
        pool: Pool,
    ) -> None:
        self._connecting = connecting
        self._sign_ins = sign_ins
        self._check = check
        self._look = look
        self._pool = pool

    def register(self, routes: Routes) -> None:
        """Buttons and the form; the command comes through ``/link``."""
        routes.click("connect.choose", self.choose, admin=True)
        routes.click("connect.provider", self.chosen, admin=True)
        routes.click(views.AGAIN, self.again, admin=True)
        routes.click("connect.channel", self.channel_chosen, admin=True)
        routes.click(views.SIGN_IN, self.sign_in, admin=True)
        routes.submission(views.CALLBACK, self.submitted, admin=True)

    def command(self, ask: Command, command: ConnectIntegration) -> Reply | AsyncIterator[Reply]:
        """``/link connect [provider]``."""
        if not command.provider:
            return Ephemeral(views.chooser(self._connecting.providers(who=ask.who)))
        try:
            return self._form(ask, command.provider)
        except UnknownProvider as unknown:
            every = self._connecting.providers(who=ask.who)
            return Ephemeral(views.chooser(every, unknown.text))

    def choose(self, ask: Click) -> Reply | AsyncIterator[Reply]:
        """*Connect a tool*."""
        every = self._connecting.providers(who=ask.who)
        if len(every) == 1:
            return self._form(ask, every[0].slug)
        return Ephemeral(views.chooser(every))

    def chosen(self, ask: Click) -> AsyncIterator[Reply]:
        """A tool in the chooser."""
        return self._form(ask, ask.value)

    def again(self, ask: Click) -> AsyncIterator[Reply]:
        """*Connect again*, *New credentials*: the form with all but the secrets."""
        integration_id = IntegrationId(row_id(ask.value))
        found = self._connecting.renewal(who=ask.who, integration_id=integration_id)
        provider = found.integration.provider
        descriptor = self._connecting.prepare(who=ask.who, provider=provider)
        draft = Draft(
            descriptor.slug,
            values=found.values,
            channel_id=found.integration.channel_id,
            integration_id=integration_id,
        )
        return self._opened(ask, descriptor, draft)

    async def channel_chosen(self, ask: Click) -> AsyncIterator[Reply]:
        """A channel was picked in the form: say who reads it, or why it cannot be used."""
        descriptor, draft = await self._filled(ask, ask.metadata, ask.fields)
        yield UpdateModal(self._drawn(descriptor, await self._looked(ask, draft)))

    async def sign_in(self, ask: Click) -> AsyncIterator[Reply]:
        """*Sign in at ...*: on to the tool's own page, once the rest is filled in."""
        descriptor, draft = await self._filled(ask, ask.metadata, ask.fields)
        draft = await self._looked(ask, draft)
        problem = draft.channel_problem or missing_beside(descriptor, draft.values)
        if not draft.channel_id:
            problem = problem or CHOOSE_CHANNEL
        wish = SiteWish(
            values=draft.values,
            channel_id=draft.channel_id,
            write_mode=draft.write_back.mode if draft.write_back else None,
            instead=IntegrationId(draft.integration_id) if draft.integration_id else None,
        )
        address = ""
        if not problem:
            try:
                address = self._sign_ins.begin(
                    ask.who, descriptor.slug, wish, draft.values, ask.now
                )
            except NoSignInThere as error:
                problem = failures.sentence(error).text
        if problem:
            yield UpdateModal(self._drawn(descriptor, replace(draft, problem=problem)))
        else:
            yield UpdateModal(sign_in_there(descriptor, address))

    async def submitted(self, ask: Submission) -> AsyncIterator[Reply]:
        """The form was sent: check with the provider, then keep it or say what is wrong."""
        descriptor, draft = await self._filled(ask, ask.metadata, ask.fields)
        secrets = typed(descriptor.credentials, draft.attempt, ask.fields)
        if missing := _missing(descriptor, draft, secrets):
            yield FieldErrors(missing)
            return
        draft = await self._looked(ask, draft)
        if draft.channel_problem:
            yield FieldErrors({views.CHANNEL: draft.channel_problem})
            return
        yield UpdateModal(views.checking(descriptor))
        try:
            site = await self._checked(descriptor.slug, secrets)
            made = await self._pool(
                self._connecting.save,
                who=ask.who,
                provider=descriptor.slug,
                site=site,
                credentials=secrets,
                channel_id=draft.channel_id,
                write_back=draft.write_back or WriteBack(),
                instead=IntegrationId(draft.integration_id) if draft.integration_id else None,
                now=ask.now,
            )
        except (ProviderError, HourlinkError) as error:
            said = failures.sentence(error).text
            again = replace(
                draft,
                attempt=draft.attempt + 1,
                problem=without_secrets(said, descriptor.credentials, secrets),
            )
            if isinstance(error, SiteAlreadyConnected):
                again = replace(
                    again,
                    problem=f"{again.problem} {views.REPLACE}",
                    integration_id=error.integration_id,
                )
            yield UpdateModal(self._drawn(descriptor, again))
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

    async def _filled(self, ask: Ask, metadata: str, fields: Fields) -> tuple[Descriptor, Draft]:
        """The form's tool, and what was typed without the secrets."""
        slug, _, numbers = metadata.partition(":")
        attempt, _, known = numbers.partition(":")
        descriptor = await self._pool(self._connecting.prepare, who=ask.who, provider=slug)
        draft = Draft(
            provider=descriptor.slug,
            attempt=row_id(attempt),
            values=shown(descriptor.credentials, row_id(attempt), fields),
            channel_id=fields.choice(views.CHANNEL),
            write_back=write_back.chosen(fields, WriteBack()),
            integration_id=row_id(known) if known else 0,
        )
        return descriptor, draft

    def _form(self, ask: Ask, provider: str) -> AsyncIterator[Reply]:
        descriptor = self._connecting.prepare(who=ask.who, provider=provider)
        here = ask.channel_id or ""
        # A direct message is no place for announcements.
        draft = Draft(descriptor.slug, channel_id=here if here.startswith(("C", "G")) else "")
        return self._opened(ask, descriptor, draft)

    async def _opened(self, ask: Ask, descriptor: Descriptor, draft: Draft) -> AsyncIterator[Reply]:
        """The form at once, for its trigger is short-lived; then what Slack says of the channel."""
        yield OpenModal(self._drawn(descriptor, draft))
        looked = await self._looked(ask, draft)
        if looked.channel_problem or channel_views.warning(looked.channel):
            yield UpdateModal(self._drawn(descriptor, looked))

    def _drawn(self, descriptor: Descriptor, draft: Draft) -> Modal:
        can_sign_in = self._sign_ins.are_offered(descriptor.slug)
        return views.form(descriptor, draft, can_sign_in=can_sign_in)


def _missing(descriptor: Descriptor, draft: Draft, secrets: Secrets) -> dict[str, str]:
    """A sentence under every field that must not be blank."""
    wrong = missing(descriptor.credentials, draft.attempt, secrets)
    if not draft.channel_id:
        wrong[views.CHANNEL] = CHOOSE_CHANNEL
    return wrong
