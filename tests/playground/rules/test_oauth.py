"""Installing an app: the consent page, its codes, and the token a team gets for one."""

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.oauth import AuthorizeUrlGenerator

from playground.shapes import Json
from tests.playground.rules.conftest import Begin, Stage
from tests.playground.rules.teams import INSTALLABLE, REDIRECT, TEAMS

SCOPES = "chat:write,commands"


@pytest.fixture
def stage(begin: Begin) -> Stage:
    """Two teams, the app in one of them."""
    return begin(team=TEAMS, manifest=INSTALLABLE)


@pytest.fixture
def lasting(shared: Begin) -> Stage:
    """The same for tests that change nothing."""
    return shared(team=TEAMS, manifest=INSTALLABLE)


def asking(stage: Stage, **changes: str | None) -> dict[str, str]:
    """The query of the consent page."""
    query: dict[str, str | None] = {
        "client_id": stage.play.client_id,
        "scope": SCOPES,
        "redirect_uri": REDIRECT,
        "state": "s1",
        **changes,
    }
    return {key: value for key, value in query.items() if value is not None}


def decide(stage: Stage, user: str, answer: str = "allow", **changes: str) -> httpx.Response:
    """Answer the consent page as somebody."""
    return stage.client.post(
        f"{stage.play.url}/oauth/v2/authorize",
        params=asking(stage, **changes),
        data={"user": user, "answer": answer},
    )


def code(stage: Stage, user: str = "U0SOL") -> str:
    """Agree, and take the code from the address one is sent to."""
    back = urlsplit(decide(stage, user).headers["location"])
    return parse_qs(back.query)["code"][0]


def exchange(stage: Stage, **changes: object) -> Json:
    """Exchange a code."""
    row: Json = {
        "client_id": stage.play.client_id,
        "client_secret": stage.play.client_secret,
        **changes,
    }
    answer: Json = stage.client.post(f"{stage.play.api_url}oauth.v2.access", data=row).json()
    return answer


def test_slacks_client_installs_the_app(stage: Stage) -> None:
    """The page asks; allowing returns with code and state; the code becomes a working token."""
    generator = AuthorizeUrlGenerator(
        client_id=stage.play.client_id,
        scopes=SCOPES.split(","),
        redirect_uri=REDIRECT,
        authorization_url=f"{stage.play.url}/oauth/v2/authorize",
    )
    page = stage.client.get(generator.generate("s1"))
    assert page.status_code == 200
    assert "Echo is requesting permission" in page.text
    assert "<code>chat:write</code>" in page.text
    assert "Sol Sun" in page.text
    assert "Xena" not in page.text
    back = urlsplit(decide(stage, "U0SOL").headers["location"])
    assert f"{back.scheme}://{back.netloc}{back.path}" == REDIRECT
    query = parse_qs(back.query)
    assert query["state"] == ["s1"]
    client = WebClient(base_url=stage.play.api_url)
    answer = client.oauth_v2_access(
        client_id=stage.play.client_id,
        client_secret=stage.play.client_secret,
        code=query["code"][0],
        redirect_uri=REDIRECT,
    )
    assert answer["team"] == {"id": "T0SUN", "name": "Sun"}
    assert (answer["token_type"], answer["scope"], answer["app_id"]) == ("bot", SCOPES, "A0APP")
    assert answer["authed_user"] == {"id": "U0SOL"}
    assert not answer["is_enterprise_install"]
    own = WebClient(str(answer["access_token"]), base_url=stage.play.api_url)
    assert own.auth_test()["team_id"] == "T0SUN"
    assert own.auth_test()["user_id"] == answer["bot_user_id"] != "U0APP"
    own.chat_postMessage(channel="C0SUNNY", text="hello Sun")
    stage.play.person("sol").sees("hello Sun", channel="sunny")


def test_a_refusal_comes_back_too(lasting: Stage) -> None:
    """Cancelling returns access_denied with the state."""
    back = decide(lasting, "U0SOL", "deny").headers["location"]
    assert back == f"{REDIRECT}?error=access_denied&state=s1"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_id": "other"}, "invalid_client_id"),
        ({"redirect_uri": "https://evil.test/"}, "bad_redirect_uri"),
        ({"redirect_uri": REDIRECT + ".evil.test"}, "bad_redirect_uri"),
        ({"scope": "chat:write,admin"}, "Invalid permissions requested: admin"),
        ({"scope": None}, "no_scopes"),
    ],
)
def test_what_slack_does_not_even_ask(
    lasting: Stage, changes: dict[str, str | None], error: str
) -> None:
    """Nobody is sent to an address the app did not register."""
    for how in (lasting.client.get, lasting.client.post):
        page = how(f"{lasting.play.url}/oauth/v2/authorize", params=asking(lasting, **changes))
        assert (page.status_code, error in page.text) == (400, True)


def test_outsiders_cannot_install(lasting: Stage) -> None:
    """Neither people of other teams nor nobody at all."""
    assert decide(lasting, "U0XENA").status_code == 400
    assert decide(lasting, "U404").status_code == 400


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_id": "other"}, "invalid_client_id"),
        ({"client_secret": "wrong"}, "bad_client_secret"),
        ({"code": "wrong"}, "invalid_code"),
        ({"redirect_uri": "https://app.test/other"}, "bad_redirect_uri"),
        ({"code": ""}, "invalid_arguments"),
    ],
)
def test_a_bad_exchange_is_refused(lasting: Stage, changes: Json, error: str) -> None:
    """And the code stays good for who has the right answers."""
    good: Json = {"code": code(lasting), "redirect_uri": REDIRECT}
    assert exchange(lasting, **good | changes)["error"] == error
    assert exchange(lasting, **good)["ok"]


def test_a_code_is_good_once_and_for_ten_minutes(stage: Stage) -> None:
    """Then it is invalid."""
    once, late = code(stage), code(stage)
    assert exchange(stage, code=once)["ok"]
    assert exchange(stage, code=once)["error"] == "invalid_code"
    stage.play.slack.advances(601)
    assert exchange(stage, code=late)["error"] == "invalid_code"


def test_a_new_installation_has_a_new_token(stage: Stage) -> None:
    """Reinstalling keeps a living token; after an uninstall the old one stays dead."""
    first = exchange(stage, code=code(stage))["access_token"]
    assert exchange(stage, code=code(stage))["access_token"] == first
    stage.play.slack.uninstalls_app("T0SUN")
    assert stage.call("auth.test", first)["error"] == "account_inactive"
    second = exchange(stage, code=code(stage))["access_token"]
    assert second != first
    assert stage.call("auth.test", second)["ok"]
    assert stage.call("auth.test", first)["error"] == "account_inactive"


def test_an_app_can_uninstall_itself(stage: Stage) -> None:
    """apps.uninstall wants the app's own secret."""
    right = {"client_id": stage.play.client_id, "client_secret": stage.play.client_secret}
    wrong = right | {"client_secret": "x"}
    assert stage.call("apps.uninstall", **wrong)["error"] == "bad_client_secret"
    assert stage.call("apps.uninstall", **right)["ok"]
    assert stage.call("auth.test")["error"] == "account_inactive"
