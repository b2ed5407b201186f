import io
import json
import logging
from typing import Any, Literal

import pytest
import structlog
from procrastinate.exceptions import ConnectorException
from psycopg import OperationalError
from psycopg.errors import UndefinedTable
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest

from bot.logs import WithoutOutages, configure, mask_text

SECRETS = [
    "xoxb-12-34-abcDEF",
    "hlk_00112233445566778899aabb",
    "xapp-1-A1-9-fff",
    "xoxp-1-2",
    "xoxe.xoxb-1-abc",
    "Ybq-O1hmhMBXVEzZCa-0uLTyMNPX3-U9dSwW6YfgNIc=",
]


class Log:
    """What was logged since the fixture began."""

    def __init__(self, form: Literal["console", "json"]) -> None:
        self.stream = io.StringIO()
        configure("debug", form, self.stream)

    @property
    def text(self) -> str:
        """All of it."""
        return self.stream.getvalue()

    @property
    def events(self) -> list[dict[str, Any]]:
        """Each line, read as JSON."""
        return [json.loads(line) for line in self.text.splitlines()]


@pytest.fixture
def log() -> Log:
    """Log as JSON."""
    return Log("json")


def test_an_event_is_one_line_in_utc(log: Log) -> None:
    """A log shipper splits at line ends, tracebacks included."""
    try:
        raise ValueError("first\nsecond")  # noqa: TRY301 - the traceback is the point
    except ValueError:
        structlog.get_logger("hourlink").exception("broke", team_id="T1")
    (event,) = log.events
    assert (event["event"], event["level"], event["team_id"]) == ("broke", "error", "T1")
    assert event["timestamp"].endswith("Z")
    assert "second" in event["exception"]


@pytest.mark.parametrize("form", ["console", "json"])
def test_a_forged_line_end_stays_in_the_line(form: Literal["console", "json"]) -> None:
    """What people type cannot write a log line of its own."""
    log = Log(form)
    structlog.get_logger("hourlink").info("said\n2026-01-01 [info] forged", text="a\nb")
    logging.getLogger("other").info("said %s", "x\r\ny")
    assert len(log.text.splitlines()) == 2


@pytest.mark.parametrize("form", ["console", "json"])
@pytest.mark.parametrize("secret", SECRETS)
def test_secrets_are_masked_wherever_they_stand(
    secret: str, form: Literal["console", "json"]
) -> None:
    """In the event, a value, deep inside, an unknown object, a traceback, a library's record."""

    class Holder:
        def __repr__(self) -> str:
            return f"<Holder {secret}>"

    log = Log(form)
    logger = structlog.get_logger("hourlink")
    logger.info("with %s", secret, value=secret, deep={"a": [{"b": (secret,)}]}, other=Holder())
    logging.getLogger("library").info("sent %s", secret, extra={"sent": secret})
    try:
        raise ValueError(secret)  # noqa: TRY301 - the traceback is the point
    except ValueError:
        logger.exception("broke")
    assert log.text.count("***") >= 7
    assert secret not in log.text


@pytest.mark.parametrize(
    "name",
    [
        "token",
        "bot_token",
        "secret",
        "client_secret",
        "key",
        "api_key",
        "secret_keys",
        "X-Redmine-API-Key",
        "password",
        "credentials",
        "Authorization",
        "Cookie",
    ],
)
def test_values_named_as_secrets_are_masked(log: Log, name: str) -> None:
    """A provider's key has no shape to know it by, only a name."""
    structlog.get_logger("hourlink").info("called", headers={name: "plain"}, **{name: "plain"})
    (event,) = log.events
    assert event[name] == event["headers"][name] == "***"


def test_ordinary_values_are_not_masked(log: Log) -> None:
    """A masked task key would make a log useless."""
    structlog.get_logger("hourlink").info(
        "SLACK_BOT_TOKEN: is missing", task_key="TASK-12", count=3, none=None, url="https://a/b?c=d"
    )
    (event,) = log.events
    assert event["event"] == "SLACK_BOT_TOKEN: is missing"
    assert (event["task_key"], event["count"], event["none"]) == ("TASK-12", 3, None)
    assert event["url"] == "https://a/b?c=d"


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Basic c2VjcmV0",
        "{'authorization': 'Bearer c2VjcmV0'}",
        "Bearer c2VjcmV0c2VjcmV0",
        "GET https://api.trello.com/1/boards?key=c2VjcmV0&fields=all",
        "https://api.trello.com/1/boards?fields=all&token=c2VjcmV0",
        '{"client_secret": "c2VjcmV0"}',
        "postgresql+psycopg://hourlink:c2VjcmV0@db/hourlink",
        "https://hooks.slack.com/commands/T1/2/c2VjcmV0",
        "password=c2VjcmV0",
    ],
)
def test_text_shaped_like_a_secret_is_masked(text: str) -> None:
    """Libraries put addresses and headers into their messages."""
    assert "c2VjcmV0" not in mask_text(text)
    assert "***" in mask_text(text)


async def test_bolt_does_not_log_the_body_of_a_forged_request(log: Log) -> None:
    """Bolt 1.30 logs the whole body at INFO when a signature is wrong."""
    app = AsyncApp(token="xoxb-1", signing_secret="s")
    request = AsyncBoltRequest(
        body="command=%2Ftrack&text=private+words",
        headers={"x-slack-signature": "v0=no", "x-slack-request-timestamp": "1"},
    )
    response = await app.async_dispatch(request)
    assert response.status == 401
    assert "Invalid request signature detected" in log.text
    assert "private" not in log.text


async def test_bolt_does_not_log_what_a_person_typed_in_a_select(log: Log) -> None:
    """An unhandled request is logged with the words in it and a page of advice."""
    app = AsyncApp(token="xoxb-1", signing_secret="s", request_verification_enabled=False)
    body = {
        "type": "block_suggestion",
        "action_id": "projects",
        "block_id": "b",
        "value": "private words",
        "team": {"id": "T1"},
        "user": {"id": "U1"},
    }
    app._async_middleware_list = []  # noqa: SLF001 - no authorization: that calls Slack
    await app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=body))
    unhandled = [event for event in log.events if "Unhandled request" in event["event"]]
    assert len(unhandled) == 1
    assert "projects" in unhandled[0]["event"]
    assert "private" not in log.text
    assert "Suggestion" not in log.text


def test_httpx_urls_are_not_logged(log: Log) -> None:
    """Some providers take keys in the query, and httpx logs each address at INFO."""
    logging.getLogger("httpx").info("HTTP Request: GET https://api.test/?q=1")
    assert log.text == ""


def test_slacks_libraries_do_not_tell_of_each_try(log: Log) -> None:
    """What becomes of it is told once, by us."""
    logging.getLogger("slack_sdk.web.async_base_client").info(
        "A retry handler found: AsyncConnectionErrorRetryHandler for POST https://slack.com/api/x"
    )
    logging.getLogger("slack_bolt.AsyncApp").warning(
        "As you gave `client` as well, `token` will be unused."
    )
    logging.getLogger("slack_bolt.AsyncApp").info(
        "As you've set SLACK_CLIENT_ID and SLACK_CLIENT_SECRET env variables, Bolt has enabled the "
        "file-based InstallationStore/OAuthStateStore for you."
    )
    logging.getLogger("slack_sdk.socket_mode").info("A new session has been established")
    assert [event["event"] for event in log.events] == ["A new session has been established"]


def test_a_database_that_is_away_fills_no_log() -> None:
    """The queue's libraries tell of each try and add tracebacks; we say it once ourselves."""
    log = Log("json")
    away, broken = ConnectorException(), ConnectorException()
    away.__cause__, broken.__cause__ = OperationalError("server closed"), UndefinedTable("no table")
    logging.getLogger("procrastinate.worker.slow").error("Side task failed", exc_info=away)
    logging.getLogger("elsewhere").error("another", exc_info=away)
    logging.getLogger("procrastinate.worker.slow").error("Broken", exc_info=broken)
    logging.getLogger("psycopg.pool").warning("error connecting in 'hourlink-queue'")
    assert "Side task failed" not in log.text
    assert "error connecting" not in log.text
    assert "another" in log.text
    assert "Broken" in log.text


def test_what_asyncio_says_of_a_job_whose_database_went_away() -> None:
    """Nobody waits for the job any more; what it says of anything else is a fault."""
    away = ConnectorException()
    away.__cause__ = OperationalError("server closed")

    def stays(error: Exception) -> bool:
        told = (type(error), error, None)
        never = "Task exception was never retrieved"
        record = logging.LogRecord("asyncio", logging.ERROR, __file__, 1, never, None, told)
        return WithoutOutages().filter(record)

    assert not stays(away)
    assert stays(ConnectorException())
    assert stays(OperationalError("server closed"))


@pytest.mark.parametrize(
    ("name", "says", "is_told"),
    [
        ("uvicorn.error", "unable to perform operation on <T>; the handler is closed", False),
        ("uvicorn.error", "something else", True),
        ("hourlink", "the handler is closed", True),
    ],
)
def test_who_hangs_up_before_the_answer_fills_no_log(
    log: Log, name: str, says: str, *, is_told: bool
) -> None:
    """Strangers may; uvicorn tells each with a traceback of sixty lines."""
    try:
        raise RuntimeError(says)  # noqa: TRY301 - the traceback is the point
    except RuntimeError:
        logging.getLogger(name).exception("Exception in ASGI application")
    assert bool(log.events) is is_told
