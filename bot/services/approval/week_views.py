"""Submitted weeks as people see them, and who decides on them (T14)."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from bot.domain.approval.week_answers import OwnWeek, ProjectTotal, SheetMoved, SheetView
from bot.domain.approval.week_sheets import SheetState, WeekSheet
from bot.domain.asked_messages import Asked, AskedMessage
from bot.domain.entries.entries import zone_of
from bot.domain.errors import Vanished
from bot.domain.ids import MemberId, ProjectId, SheetId, TeamId
from bot.domain.people.people import Member
from bot.domain.projects.projects import ManagerOnly
from bot.services import asked_messages, rights
from storage import members
from storage.approval import week_sheets
from storage.linking import link_targets
from storage.projects import managers
from storage.unit_of_work import Tx

DECIDED = "sheet.decided"
"""Outbox kind of showing where somebody was asked how a week stands by now."""

STANDS = "sheet.stands"
"""Outbox kind of the same for its owner, where they were told that it waits."""


def question_of(team_id: TeamId, sheet_id: SheetId, round_: int) -> Asked:
    """What those who decide are asked about: a week as it was submitted once."""
    return Asked(
        team_id,
        f"sheet:{sheet_id}:{round_}",
        DECIDED,
        {"sheet_id": sheet_id, "round": round_},
    )


def wait_of(team_id: TeamId, sheet_id: SheetId, round_: int) -> Asked:
    """What its owner is told once it is submitted: that it waits, and can be taken back."""
    return Asked(
        team_id,
        f"sheet:{sheet_id}:{round_}:own",
        STANDS,
        {"sheet_id": sheet_id, "round": round_},
    )


def show(
    tx: Tx,
    sheet: WeekSheet,
    *,
    new_marker: Callable[[], str],
    now: datetime,
    but: MemberId | None = None,
) -> None:
    """Wherever somebody was asked about a week, or told that it waits, is shown how it stands.

    Args:
        tx: The transaction that moves it.
        sheet: As it stands by now.
        new_marker: Marks what is owed.
        now: The present moment.
        but: Who decides, and sees that already where they were asked.
    """
    named = (sheet.team_id, sheet.id, sheet.round)
    is_over = sheet.state is not SheetState.SUBMITTED
    asked_messages.answered(
        tx, question_of(*named), new_marker=new_marker, now=now, but=but, is_over=is_over
    )
    asked_messages.answered(tx, wait_of(*named), new_marker=new_marker, now=now, is_over=is_over)


def posted(
    tx: Tx,
    question: Asked,
    message: AskedMessage,
    *,
    sheet_id: SheetId,
    round_: int,
    new_marker: Callable[[], str],
    now: datetime,
) -> None:
    """Keeps where somebody reads about a week as it was submitted, to show there how it ends."""
    # Who decides meanwhile would look for messages before this one is there.
    sheet = week_sheets.find(tx, question.team_id, sheet_id, lock=True)
    if sheet is not None:
        waits = sheet.round == round_ and sheet.state is SheetState.SUBMITTED
        asked_messages.posted(tx, question, message, new_marker=new_marker, now=now, waits=waits)


def found(tx: Tx, who: Member, sheet_id: SheetId, *, lock: bool = True) -> WeekSheet:
    """A week; its row is held until the transaction ends.

    Raises:
        Vanished: there is none.
    """
    sheet = week_sheets.find(tx, who.team_id, sheet_id, lock=lock)
    if sheet is None:
        raise Vanished("week")
    return sheet


def decides_on(tx: Tx, who: Member, sheet: WeekSheet, now: datetime) -> frozenset[ProjectId]:
    """The projects of a week on which the member decides.

    Admins decide on all of it, managers on their projects, and on their own weeks only on what
    nobody else could.

    Raises:
        ManagerOnly: on none.
        OwnWeek: the week is theirs, and others decide on all of it.
        SheetMoved: it was taken back, so there is nothing of it to decide on.
    """
    projects = frozenset(part.project_id for part in sheet.parts)
    managed = rights.managed(tx, who)
    mine = projects if managed is None else projects & managed
    if sheet.state is SheetState.OPEN and sheet.moved_at is not None:
        raise SheetMoved(view_of(tx, who, sheet, mine, now))
    if not mine:
        raise ManagerOnly
    if sheet.member_id != who.id:
        return mine
    alone = _alone(tx, who, mine)
    if not alone:
        raise OwnWeek(tuple(one.name for one in deciders(tx, sheet, sorted(mine))))
    return alone


def _alone(tx: Tx, who: Member, mine: frozenset[ProjectId]) -> frozenset[ProjectId]:
    """Those of these projects on which nobody else decides."""
    named = managers.of_projects(tx, who.team_id, mine)
    lonely = frozenset(one for one in mine if set(named.get(one, ())) <= {who.id})
    is_only = [one.id for one in members.admins(tx, who.team_id)] == [who.id]
    return lonely if is_only else frozenset()


def deciders(tx: Tx, sheet: WeekSheet, projects: Sequence[ProjectId]) -> list[Member]:
    """Whom to ask about these projects of a week: their managers, the admins where one has none.

    Nobody is asked about their own week, unless nobody else could be.
    """
    named = managers.of_projects(tx, sheet.team_id, projects)
    asked: dict[MemberId, None] = {}
    lonely = False
    for project_id in projects:
        others = [one for one in named.get(project_id, ()) if one != sheet.member_id]
        asked.update(dict.fromkeys(others))
        lonely = lonely or not others
    people = members.by_ids(tx, sheet.team_id, asked)
    chosen = [people[one] for one in asked]
    if lonely:
        admins = members.admins(tx, sheet.team_id)
        free = [one for one in admins if one.id != sheet.member_id] or admins
        chosen += [one for one in free if one.id not in asked]
    return chosen


def totals(
    tx: Tx, who: Member, seconds: Iterable[tuple[ProjectId, int]]
) -> tuple[ProjectTotal, ...]:
    """Projects with their names, the longest first."""
    summed = Counter[ProjectId]()
    for project_id, amount in seconds:
        summed[project_id] += amount
    names = link_targets.by_ids(tx, who.team_id, sorted(summed))
    return tuple(
        ProjectTotal(project_id, names[project_id].name, amount)
        for project_id, amount in summed.most_common()
    )


def views_of(
    tx: Tx,
    reader: Member,
    sheets: Sequence[WeekSheet],
    shown: frozenset[ProjectId] | None,
    now: datetime,
) -> list[SheetView]:
    """Weeks as somebody sees them: with these projects, or (None) with all of them."""
    zone = zone_of(reader.zone)
    ids = {one.member_id for one in sheets} | {one.moved_by for one in sheets if one.moved_by}
    people = members.by_ids(tx, reader.team_id, ids)
    projects = {part.project_id for one in sheets for part in one.parts}
    names = link_targets.by_ids(tx, reader.team_id, sorted(projects))
    return [
        SheetView(
            one,
            people[one.member_id].name,
            tuple(
                ProjectTotal(part.project_id, names[part.project_id].name, part.seconds, part.state)
                for part in one.parts
                if shown is None or part.project_id in shown
            ),
            people[one.moved_by].name if one.moved_by else "",
            None if one.moved_at is None else one.moved_at.astimezone(zone),
            now.astimezone(zone),
            is_own=one.member_id == reader.id,
            moved_by_reader=one.moved_by == reader.id,
        )
        for one in sheets
    ]


def view_of(
    tx: Tx, reader: Member, sheet: WeekSheet, shown: frozenset[ProjectId] | None, now: datetime
) -> SheetView:
    """One of them."""
    (view,) = views_of(tx, reader, [sheet], shown, now)
    return view
