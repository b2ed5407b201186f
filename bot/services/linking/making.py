"""Making project links inside a transaction: every way to link ends here."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.errors import Vanished
from bot.domain.ids import (
    MemberId,
    ProjectId,
    ProjectLinkId,
    ProviderProjectId,
    TeamId,
)
from bot.domain.linking.linking import (
    AlreadyLinked,
    ChosenTwice,
    How,
    IntegrationDisconnected,
    Linked,
    LinkWish,
    ProviderProjectArchived,
    ProviderProjectGone,
    ProviderProjectIgnored,
    Target,
    TargetArchived,
)
from bot.domain.projects.codes import Codes
from bot.domain.states import IntegrationState
from bot.domain.values import dataclass
from bot.services.linking.redrawing import draw_announcements
from bot.services.people import membership
from bot.services.sync import syncing
from storage import members
from storage.linking import link_candidates, link_targets, project_links, task_freezing
from storage.linking.link_candidates import Candidate
from storage.linking.project_links import Link
from storage.operating import audit
from storage.unit_of_work import Tx


@dataclass(frozen=True, slots=True)
class _Row:
    """One wish, found to be possible."""

    candidate: Candidate
    project_id: ProjectId | None
    """None makes a new project."""
    project: str
    code: str
    how: How
    resumes: ProjectLinkId | None = None
    former: str = ""
    """The project it was linked to before."""

    @property
    def id(self) -> ProviderProjectId:
        """The provider project's."""
        return self.candidate.project.id


def make_links(
    tx: Tx,
    team_id: TeamId,
    wishes: Sequence[LinkWish],
    *,
    by: MemberId | None,
    now: datetime,
    new_marker: Callable[[], str],
) -> tuple[Linked, ...]:
    """Links all of them, or none and says why.

    A wish without a project goes back to the project it was linked to before (L7), or gets a new
    one that follows the provider's name. The same tasks are resumed, unless the wish is for fresh
    ones. Members join by policy, a sync is due at once, and the announcements that name these
    provider projects are drawn anew.

    Args:
        tx: The open transaction.
        team_id: The fence.
        wishes: What to link, each provider project once.
        by: Who wants it; None when the link policy does.
        now: The present moment.
        new_marker: Makes the ids of messages.

    Raises:
        Vanished: a provider project or project is not this team's.
        AlreadyLinked: somebody was first.
        NotPossible: it is gone, archived, ignored or disconnected, or stands there twice.
    """
    link_targets.lock(tx, team_id)
    rows = _named(tx, team_id, _possible(tx, team_id, wishes), by=by, now=now)
    again = [row.resumes for row in rows if row.resumes is not None]
    project_links.resume(tx, team_id, again, by=by, now=now)
    pairs = [(row.id, _id_of(row)) for row in rows if row.resumes is None]
    project_links.begin(tx, team_id, pairs, by=by, now=now)
    made = project_links.active(tx, team_id, [row.id for row in rows])
    for row in rows:
        if made[row.id].project_id != row.project_id:
            raise _already(row.candidate, made[row.id])
    fresh = [row.id for row in rows if row.how is How.FRESH]
    tasks = task_freezing.count(tx, team_id, [row.id for row in rows if row.former])
    task_freezing.freeze(tx, team_id, fresh, now)
    joined = membership.join_projects(
        tx, team_id, list(dict.fromkeys(_id_of(row) for row in rows)), now
    )
    audit.record_many(
        tx,
        team_id,
        actor=by,
        action="project.link",
        now=now,
        before=None,  # there was no link
        after=[
            (f"project_link:{made[row.id].id}", _audited(row, tasks.get(row.id, 0))) for row in rows
        ],
    )
    draw_announcements(tx, team_id, [row.id for row in rows], now=now, new_marker=new_marker)
    for integration_id in sorted({row.candidate.project.integration_id for row in rows}):
        here = [row for row in rows if row.candidate.project.integration_id == integration_id]
        syncing.ask(
            tx,
            team_id,
            integration_id,
            asked_by=by,
            now=now,
            # A run under way may have read some of what was frozen; a full one reads it again.
            full=any(row.how is How.FRESH for row in here),
            projects=[row.id for row in here],
        )
    return tuple(_linked(row, joined, tasks.get(row.id, 0)) for row in rows)


def check_wishes(tx: Tx, team_id: TeamId, wishes: Sequence[LinkWish]) -> None:
    """Nothing stands in the way of these links.

    Raises: as ``make_links``.
    """
    _possible(tx, team_id, wishes)


def usable(tx: Tx, team_id: TeamId, candidate: Candidate | None) -> Candidate:
    """The provider project, if nothing but an existing link could stand in the way.

    Raises:
        Vanished: it is not this team's.
        NotPossible: it is gone, archived or ignored, or its integration is disconnected.
    """
    if candidate is None:
        raise Vanished("provider project")
    if candidate.integration_state is IntegrationState.DISCONNECTED:
        raise IntegrationDisconnected(candidate.project.site_name)
    name = candidate.project.name
    if candidate.is_gone:
        raise ProviderProjectGone(name)
    if candidate.is_archived:
        raise ProviderProjectArchived(name)
    if candidate.ignored_at is not None:
        by = name_of(tx, team_id, candidate.ignored_by)
        raise ProviderProjectIgnored(candidate.project.id, name, by, candidate.ignored_at)
    return candidate


def name_of(tx: Tx, team_id: TeamId, member_id: MemberId | None) -> str | None:
    """What the member is called."""
    if member_id is None:
        return None
    found = members.by_id(tx, team_id, member_id)
    return None if found is None else found.name


def _possible(tx: Tx, team_id: TeamId, wishes: Sequence[LinkWish]) -> list[_Row]:
    ids = [wish.provider_project_id for wish in wishes]
    for provider_project_id, times in Counter(ids).items():
        if times > 1:
            raise ChosenTwice(provider_project_id)
    candidates = link_candidates.by_ids(tx, team_id, ids)
    active = project_links.active(tx, team_id, ids)
    for provider_project_id in ids:
        candidate = candidates.get(provider_project_id)
        if candidate is not None and provider_project_id in active:
            raise _already(candidate, active[provider_project_id])
        usable(tx, team_id, candidate)
    former = project_links.former(tx, team_id, ids)
    chosen = [wish.project_id for wish in wishes if wish.project_id is not None]
    before = [link.project_id for link in former.values()]
    targets = link_targets.by_ids(tx, team_id, list({*chosen, *before}))
    return [
        _row(
            candidates[wish.provider_project_id],
            wish,
            targets,
            former.get(wish.provider_project_id),
        )
        for wish in wishes
    ]


def _row(
    candidate: Candidate, wish: LinkWish, targets: dict[ProjectId, Target], former: Link | None
) -> _Row:
    if wish.project_id is None:
        if former is None or former.project_is_archived:
            return _created(candidate, wish, former)
        target = targets[former.project_id]
    else:
        found = targets.get(wish.project_id)
        if found is None:
            raise Vanished("project")
        if found.is_archived:
            raise TargetArchived(found.name)
        target = found
    if former is None:
        return _Row(candidate, target.id, target.name, target.code, How.EXISTING)
    is_same = former.project_id == target.id
    return _Row(
        candidate,
        target.id,
        target.name,
        target.code,
        How.FRESH if wish.fresh else How.RESUMED if is_same else How.MOVED,
        former.id if is_same else None,
        former.project,
    )


def _created(candidate: Candidate, wish: LinkWish, former: Link | None) -> _Row:
    """A new project, also where the former one is archived: then its tasks move or freeze."""
    if former is None:
        return _Row(candidate, None, candidate.project.name, "", How.CREATED)
    how = How.FRESH if wish.fresh else How.MOVED
    return _Row(candidate, None, candidate.project.name, "", how, former=former.project)


def _named(
    tx: Tx, team_id: TeamId, rows: list[_Row], *, by: MemberId | None, now: datetime
) -> list[_Row]:
    """The rows with a project each: new ones are made."""
    new = [row for row in rows if row.project_id is None]
    if not new:
        return rows
    codes = Codes(link_targets.codes(tx, team_id))
    given = {row.id: codes.take(row.project, row.candidate.project.key) for row in new}
    names = [(row.project, given[row.id]) for row in new]
    made = link_targets.create_many(tx, team_id, names, follows_name=True, by=by, now=now)
    return [
        row
        if row.project_id is not None
        else replace(row, project_id=made[given[row.id]], code=given[row.id])
        for row in rows
    ]


def _id_of(row: _Row) -> ProjectId:
    """The project of a row that has one by now."""
    if row.project_id is None:
        raise AssertionError(row.project)
    return row.project_id


def _already(candidate: Candidate, link: Link) -> AlreadyLinked:
    one = candidate.project
    return AlreadyLinked(one.id, one.name, link.project, link.by, link.at)


def _audited(row: _Row, tasks: int) -> dict[str, object]:
    former = {"former_project": row.former, "tasks": tasks} if row.former else {}
    return {
        "provider_project_id": row.id,
        "provider_project": row.candidate.project.name,
        "project_id": row.project_id,
        "project": row.project,
        "how": row.how.value,
        **former,
    }


def _linked(row: _Row, joined: Counter[ProjectId], tasks: int) -> Linked:
    return Linked(
        provider_project_id=row.id,
        provider_project=row.candidate.project.name,
        project_id=_id_of(row),
        project=row.project,
        code=row.code,
        how=row.how,
        joined=joined[_id_of(row)],
        former=row.former,
        tasks=tasks,
    )
