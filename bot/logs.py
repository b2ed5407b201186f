"""Logging: one structured line per event, in UTC, with no secret and no message text in it."""

import logging
import re
import sys
from collections.abc import Mapping
from typing import Any, Literal, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

MASK = "***"

# Named so, a value is a secret whatever it looks like. `task_key` and the like are not.
_SECRET_NAME = re.compile(
    r"(?:^|[_-])(?:tokens?|secrets?|passwords?|credentials?|authorization|cookie)$"
    r"|^keys?$|(?:api|access|private|secret|signing|admin)[_-]?keys?$",
    re.IGNORECASE,
)
# Shaped so, a piece of text is a secret wherever it stands.
_WORD = r"""[^\s&"',;)}\]]+"""
_GUARDED = r"[\w-]*(?:token|secret|password|api[_-]?key)"
_SECRET_TEXT = tuple(
    (re.compile(pattern, re.IGNORECASE), instead)
    for pattern, instead in (
        (r"\b(?:xox[a-z]|xapp)[-.][\w.-]+", MASK),
        (r"\b[\w-]{43}=(?![\w=])", MASK),  # a Fernet key
        (r"\bhlk_[0-9a-f]{8,}", MASK),  # an API token of ours
        (rf"""(authorization["']?\s*[:=]\s*["']?)(?:\w+\s+)?{_WORD}""", rf"\g<1>{MASK}"),
        (r"\b(bearer|basic)\s+[\w.~+/=-]{8,}", rf"\g<1> {MASK}"),
        (rf"""({_GUARDED}["']?\s*=\s*["']?){_WORD}""", rf"\g<1>{MASK}"),
        (rf"""({_GUARDED}["']\s*:\s*["']){_WORD}""", rf"\g<1>{MASK}"),
        (rf"([?&]key=){_WORD}", rf"\g<1>{MASK}"),
        (r"(://[^/\s:@]*:)[^/\s@]+@", rf"\g<1>{MASK}@"),
        # Here PostgreSQL quotes the row that it refuses, notes and addresses included.
        (r"\nDETAIL:  [^\n]*", ""),
        # Whoever knows a response_url or a webhook can post with it.
        (rf"(https://hooks\.slack\.com/){_WORD}", rf"\g<1>{MASK}"),
    )
)
# Where Slack's libraries begin to quote a request: the whole body at INFO when a signature is
# wrong, what a person typed and a page of advice when nobody handles a request.
_QUOTED = re.compile(
    r"[\s,(]*(?:\bbody:|(?<=for the request )\(|\n---|'(?:value|submission|actions)':).*",
    re.IGNORECASE | re.DOTALL,
)


def mask_text(text: str) -> str:
    """Hide what is shaped like a secret in a piece of text."""
    for pattern, instead in _SECRET_TEXT:
        text = pattern.sub(instead, text)
    return text


def mask_values(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Hide every value, at any depth, whose name or shape says that it is secret."""
    return {
        # structlog's own entries, such as the standard library's record, are not rendered
        name: value if name.startswith("_") else _masked(value, name)
        for name, value in event.items()
    }


def _masked(value: Any, name: object = "") -> Any:  # noqa: ANN401 - log values are anything
    if isinstance(name, str) and value is not None and _SECRET_NAME.search(name):
        return MASK
    if isinstance(value, Mapping):
        return {key: _masked(item, key) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_masked(item) for item in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return mask_text(value if isinstance(value, str) else repr(value))


def one_line(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Keep an event on one line: what others typed cannot forge a second one."""
    text = str(event.get("event", ""))
    event["event"] = "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)
    return event


class WithoutSlackBodies(logging.Filter):
    """Takes the requests that they quote out of the records of Slack's libraries."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Cut the message where a quotation begins; the record itself always stays."""
        if record.name.partition(".")[0] in {"slack_bolt", "slack_sdk"}:
            record.msg, record.args = _QUOTED.sub(" (request left out)", record.getMessage()), ()
        return True


class WithoutChatter(logging.Filter):
    """Leaves out what Slack's libraries say of themselves: each repeated call, and who calls.

    Or that they keep installations in files, which nobody asks them to.
    """

    _SAID = ("A retry handler found", "As you gave `client`", "As you've set SLACK_CLIENT_ID")

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record stays."""
        return not str(record.msg).startswith(self._SAID)


class WithoutOutages(logging.Filter):
    """Leaves out what the queue says of a database that is away, each time with a traceback.

    It may be asyncio that says it, of a job whose end could not be noted any more. Whoever asks the
    database first logs that, once; and what becomes of the queue is logged too.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record stays."""
        error = record.exc_info[1] if record.exc_info else None
        if error is None:
            return True
        speaker = type(error).__module__ if record.name == "asyncio" else record.name
        is_queues = speaker.partition(".")[0] == "procrastinate"
        return not (is_queues and _is_outage(error.__cause__))


class WithoutHangUps(logging.Filter):
    """Leaves out that somebody was gone before an answer, which uvicorn tells with a traceback.

    Its loop raises where it writes to a connection that was closed; asyncio's own does not.
    Strangers could fill the log with that.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record stays."""
        error = record.exc_info[1] if record.exc_info else None
        is_gone = isinstance(error, RuntimeError) and str(error).endswith("the handler is closed")
        return not (is_gone and record.name == "uvicorn.error")


def _is_outage(error: BaseException | None) -> bool:
    # By its name: with SQLite nobody imports the driver.
    kinds = type(error).__mro__
    return any((one.__module__, one.__name__) == ("psycopg", "OperationalError") for one in kinds)


def configure(
    level: str = "info",
    log_format: Literal["console", "json"] = "console",
    stream: TextIO | None = None,
) -> None:
    """Send every log line of the process, ours and the libraries', to a stream in one form."""
    stream = stream or sys.stderr
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        one_line,
        mask_values,
    ]
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=stream.isatty())
    )
    handler = logging.StreamHandler(stream)
    handler.addFilter(WithoutSlackBodies())
    handler.addFilter(WithoutOutages())
    handler.addFilter(WithoutHangUps())
    handler.addFilter(WithoutChatter())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    _tame_libraries()
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _tame_libraries() -> None:
    """Say what the libraries may log, and that it leaves by the one way out."""
    # uvicorn brings handlers of its own; one way out is enough.
    for name in ("uvicorn", "uvicorn.access", "uvicorn.error"):
        logging.getLogger(name).handlers = []
        logging.getLogger(name).propagate = True
    # It tells of each server's start and end what Hourlink says itself.
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    # httpx logs every URL at INFO, and some providers take their keys in the query.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    # apscheduler logs every tick twice, procrastinate every job, alembic its own name.
    for name in ("apscheduler", "procrastinate", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # The pool of the queue's connections warns at each of its tries to reach a database again.
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)
    # slack_sdk logs what it sends, message text and all, at DEBUG.
    logging.getLogger("slack_sdk").setLevel(logging.INFO)
