"""*Sign in with your own key*: the form, the check, and forgetting the key."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeAlias

from bot.domain.errors import HourlinkError
from bot.domain.ids import AccountLinkId, IntegrationId
from bot.domain.linking.connecting import Secrets
from bot.domain.people.tool_sign_ins import OwnWish
from bot.integrations.api import Credentials, Site
from bot.integrations.errors import ProviderError, ProviderUnavailable
from bot.services.people.own_keys import OwnKeys, SignIn
from bot.services.people.tool_sign_ins import ToolSignIns
from bot.services.pool import Pool
from bot.services.tracking.kept import KeptEntries
from bot.views import failures
from bot.views.linking.credentials import sign_in_there
from bot.views.people import accounts as people_views
from bot.views.people import own_keys as views
from bot.views.providers import Faces
from handlers.asking import Click, Submission, row_id
from handlers.linking.connect import PATIENCE
from handlers.linking.credentials import missing, shown, typed, without_secrets
from handlers.people.accounts import in_place
from handlers.replies import FieldErrors, OpenModal, Reply, UpdateModal
from handlers.routes import Routes

CheckOwn: TypeAlias = Callable[[str, Credentials, Credentials], Awaitable[Site]]
"""Asks a provider, by slug, whose key it is: the integration's part, then what was typed.

Raises ProviderError."""


class OwnKeyHandlers:
    """Members' own keys."""

    def __init__(
        self,
        keys: OwnKeys,
        sign_ins: ToolSignIns,
        kept: KeptEntries,
        *,
        check: CheckOwn,
        pool: Pool,
        faces: Faces,
    ) -> None:
        self._keys = keys
        self._sign_ins = sign_ins
        self._kept = kept
        self._check = check
        self._pool = pool
        self._faces = faces

    def register(self, routes: Routes) -> None:
        """Buttons and the form."""
        routes.click(views.SIGN_IN, self.clicked)
        routes.click(views.SIGN_IN_THERE, self.sign_in)
        routes.click(views.FORGET, self.forgotten)
        routes.submission(views.FORM, self.submitted)

    def clicked(self, ask: Click) -> Reply:
        """*Sign in with your own key*: the form."""
        signing = self._keys.prepare(ask.who, *_place(ask.value))
        return OpenModal(
            views.form(
                signing.site,
                signing.descriptor,
                ask.value,
                shared=signing.shared,
                can_sign_in=self._can_sign_in(signing),
            )
        )

    def sign_in(self, ask: Click) -> Reply:
        """*Sign in at ...*: on to the tool's own page."""
        place, _, _ = ask.metadata.rpartition("|")
        integration_id, link_id = _place(place)
        signing = self._keys.prepare(ask.who, integration_id, link_id)
        descriptor = signing.descriptor
        wish = OwnWish(integration_id, link_id)
        address = self._sign_ins.begin(ask.who, descriptor.slug, wish, signing.shared, ask.now)
        return UpdateModal(sign_in_there(descriptor, address))

    def _can_sign_in(self, signing: SignIn) -> bool:
        return self._sign_ins.at(signing.descriptor.slug, signing.shared) is not None

    async def submitted(self, ask: Submission) -> AsyncIterator[Reply]:
        """The form was sent: ask the provider whose key it is, then keep it or say why not."""
        place, _, count = ask.metadata.rpartition("|")
        attempt = row_id(count)
        signing = await self._pool(self._keys.prepare, ask.who, *_place(place))
        asked = signing.descriptor.own_credentials
        own = typed(asked, attempt, ask.fields)
        if wrong := missing(asked, attempt, own):
            yield FieldErrors(wrong)
            return
        yield UpdateModal(views.checking(signing.descriptor))
        try:
            opened = await self._checked(signing, own)
            answer = await self._pool(
                self._keys.keep, ask.who, *_place(place), opened=opened, own=own, now=ask.now
            )
        except (ProviderError, HourlinkError) as error:
            problem = without_secrets(failures.sentence(error).text, asked, own)
            yield UpdateModal(
                views.form(
                    signing.site,
                    signing.descriptor,
                    place,
                    shared=signing.shared,
                    attempt=attempt + 1,
                    values=shown(asked, attempt, ask.fields),
                    problem=problem,
                    can_sign_in=self._can_sign_in(signing),
                )
            )
            return
        offer = await self._pool(self._kept.offer_to, answer, ask.now)
        said = people_views.answer(answer, self._faces, offer=offer)
        yield UpdateModal(people_views.in_form(said))

    async def _checked(self, signing: SignIn, own: Secrets) -> Site:
        slug = signing.descriptor.slug
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._check(slug, signing.shared, own)
        except TimeoutError as error:
            raise ProviderUnavailable(slug, "the check took too long") from error

    def forgotten(self, ask: Click) -> Reply:
        """*Forget your key*."""
        link = self._keys.forget(ask.who, AccountLinkId(row_id(ask.value)), ask.now)
        return in_place(ask, views.forgotten(link, people_views.where(self._faces, link.site)))


def _place(value: str) -> tuple[IntegrationId, AccountLinkId | None]:
    """Site and request, as the button carries them."""
    site, _, link = value.partition(":")
    return IntegrationId(row_id(site)), AccountLinkId(row_id(link)) if link else None
