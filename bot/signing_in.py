"""The way through a tool's own page: where it begins, and where people come back to."""

import asyncio
import re
import secrets
from collections.abc import Callable

import structlog
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot import sign_in_pages as pages
from bot.domain.clock import Clock
from bot.domain.errors import Busy, HourlinkError
from bot.domain.linking.connecting import Secrets
from bot.domain.linking.write_back import WriteBack
from bot.domain.people.people import Member
from bot.domain.people.tool_sign_ins import OwnWish, SignIn, SignInOver, SiteWish
from bot.domain.values import dataclass
from bot.integrations.api import Credentials
from bot.integrations.errors import ProviderError, ProviderUnavailable
from bot.integrations.oauth import TokenDesk, Way, consent_address
from bot.pages import HEADERS
from bot.services.linking.connecting import Connecting
from bot.services.members import Members
from bot.services.people.own_keys import OwnKeys
from bot.services.people.tool_sign_ins import BACK, LIVES, PATH, ToolSignIns
from bot.services.pool import Pool, begin_request
from bot.views import failures
from bot.views.field_errors import plain_text
from bot.views.message import Message
from bot.views.people import accounts as people
from bot.views.providers import Faces
from handlers.linking.connect import PATIENCE, Check
from handlers.people.own_keys import CheckOwn

log = structlog.get_logger(__name__)

COOKIE = "hourlink_sign_in"

_ICON = re.compile(r":[a-z0-9_+-]+: ")


@dataclass(frozen=True, slots=True)
class SignInDoor:
    """Takes people to a tool's page, and what they bring back to the services."""

    sign_ins: ToolSignIns
    desk: TokenDesk
    connecting: Connecting
    own_keys: OwnKeys
    members: Members
    check: Check
    check_own: CheckOwn
    faces: Faces
    pool: Pool
    clock: Clock
    wake: Callable[[], None]
    """There may be something to do in the background."""
    new_reference: Callable[[], str]

    def routes(self) -> list[Route]:
        """``GET /sign-in/back``, and ``GET /sign-in/<who is on their way>``."""
        return [
            Route(BACK, self.come_back, methods=["GET"]),
            Route(f"{PATH}/{{state}}", self.set_out, methods=["GET"]),
        ]

    async def set_out(self, request: Request) -> Response:
        """The first page. Its cookie says in which browser somebody set out.

        Without it whoever is sent an address by another could be made to let them in.
        """
        state = str(request.path_params["state"])
        try:
            going = self.sign_ins.read(state, self.clock())
            who = await self._who(going)
            oauth, client = self._way(going, await self._beside(who, going))
        except Busy as error:
            return _away(error)
        except HourlinkError as error:
            return _page(pages.failure(_on_a_page(failures.sentence(error))), 404)
        token = secrets.token_urlsafe(24)
        consent = consent_address(
            oauth,
            client,
            redirect=self.sign_ins.back,
            state=f"{token}.{state}",
            verifier=going.verifier,
        )
        invitation = pages.invitation(
            tool=self._name(going),
            team=await self.pool(self.members.team_name, who.team_id),
            consent=consent,
            is_own=isinstance(going.wish, OwnWish),
        )
        answer = _page(invitation)
        answer.set_cookie(
            COOKIE,
            token,
            max_age=int(LIVES.total_seconds()),
            path=PATH,
            secure=self.sign_ins.back.startswith("https"),
            httponly=True,
            samesite="lax",
        )
        return answer

    async def come_back(self, request: Request) -> Response:
        """From the tool's page, with what it gave; that is used once."""
        begin_request()
        try:
            going = self._going(request)
            code = request.query_params.get("code", "")
            if not code:
                said = f"{self._name(going)} was not told that Hourlink may come in."
                return _page(pages.failure(said), 400)
            async with asyncio.timeout(PATIENCE):
                shown = await self._let_in(going, code)
        except TimeoutError:
            shown = _refused(ProviderUnavailable("", "it took too long"))
        except Busy as error:
            shown = _away(error)
        except (HourlinkError, ProviderError) as error:
            shown = _refused(error)
        except Exception:
            reference = self.new_reference()
            log.exception("sign_in_failed", reference=reference)
            shown = _page(pages.failure(f"Something broke. Reference {reference}."), 500)
        shown.delete_cookie(COOKIE, path=PATH)
        return shown

    def _going(self, request: Request) -> SignIn:
        """Who comes back, in the browser in which they set out."""
        token, _, state = request.query_params.get("state", "").partition(".")
        here = request.cookies.get(COOKIE, "")
        if not here or not secrets.compare_digest(here.encode(), token.encode()):
            raise SignInOver
        return self.sign_ins.read(state, self.clock())

    async def _let_in(self, going: SignIn, code: str) -> Response:
        who = await self._who(going)
        beside = await self._beside(who, going)
        oauth, client = self._way(going, beside)
        tokens = await self.desk.redeem(
            going.provider,
            oauth,
            client,
            code=code,
            redirect=self.sign_ins.back,
            verifier=going.verifier,
        )
        given = tokens.as_credentials(oauth, client)
        if isinstance(going.wish, OwnWish):
            return await self._proved(who, going, going.wish, beside, given)
        return await self._connected(who, going, going.wish, {**beside, **given})

    async def _beside(self, who: Member, going: SignIn) -> Credentials:
        """The credentials beside the one that signing in brings: typed, or the integration's."""
        wish = going.wish
        if isinstance(wish, SiteWish):
            return wish.values
        place = (wish.integration_id, wish.link_id)
        return (await self.pool(self.own_keys.prepare, who, *place)).shared

    def _way(self, going: SignIn, beside: Credentials) -> Way:
        way = self.sign_ins.at(going.provider, beside)
        if way is None:
            raise self.sign_ins.not_there(going.provider, beside)
        return way

    async def _connected(
        self, who: Member, going: SignIn, wish: SiteWish, given: Credentials
    ) -> Response:
        credentials = Secrets(given)
        site = await self.check(going.provider, credentials)
        await self.pool(
            self.connecting.save,
            who=who,
            provider=going.provider,
            site=site,
            credentials=credentials,
            channel_id=wish.channel_id,
            write_back=WriteBack() if wish.write_mode is None else WriteBack(wish.write_mode),
            instead=wish.instead,
            now=self.clock(),
        )
        self.wake()
        name = self._name(going)
        return _page(pages.connected(tool=name, site=site.name, account=site.account_name))

    async def _proved(
        self,
        who: Member,
        going: SignIn,
        wish: OwnWish,
        shared: Credentials,
        given: Credentials,
    ) -> Response:
        place = (wish.integration_id, wish.link_id)
        own = Secrets(given)
        opened = await self.check_own(going.provider, shared, own)
        answer = await self.pool(
            self.own_keys.keep,
            who,
            *place,
            opened=opened,
            own=own,
            now=self.clock(),
            elsewhere=True,
        )
        self.wake()
        return _page(pages.proven(said=_on_a_page(people.answer(answer, self.faces))))

    async def _who(self, going: SignIn) -> Member:
        found = await self.pool(self.members.find, going.team_id, going.user_id)
        if found is None or not found[0].is_active:
            raise SignInOver
        return found[0]

    def _name(self, going: SignIn) -> str:
        face = self.faces.get(going.provider)
        return going.provider if face is None else face.name


def _on_a_page(message: Message) -> str:
    """What Slack would say, without Slack's marks, escapes and names of icons."""
    return _ICON.sub("", plain_text(message.text))


def _refused(error: HourlinkError | ProviderError) -> Response:
    return _page(pages.failure(_on_a_page(failures.sentence(error))), 400)


def _away(error: Busy) -> Response:
    return _page(pages.cut_off(failures.sentence(error).text), 503)


def _page(body: str, status: int = 200) -> Response:
    return HTMLResponse(body, status, headers=HEADERS)
