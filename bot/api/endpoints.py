"""Every endpoint: its path, what it takes, what it answers, and who finds that out."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from http import HTTPStatus
from typing import Any, TypeAlias

from pydantic import BaseModel

from bot.api import shapes, telling
from bot.api.params import EntryParams, Paged, Params, ProjectParams, ReportParams
from bot.api.problems import Refused
from bot.domain.days import work_date
from bot.domain.entries.entries import zone_of
from bot.domain.operating.api_reading import (
    MOST_ROWS,
    CursorUnknown,
    EntryAsk,
    EntryPage,
    ReportAsk,
    ReportPage,
    is_id,
    pack,
    pack_place,
    place_from,
    unpack,
)
from bot.domain.periods import Period, period_from
from bot.domain.reports.reports import Group
from bot.domain.reports.team_reports import filters_from
from bot.domain.values import dataclass
from bot.services.operating.api_reading import ApiReading
from bot.services.operating.api_tokens import Bearer

BASE = "/api/v1"
_NEWEST = 2**31

Answer: TypeAlias = Callable[[ApiReading, Bearer, Any, datetime], BaseModel]
"""Finds out what is answered: a plain function, run beside the event loop."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One of them."""

    path: str
    """Below ``BASE``."""
    summary: str
    details: str
    params: type[Params]
    answers: type[BaseModel]
    find: Answer


def _me(reading: ApiReading, bearer: Bearer, params: Params, now: datetime) -> shapes.Account:
    del params
    return telling.account(reading.me(who=bearer.who, now=now), bearer.token)


def _projects(
    reading: ApiReading, bearer: Bearer, params: ProjectParams, now: datetime
) -> shapes.Projects:
    archived: str = params.archived
    limit, after = params.limit, 0
    if params.cursor is not None:
        found = unpack("projects", params.cursor)
        archived, limit, after = str(found.get("w")), _size(found), _number(found, "a")
    known = {"true": True, "false": False, "any": None}
    if archived not in known:
        raise CursorUnknown
    page = reading.projects(
        who=bearer.who, now=now, archived=known[archived], after=after, limit=limit
    )
    cursor = page.after and pack("projects", w=archived, l=limit, a=page.after)
    return shapes.Projects(
        data=tuple(map(telling.project, page.projects)), next_cursor=cursor or None
    )


def _clients(reading: ApiReading, bearer: Bearer, params: Paged, now: datetime) -> shapes.Clients:
    del now
    limit, after = params.limit, 0
    if params.cursor is not None:
        found = unpack("clients", params.cursor)
        limit, after = _size(found), _number(found, "a")
    page = reading.clients(who=bearer.who, after=after, limit=limit)
    data = tuple(
        shapes.ListedClient(
            id=one.id, name=one.name, currency=one.currency, archived=one.is_archived
        )
        for one in page.clients
    )
    cursor = page.after and pack("clients", l=limit, a=page.after)
    return shapes.Clients(data=data, next_cursor=cursor or None)


def _entries(
    reading: ApiReading, bearer: Bearer, params: EntryParams, now: datetime
) -> shapes.TimeEntries:
    who = bearer.who
    if params.cursor is None:
        limit, after = params.limit, None
        ask = EntryAsk(
            params.days(_today(bearer, now)),
            params.filters,
            params.scope == "team",
            params.updated_since,
        )
    else:
        found = unpack("entries", params.cursor)
        limit, after, ask = _size(found), place_from(found), _entry_ask(found)
    page = reading.entries(who=who, now=now, ask=ask, after=after, limit=limit)
    days = page.ask.days
    return shapes.TimeEntries(
        data=tuple(map(telling.time_entry, page.entries)),
        period=telling.span(days) if isinstance(days, Period) else None,
        reach=page.reach,
        as_of=shapes.utc(now),
        next_cursor=_entry_cursor(page, limit),
    )


def _reports(
    reading: ApiReading, bearer: Bearer, params: ReportParams, now: datetime
) -> shapes.Report:
    if params.cursor is None:
        limit, number = params.limit, 0
        ask = ReportAsk(
            params.days(_today(bearer, now)), params.group, params.filters, params.scope == "team"
        )
    else:
        found = unpack("report", params.cursor)
        limit, number, ask = _size(found), _number(found, "n"), _report_ask(found)
    page = reading.report(who=bearer.who, now=now, ask=ask, page=number, limit=limit)
    return telling.report(page.report, _report_cursor(page), now)


def _today(bearer: Bearer, now: datetime) -> date:
    return work_date(now, zone_of(bearer.who.zone))


def _entry_cursor(page: EntryPage, limit: int) -> str | None:
    if page.after is None:
        return None
    ask = page.ask
    return pack(
        "entries",
        p=ask.days.code if isinstance(ask.days, Period) else "",
        f=ask.filters.code,
        t=ask.for_team,
        s=ask.since.isoformat() if ask.since else "",
        l=limit,
        **pack_place(page.after),
    )


def _entry_ask(found: Mapping[str, Any]) -> EntryAsk:
    since = None
    if found.get("s"):
        try:
            since = datetime.fromisoformat(str(found["s"]))
        except ValueError:
            raise CursorUnknown from None
        if since.tzinfo is None or since.year in {date.min.year, date.max.year}:
            raise CursorUnknown
    period = period_from(str(found.get("p")))
    filters = filters_from(str(found.get("f")))
    if filters is None or (period is None and since is None):
        raise CursorUnknown
    return EntryAsk(period, filters, found.get("t") is True, since)


def _report_cursor(page: ReportPage) -> str | None:
    if page.is_last:
        return None
    choice = page.report.choice
    return pack(
        "report",
        p=choice.period.code,
        g=choice.group.value,
        f=choice.filters.code,
        t=choice.for_team,
        l=page.size,
        n=page.report.page + 1,
    )


def _report_ask(found: Mapping[str, Any]) -> ReportAsk:
    period, group = period_from(str(found.get("p"))), found.get("g")
    filters = filters_from(str(found.get("f")))
    if period is None or filters is None or group not in set(Group):
        raise CursorUnknown
    return ReportAsk(period, Group(str(group)), filters, found.get("t") is True)


def _size(found: Mapping[str, Any]) -> int:
    size = _number(found, "l")
    if not 1 <= size <= MOST_ROWS:
        raise CursorUnknown
    return size


def _number(found: Mapping[str, Any], name: str) -> int:
    value = found.get(name)
    if not is_id(value) or (name == "n" and value > _NEWEST):
        raise CursorUnknown
    return value


ENDPOINTS: Sequence[Endpoint] = (
    Endpoint(
        "/me",
        "Who you are, and how far you see",
        "The person whose token it is, and the token's own name and end.",
        Params,
        shapes.Account,
        _me,
    ),
    Endpoint(
        "/time-entries",
        "Time entries",
        "Your own, or everybody's as far as you may see them, in the order of their days. A "
        "running timer is marked and has no length yet. Entries that are added while you turn "
        "pages change nothing in the pages that you have read.",
        EntryParams,
        shapes.TimeEntries,
        _entries,
    ),
    Endpoint(
        "/projects",
        "Projects",
        "Those that you belong to; for admins all of them.",
        ProjectParams,
        shapes.Projects,
        _projects,
    ),
    Endpoint("/clients", "Clients", "For admins, as in Slack.", Paged, shapes.Clients, _clients),
    Endpoint(
        "/reports",
        "A report",
        "What `/track report team` shows: finished time with its price, added up. Rows and total "
        "equal those in Slack and in its files, to the second and the cent.",
        ReportParams,
        shapes.Report,
        _reports,
    ),
)


def no_such() -> Refused:
    """Nothing is at this address."""
    known = ", ".join(f"{BASE}{one.path}" for one in ENDPOINTS)
    return Refused(HTTPStatus.NOT_FOUND, "no-such-address", f"There is nothing here. Try {known}.")
