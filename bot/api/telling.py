"""Values as the shapes that are sent."""

from datetime import datetime

from bot.api import shapes
from bot.domain.entries.entries import TaskLabel, zone_of
from bot.domain.ids import ClientId
from bot.domain.operating.api_reading import Me, ReadEntry, ReadProject
from bot.domain.operating.api_tokens import ApiToken
from bot.domain.periods import Period
from bot.domain.projects.project_lists import SourceLabel
from bot.domain.projects.project_money import Earnings
from bot.domain.reports.reports import Group
from bot.domain.reports.team_reports import TeamReport, TeamRow


def account(me: Me, token: ApiToken) -> shapes.Account:
    """Who asks."""
    who = me.who
    return shapes.Account(
        person=shapes.Person(id=who.id, slack_user_id=who.slack_user_id, name=who.name),
        zone=zone_of(who.zone).key,
        team_id=who.team_id,
        team=me.team,
        role=who.role,
        reach=me.reach,
        sees_money=me.sees_money,
        today=me.today,
        token=shapes.Token(
            name=token.name,
            expires_at=None if token.expires_at is None else shapes.utc(token.expires_at),
        ),
    )


def time_entry(found: ReadEntry) -> shapes.TimeEntry:
    """One entry."""
    entry, whose, zone = found.entry, found.whose, zone_of(found.whose.zone)

    def local(moment: datetime | None) -> datetime | None:
        return None if moment is None else moment.astimezone(zone)

    return shapes.TimeEntry(
        id=entry.id,
        day=entry.work_date,
        start=local(entry.started_at),
        end=local(entry.ended_at),
        seconds=entry.seconds,
        running=entry.is_running,
        person=shapes.Person(id=whose.id, slack_user_id=whose.slack_user_id, name=whose.name),
        project=shapes.CodedProject(
            id=entry.project_id, name=found.on.project_name, code=found.code
        ),
        task=_task(found.on),
        note=entry.note,
        client=_client(found.client),
        billable=found.is_billable,
        rate=None if found.rate is None else shapes.told(found.rate),
        amount=None if found.amount is None else shapes.told(found.amount),
        continues=entry.continues_id,
        stopped_by_hourlink=entry.stopped_because is not None,
        deleted=entry.deleted_at is not None,
        updated_at=shapes.utc(found.changed_at),
    )


def project(found: ReadProject) -> shapes.Project:
    """One project."""
    one = found.listed
    return shapes.Project(
        id=one.id,
        name=one.name,
        code=one.code,
        archived=one.is_archived_here or one.is_archived_there,
        source=None if one.source is None else _source(one.source),
        client=_client(found.client),
        billing=found.method,
        currency=found.currency,
        manages=found.manages,
    )


def span(period: Period) -> shapes.Span:
    """Days in a row."""
    return shapes.Span(first=period.first, last=period.last)


def report(found: TeamReport, next_cursor: str | None, now: datetime) -> shapes.Report:
    """One report."""
    before = found.before
    compared = None
    if before is not None:
        compared = shapes.Compared(
            first=before.first, last=before.last, seconds=found.before_seconds
        )
    return shapes.Report(
        period=span(found.choice.period),
        group=found.choice.group,
        reach=found.reach,
        about=found.about,
        rows=tuple(_row(one, found) for one in found.rows),
        row_count=found.number,
        total=_sums(found.total, sees_money=found.sees_money),
        compared_with=compared,
        running_timers=found.running,
        rounding=None if found.rounding is None else found.rounding.code,
        as_of=shapes.utc(now),
        next_cursor=next_cursor,
    )


def _row(one: TeamRow, found: TeamReport) -> shapes.Row:
    sums = _sums(one.sums, sees_money=found.sees_money)
    row = shapes.Row(**sums.model_dump())
    return row.model_copy(update=_named(one, found.choice.group))


def _named(one: TeamRow, group: Group) -> dict[str, object]:
    name = one.name
    if isinstance(name, TaskLabel):
        project_name = shapes.ProjectName(id=name.project_id, name=name.project_name)
        return {"project": project_name, "task": _task(name)}
    if isinstance(name, Period):
        return {"span": span(name)}
    if group is Group.BILLABLE:
        return {"billable": bool(name)}
    if group is Group.LABEL:
        return {"label": name or None}
    if group is Group.PERSON:
        return {"person": one.id and shapes.PersonName(id=one.id, name=name)}
    return {"client": one.id and shapes.Client(id=one.id, name=name)}


def _sums(found: Earnings, *, sees_money: bool) -> shapes.Sums:
    return shapes.Sums(
        seconds=found.seconds,
        billable_seconds=found.billable,
        unpriced_seconds=found.unpriced if sees_money else None,
        earned=tuple(map(shapes.told, found.earned)) if sees_money else None,
    )


def _task(on: TaskLabel) -> shapes.Task | None:
    if on.task_id is None:
        return None
    return shapes.Task(id=on.task_id, key=on.key, title=on.title, url=on.url or None)


def _client(found: tuple[ClientId, str] | None) -> shapes.Client | None:
    return None if found is None else shapes.Client(id=found[0], name=found[1])


def _source(found: SourceLabel) -> shapes.Source:
    return shapes.Source(
        provider=found.provider,
        site=found.site_name,
        key=found.key,
        name=found.name,
        url=found.url,
    )
