"""What programs meet before there is anything to read."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.domain.errors import Busy
from bot.domain.sync.pacing import Allowance, Pacing
from tests.api.desk import Api
from tests.builders import NOON

PROBLEM = "application/problem+json"


@pytest.fixture
def here(sqlite_url: str) -> Iterator[Api]:
    """Give one that a token may ask twice at once, and once a second after that."""
    made = Api(sqlite_url, Pacing(Allowance(burst=2, per_second=1)))
    yield made
    made.close()


async def test_without_a_token_nothing_is_told(here: Api) -> None:
    """A sentence says how to come by one; none of the ways of showing it wrongly opens."""
    good = here.token(here.agency.ana)
    for wrong in (None, "", "Bearer", "Bearer ", f"Basic {good}", good, f"Bearer {good}x"):
        headers = {} if wrong is None else {"Authorization": wrong}
        answer = await here.ask("/me", headers=headers)
        assert answer.status_code == 401
        assert answer.headers["content-type"] == PROBLEM
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert "/track token" in answer.json()["detail"]
    assert (await here.ask("/me", headers={"Authorization": f"bearer {good}"})).status_code == 200


async def test_only_reading(here: Api) -> None:
    """HEAD is GET without a body; everything else is refused before anybody is asked."""
    whole = await here.ask("/me", here.agency.ana)
    head = await here.ask("/me", here.agency.ana, "HEAD")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == whole.headers["content-length"]
    for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
        answer = await here.ask("/me", here.agency.ana, method, content=b"x" * 5_000_000)
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
        assert answer.headers["content-type"] == PROBLEM


async def test_no_page_of_another_site_may_read(here: Api) -> None:
    """Nothing allows a browser to hand the answer to a foreign page, or to keep it."""
    headers = {"Origin": "https://evil.test"}
    answer = await here.ask("/me", here.agency.ana, headers=headers)
    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_only_json(sqlite_url: str) -> None:
    """Who wants something else is told so, and gets no JSON."""
    here = Api(sqlite_url)
    for accept, status in (
        ("application/json", 200),
        ("text/html, application/json;q=0.5", 200),
        ("*/*", 200),
        ("text/csv", 406),
        ("application/json;q=0", 406),
    ):
        answer = await here.ask("/me", here.agency.ana, headers={"Accept": accept})
        assert answer.status_code == status, accept
    here.close()


async def test_a_token_asks_so_often_and_no_more(here: Api) -> None:
    """Who is stopped is told when to come again, and others are not stopped with them."""
    ana, bo = here.agency.ana, here.agency.bo
    assert [(await here.ask("/me", ana)).status_code for _ in range(3)] == [200, 200, 429]
    stopped = await here.ask("/me", ana)
    assert (stopped.headers["retry-after"], stopped.json()["code"]) == ("1", "too-many-requests")
    assert (await here.ask("/me", bo)).status_code == 200
    here.now = NOON + timedelta(seconds=1)
    assert (await here.ask("/me", ana)).status_code == 200
    assert (await here.ask("/me", ana)).status_code == 429


def test_counting_forgets_whom_it_need_not_know() -> None:
    """Tokens that have not asked for a while take no memory."""
    pacing = Pacing(Allowance(burst=2, per_second=1))
    for number in range(10_000):
        pacing.wait(number, NOON)
    assert pacing.wait("new", NOON + timedelta(minutes=1)) == 0
    assert len(pacing._left) == 1  # noqa: SLF001


async def test_a_slip_is_told_not_guessed_around(here: Api) -> None:
    """A parameter that does not exist, twice the same, or no number: each is named."""
    answer = await here.ask(
        "/time-entries?limit=0&projct=1&from=yesterday&scope=own&scope=team", here.agency.ana
    )
    assert (answer.status_code, answer.headers["content-type"]) == (400, PROBLEM)
    wrong = {one["parameter"]: one["detail"] for one in answer.json()["errors"]}
    assert wrong["limit"] == "Give a whole number from 1 to 500."
    assert wrong["projct"] == "There is no such parameter here."
    assert wrong["from"] == "Give a day like 2026-11-20."
    assert wrong["scope"] == "Give it once."


async def test_what_cannot_be_meant_is_refused(sqlite_url: str) -> None:
    """Whatever it is, with a sentence and never with an error of ours."""
    here = Api(sqlite_url)
    for query in (
        "period=last+month&from=2026-11-01",
        "to=2026-11-01",
        "from=2026-11-02&to=2026-11-01",
        "period=2026-W60",
        "period=",
        "from=2026-02-30",
        "updated_since=2026-11-20T10:00:00",
        "updated_since=0001-01-01T00:00:00Z",
        "project=0",
        "project=9007199254740992",
        "billable=yes",
        "label=%00",
        "cursor=x",
        "cursor=eyJrIjoicHJvamVjdHMifQ",
        "cursor=eyJrIjoiZW50cmllcyJ9&limit=2",
        "cursor=" + "W1tb" * 900,
    ):
        answer = await here.ask(f"/time-entries?{query}", here.agency.ana)
        assert answer.status_code == 400, query
        assert answer.json()["detail"].endswith(".")
    here.close()


async def test_a_period_outside_the_calendar_is_refused(here: Api) -> None:
    """The years in which days are named, as in Slack."""
    answer = await here.ask("/time-entries?from=0001-01-01&to=0001-01-02", here.agency.ana)
    assert answer.status_code == 400


async def test_addresses_that_are_not_there(here: Api) -> None:
    """What there is is named."""
    for path in ("", "/", "/nothing", "/me/", "/../v1/me2"):
        answer = await here.ask(path, here.agency.ana)
        assert (answer.status_code, answer.headers["content-type"]) == (404, PROBLEM)
        assert "/api/v1/time-entries" in answer.json()["detail"]


async def test_our_own_faults_are_problems_too(here: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reference for the log, no word of what broke; a busy database says when to come again."""

    def broken(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("bot.services.operating.api_reading.reach_of", broken)
    answer = await here.ask("/me", here.agency.ana)
    assert (answer.status_code, answer.json()["reference"]) == (500, "7F3A-19")
    assert "secret" not in answer.text

    def busy(*_: object) -> None:
        raise Busy

    monkeypatch.setattr(here.tokens, "bearer", busy)
    answer = await here.ask("/me", here.agency.ana)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")


async def test_the_description_needs_no_token(here: Api) -> None:
    """Programs that make clients from it read it before anything else."""
    answer = await here.ask("/openapi.json")
    found = answer.json()
    assert found["openapi"] == "3.1.0"
    assert set(found["paths"]) == {"/me", "/time-entries", "/projects", "/clients", "/reports"}
