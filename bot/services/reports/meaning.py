"""What the words of a report are about: projects and tasks with time that may be seen."""

import re

from bot.domain.ids import ClientId, ProjectId, SlackUserId
from bot.domain.people.account_matching import spelled
from bot.domain.people.people import Member
from bot.domain.people.people_errors import PersonNotFound
from bot.domain.reports.report_errors import (
    ClientUnknown,
    NothingTrackedOn,
    OnlyOthersTracked,
    TooManyMeant,
)
from bot.domain.reports.reports import Narrowed, ReportWish
from bot.domain.reports.team_reports import Filters, Reach
from bot.domain.tasks.task_refs import (
    KeyRef,
    NumberRef,
    QuotedName,
    TaskRef,
    UrlRef,
    WordsRef,
    ref_words,
)
from bot.domain.values import dataclass
from bot.services.linking.finding import meant, nearest
from bot.services.reports.reach import clients_seen, reach_of
from storage import members
from storage.money import clients
from storage.reports import report_sums
from storage.reports.report_sums import Seen
from storage.unit_of_work import Tx

_PICKED = re.compile(r"[UW][A-Z0-9]*[0-9][A-Z0-9]*")
"""An id, as Slack sends who was picked from its list."""

MOST_MEANT = 10
"""Projects that one report may be about, where it is not about all."""


@dataclass(frozen=True, slots=True)
class _Project:
    id: ProjectId
    names: tuple[str, ...]


def about_meant(tx: Tx, seen: Seen, ref: TaskRef) -> Narrowed:
    """The projects or tasks.

    Raises:
        NothingTrackedOn: nothing of that name has time that may be seen.
        TooManyMeant: the name means more than a report is about.
    """
    match ref:
        case KeyRef(key):
            tasks = report_sums.tasks_with_key(tx, seen, key.casefold())
        case NumberRef(number):
            tasks = report_sums.tasks_with_number(tx, seen, number)
        case UrlRef(url):
            bare = url.rstrip("/")
            tasks = report_sums.tasks_at(tx, seen, [url, bare, f"{bare}/"])
        case QuotedName() | WordsRef():
            return _projects_meant(tx, seen, ref)
    if not tasks:
        raise NothingTrackedOn(ref_words(ref), ())
    return Narrowed(tasks=tuple(tasks[:MOST_MEANT]))


def own_meant(tx: Tx, who: Member, ref: TaskRef) -> Narrowed:
    """The same with time of their own.

    Raises:
        NothingTrackedOn: nothing of that name has time that they may see.
        OnlyOthersTracked: it has time of others alone.
        TooManyMeant: the name means more than a report is about.
    """
    _, own = reach_of(tx, who, for_team=False)
    try:
        return about_meant(tx, own, ref)
    except NothingTrackedOn:
        reach, everybody = reach_of(tx, who, for_team=True)
        if reach is Reach.OWN or not _is_tracked(tx, everybody, ref):
            raise
        raise OnlyOthersTracked(ref_words(ref)) from None


def _is_tracked(tx: Tx, seen: Seen, ref: TaskRef) -> bool:
    try:
        return bool(about_meant(tx, seen, ref))
    except (NothingTrackedOn, TooManyMeant):
        return False


def _projects_meant(tx: Tx, seen: Seen, ref: QuotedName | WordsRef) -> Narrowed:
    tracked = report_sums.projects_of(tx, seen)
    projects = [_Project(id_, (name, code)) for id_, name, code in tracked]
    found = meant(ref, projects, names=lambda project: project.names)
    if not found:
        near = nearest(ref, projects, names=lambda project: project.names)
        raise NothingTrackedOn(ref_words(ref), near)
    if len(found) > MOST_MEANT:
        raise TooManyMeant(ref_words(ref), len(found))
    return Narrowed(projects=tuple(one.id for one in found))


def filters_meant(tx: Tx, who: Member, seen: Seen, wish: ReportWish, about: Narrowed) -> Filters:
    """What a report leaves out.

    Raises:
        PersonNotFound: nobody, or more than one person, is called that.
        ClientUnknown: no client is called that, of whom they may know.
    """
    return Filters(
        about,
        () if not wish.client else (_client(tx, who, seen, wish.client),),
        () if not wish.person else (person_meant(tx, who, wish.person).id,),
        wish.label,
        wish.billable,
    )


def _client(tx: Tx, who: Member, seen: Seen, name: str) -> ClientId:
    only = clients_seen(tx, who, seen)
    found = clients.by_name(tx, who.team_id, name)
    if found is not None and (only is None or found.id in only):
        return found.id
    some, total = clients.page(tx, who.team_id, name, limit=3, only=only)
    if total != 1:
        raise ClientUnknown(name, tuple(one.name for one in some))
    return some[0].id


def person_meant(tx: Tx, who: Member, name: str) -> Member:
    """The member of this name, or with this id in Slack.

    Raises:
        PersonNotFound: nobody, or more than one person, is called that; or somebody whom we do not
            know was picked from Slack's list, then without the name.
    """
    by_id = members.by_slack_id(tx, who.team_id, SlackUserId(name.upper()))
    if by_id is not None:
        return by_id
    found = members.called(tx, who.team_id, spelled(name).replace(" ", ""))
    if not found and _PICKED.fullmatch(name):
        raise PersonNotFound("")
    if len(found) != 1:
        raise PersonNotFound(name, tuple(one.name for one in found[:5]))
    return found[0]
