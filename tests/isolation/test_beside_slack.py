"""No team reaches another one beside Slack: over HTTP, in files, by going away."""

import json
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from itertools import count

import httpx

from bot.api.endpoints import BASE, ENDPOINTS
from bot.app import App, build_app
from bot.domain.ids import IntegrationId, MemberId
from bot.domain.operating.api_tokens import Lifetime
from bot.domain.people.people import Member
from bot.domain.people.tool_sign_ins import OwnWish, SiteWish
from bot.integrations.registry import Registry
from bot.services.operating.api_tokens import ApiTokens
from bot.services.operating.installations import Installations
from bot.services.operating.person_data import PersonData
from bot.services.people.tool_sign_ins import ToolSignIns
from bot.services.sync.hook_addresses import HookAddresses
from bot.services.vault import Vault
from bot.signing_in import COOKIE
from storage import members
from tests.builders import NOON
from tests.isolation.harvest import words_in
from tests.isolation.planted import (
    FIRST,
    IDS,
    KEY,
    NOBODY,
    TEAM,
    standing,
    word,
)
from tests.isolation.site import PUBLIC_URL, Site, options
from tests.isolation.test_isolation import ACME

# Over HTTP


@asynccontextmanager
async def served(site: Site) -> AsyncIterator[tuple[App, httpx.AsyncClient]]:
    """The whole server."""
    async with (
        build_app(options(site.url, site.folder)) as app,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app.web), base_url=PUBLIC_URL, timeout=60
        ) as http,
    ):
        yield app, http


def token(site: Site, who: Member, number: int) -> str:
    """One of somebody's tokens for the API."""
    tokens = ApiTokens(site.world.uow, Vault([KEY]), lambda: f"{number:012x}" * 2)
    return tokens.make(who=who, name="sheet", lifetime=Lifetime.FOREVER, now=NOON).secret


def narrowed(one: int) -> list[dict[str, str]]:
    """Parameters that name somebody's rows; each where an endpoint takes it."""
    days = {"from": "2026-11-01", "to": "2026-11-30"}
    return [
        {},
        {"archived": "any"},
        *({"scope": "team", name: str(one), **days} for name in ("project", "task", "person")),
        {"scope": "team", "client": str(one), **days},
        {"scope": "team", "label": word("task", "labels", 0), **days},
        {"scope": "team", **days},
        {"scope": "own", **days},
    ]


def timeless(text: str) -> str:
    """An answer without the moment at which it was given."""
    return re.sub(r"\d\d:\d\d:\d\d\.\d+Z", "now", text)


async def test_the_api_tells_nothing_of_another_team(site: Site) -> None:
    """By none of its endpoints, with another team's ids, labels and cursors."""
    with site.world.uow.read() as tx:
        theirs = members.by_id(tx, TEAM, MemberId(FIRST))
    assert theirs is not None
    numbers = count(1)
    # A token for each endpoint: none may ask so much at once.
    own, other = (
        {one.path: token(site, who, next(numbers)) for one in ENDPOINTS}
        for who in (site.ana, theirs)
    )

    async def ask(path: str, bearer: str, asked: Mapping[str, str]) -> str:
        headers = {"Authorization": f"Bearer {bearer}"}
        answer = await http.get(f"{BASE}{path}", params=asked, headers=headers)
        assert answer.status_code != HTTPStatus.TOO_MANY_REQUESTS
        return timeless(answer.text)

    async with served(site) as (_, http):
        cursors: dict[str, str] = {}
        for path, bearer in other.items():
            shown = [await ask(path, bearer, asked) for asked in narrowed(FIRST)]
            assert words_in(str(shown)), f"{path} shows its own team nothing"
            page = json.loads(await ask(path, bearer, narrowed(FIRST)[-2] | {"limit": "1"}))
            cursors[path] = page.get("next_cursor") or ""
        assert any(cursors.values())
        site.before = standing(site.world.engine)
        for path in own:
            if cursors[path]:
                told = await ask(path, own[path], {"cursor": cursors[path]})
                assert words_in(told) == set(), path
            for asked in narrowed(FIRST):
                told = await ask(path, own[path], asked)
                assert words_in(told) <= words_in(repr(asked)), (path, asked)
                nobody = {name: one.replace(str(FIRST), str(NOBODY)) for name, one in asked.items()}
                elsewhere = await ask(path, own[path], nobody)
                assert told.replace(str(FIRST), "#") == elsewhere.replace(str(NOBODY), "#"), path
    site.unharmed("the API")


async def test_webhooks_reach_their_own_team_alone(site: Site) -> None:
    """The other team's address takes nothing that is proved by one's own secret, or by none."""
    addresses = HookAddresses(PUBLIC_URL, [KEY])
    async with served(site) as (_, http):
        for one in IDS:
            for content in (b"{}", json.dumps({"id": FIRST, "projects": list(IDS)}).encode()):
                answer = await http.post(str(addresses.of(IntegrationId(one))), content=content)
                assert answer.status_code >= 400
                assert words_in(answer.text) == set()
    site.unharmed("a webhook")


async def test_pages_tell_nothing_of_another_team(site: Site) -> None:
    """Those of signing in, with its integration and link in the address, and of installing."""
    vault = Vault([KEY])
    sign_ins = ToolSignIns(
        Registry.load(),
        vault,
        clients=options(site.url, site.folder).clients,
        public_url=PUBLIC_URL,
        new_verifier=lambda: "v" * 64,
    )
    here = IntegrationId(FIRST)
    wishes = (SiteWish({}, "C0OPS", None, here), OwnWish(here, None), OwnWish(here, FIRST))  # type: ignore[arg-type]
    async with served(site) as (app, http):
        for wish in wishes:
            address = sign_ins.begin(site.ana, "asana", wish, {}, datetime.now(UTC))
            shown = await http.get(address)
            is_theirs = isinstance(wish, OwnWish)  # whose key it would be is looked at at once
            assert shown.status_code == (404 if is_theirs else 200), shown.text
            state = address.rpartition("/")[2]
            assert words_in(shown.text.replace(state, "")) == set()  # it is sealed: all by chance
            back = f"/sign-in/back?code=x&state=t.{state}"
            answer = await http.get(back, headers={"cookie": f"{COOKIE}=t"})
            assert answer.status_code >= 400
            assert words_in(answer.text) == set()
        assert words_in((await http.get("/slack/install")).text) == set()
        assert app.operator_web
        transport = httpx.ASGITransport(app.operator_web)
        async with httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL) as monitor:
            for path in ("/metrics", "/readyz", "/healthz"):
                text = (await monitor.get(path)).text
                assert words_in(text) == set(), path
                assert TEAM not in text, path
                assert ACME not in text, path
    site.unharmed("a page")


# In files, and at an end


def test_one_persons_file_holds_nobody_elses_rows(site: Site) -> None:
    """And taking one person away leaves the other team as it was."""
    data = PersonData(site.world.uow, site.world.new_marker())
    [ana] = data.find("U0ANA")
    assert words_in(repr(list(data.rows(ana)))) == set()
    [theirs] = data.find("U0ZQX0")
    kept = list(data.rows(theirs))
    assert words_in(repr(kept))
    assert ACME not in repr(kept)
    data.erase(ana, NOON, with_time=True)
    site.unharmed("erasing somebody")


def test_a_team_that_goes_takes_nothing_of_another(site: Site) -> None:
    """Its tokens are destroyed, and nobody else's."""
    installations = Installations(site.world.uow, Vault([KEY]), site.world.new_marker())
    assert installations.end(ACME, None, at=NOON, now=NOON) == [ACME]
    kept = installations.find(TEAM)
    assert kept is not None
    assert kept.installation.token == "xoxb-zqx"
    site.unharmed("a removal")
