"""Linking provider projects to projects (L2, L7), by admins."""

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.domain.errors import HourlinkError, Vanished
from bot.domain.ids import ProjectId, ProviderProjectId, TeamId
from bot.domain.input_errors import Misuse, TextTooLong, UsageError
from bot.domain.linking.link_plan import folded
from bot.domain.linking.linking import (
    AlreadyIgnored,
    AlreadyLinked,
    Choice,
    FormerLink,
    IntegrationUnknown,
    Linked,
    LinkedProject,
    LinkWish,
    NotIgnored,
    ProjectExists,
    ProviderProjectUnknown,
    Target,
    UnlinkedProject,
)
from bot.domain.people.people import Member
from bot.domain.projects.codes import Codes
from bot.domain.tasks.task_refs import ProjectRef, ref_words
from bot.services import rights
from bot.services.linking.finding import MOST_MEANT, meant, nearest, targets_meant
from bot.services.linking.making import (
    check_wishes,
    make_links,
    name_of,
    usable,
)
from bot.services.linking.redrawing import draw_announcements
from storage.linking import (
    integrations,
    link_candidates,
    link_search,
    link_targets,
    project_links,
    task_freezing,
)
from storage.linking.link_candidates import Candidate
from storage.operating import audit
from storage.unit_of_work import Tx, UnitOfWork

MOST_FOUND = 100
"""Options that a select takes."""

LONGEST_NAME = 500


class Linking:
    """Use cases around project links."""

    def __init__(self, uow: UnitOfWork, new_marker: Callable[[], str]) -> None:
        self._uow = uow
        self._new_marker = new_marker

    def check_tools(self, *, who: Member) -> None:
        """Nothing, where there is a tool whose projects can be linked.

        Raises:
            AdminOnly: who asks may not.
            IntegrationUnknown: no tool is connected.
        """
        with self._uow.read(brief=True) as tx:
            rights.admin(tx, who)
            if not integrations.live(tx, who.team_id):
                raise IntegrationUnknown("")

    def unlinked(self, *, who: Member, text: str = "") -> list[UnlinkedProject]:
        """What a searching select offers: unlinked projects that hold the words, 100 at most."""
        with self._uow.read() as tx:
            rights.admin(tx, who)
            return link_search.search(tx, who.team_id, text, MOST_FOUND)

    def targets(self, *, who: Member, text: str = "") -> list[Target]:
        """Projects that something can be linked to, 100 at most."""
        with self._uow.read() as tx:
            rights.admin(tx, who)
            return link_targets.search(tx, who.team_id, text.strip(), MOST_FOUND)

    def open_one(self, *, who: Member, provider_project_id: ProviderProjectId) -> UnlinkedProject:
        """One that still waits for a decision.

        Raises:
            AdminOnly: who asks may not decide.
            Vanished: it is not this team's.
            AlreadyLinked: somebody decided before.
            NotPossible: it is gone, archived, ignored or disconnected.
        """
        with self._uow.read() as tx:
            rights.admin(tx, who)
            found = self._undecided(tx, who, provider_project_id)
            return usable(tx, who.team_id, found).project

    def find(
        self, *, who: Member, provider_project: ProjectRef, to: ProjectRef | None, create: bool
    ) -> LinkWish | Choice:
        """What the words of ``/link project`` mean; several meanings are a person's choice.

        Raises:
            IntegrationUnknown: no tool is connected.
            ProviderProjectUnknown: nothing that could be linked is called that.
            ProjectUnknown: no project is called what stands behind ``to``.
            AlreadyLinked: it is linked.
            NotPossible: it is archived, ignored or gone, or the project is archived.
        """
        with self._uow.read() as tx:
            rights.admin(tx, who)
            sources = self._sources(tx, who.team_id, provider_project)
            projects = [] if to is None else targets_meant(tx, who.team_id, to)
        single = len(sources) == 1
        if single and create:
            return LinkWish(sources[0].id)
        if single and len(projects) == 1:
            return LinkWish(sources[0].id, projects[0].id)
        said = ref_words(provider_project if to is None or not single else to).strip('"')
        return Choice(said, tuple(sources), tuple(projects), create)

    def link(
        self,
        *,
        who: Member,
        provider_project_id: ProviderProjectId,
        project_id: ProjectId | None = None,
        now: datetime,
    ) -> Linked:
        """Links one; without a project to its former one, else to a new one of its name.

        Raises: as ``link_many``.
        """
        wish = LinkWish(provider_project_id, project_id)
        return self.link_many(who=who, wishes=[wish], now=now)[0]

    def former(
        self, *, who: Member, ids: Sequence[ProviderProjectId]
    ) -> dict[ProviderProjectId, FormerLink]:
        """Those of these that were linked before, and what a new link would resume.

        Raises:
            AdminOnly: who asks may not.
        """
        with self._uow.read() as tx:
            rights.admin(tx, who)
            found = project_links.former(tx, who.team_id, ids)
            tasks = task_freezing.count(tx, who.team_id, list(found))
            return {
                one: FormerLink(
                    link.project, link.project_is_archived, tasks.get(one, 0), link.by, link.at
                )
                for one, link in found.items()
            }

    def link_many(
        self, *, who: Member, wishes: Sequence[LinkWish], now: datetime
    ) -> tuple[Linked, ...]:
        """Links all of them, or none and says why.

        Raises:
            AdminOnly: who asks may not.
            Vanished: a provider project or project is not this team's.
            AlreadyLinked: somebody was first.
            NotPossible: one is gone, archived, ignored or disconnected, or stands there twice.
        """
        with self._uow.begin() as tx:
            rights.admin(tx, who)
            return self._make(tx, who, wishes, now)

    def problem_of(self, *, who: Member, wish: LinkWish) -> HourlinkError | None:
        """What would keep this one wish from being fulfilled now; None when nothing would.

        Raises:
            AdminOnly: who asks may not link.
        """
        with self._uow.read() as tx:
            rights.admin(tx, who)
            try:
                check_wishes(tx, who.team_id, [wish])
            except HourlinkError as problem:
                return problem
            return None

    def create(self, *, who: Member, name: str, now: datetime) -> Target:
        """Makes an internal project, with who asks on it.

        Raises:
            AdminOnly: who asks may not.
            ProjectExists: one of this name is there.
            BadInput: there is no name, or a very long one.
        """
        name = " ".join(name.split())
        if not name:
            raise UsageError("new", Misuse.MISSING_NAME)
        if len(name) > LONGEST_NAME:
            raise TextTooLong(len(name), LONGEST_NAME)
        with self._uow.begin() as tx:
            rights.admin(tx, who)
            link_targets.lock(tx, who.team_id)
            for one in link_targets.every(tx, who.team_id):
                if folded(one.name) == folded(name) and not one.is_archived:
                    raise ProjectExists(one.name, one.code)
            code = Codes(link_targets.codes(tx, who.team_id)).take(name)
            made = link_targets.create_many(
                tx, who.team_id, [(name, code)], follows_name=False, by=who.id, now=now
            )
            project_id = made[code]
            link_targets.add_person(tx, who.team_id, project_id, who.id, now)
            audit.record(
                tx,
                who.team_id,
                actor=who.id,
                action="project.create",
                subject=f"project:{project_id}",
                now=now,
                before=None,
                after={"name": name, "code": code},
            )
            return Target(project_id, name, code)

    def ignore(
        self, *, who: Member, provider_project_id: ProviderProjectId, now: datetime
    ) -> UnlinkedProject:
        """Sets a provider project aside: it is not offered any more.

        Raises:
            AdminOnly: who asks may not.
            Vanished: it is not this team's.
            AlreadyIgnored, AlreadyLinked: somebody decided before.
        """
        with self._uow.begin() as tx:
            found = self._decidable(tx, who, provider_project_id)
            if found.ignored_at is not None:
                by = name_of(tx, who.team_id, found.ignored_by)
                raise AlreadyIgnored(found.project.name, by, found.ignored_at)
            self._set_ignored(tx, who, found, now, ignored=True)
            return found.project

    def notice_again(
        self, *, who: Member, provider_project_id: ProviderProjectId, now: datetime
    ) -> UnlinkedProject:
        """Takes an *Ignore* back.

        Raises:
            AdminOnly: who asks may not.
            Vanished: it is not this team's.
            NotIgnored, AlreadyLinked: somebody decided before.
        """
        with self._uow.begin() as tx:
            found = self._decidable(tx, who, provider_project_id)
            if found.ignored_at is None:
                raise NotIgnored(found.project.name)
            self._set_ignored(tx, who, found, now, ignored=False)
            return found.project

    def _make(
        self, tx: Tx, who: Member, wishes: Sequence[LinkWish], now: datetime
    ) -> tuple[Linked, ...]:
        return make_links(tx, who.team_id, wishes, by=who.id, now=now, new_marker=self._new_marker)

    def _sources(self, tx: Tx, team_id: TeamId, ref: ProjectRef) -> list[UnlinkedProject]:
        ids = link_search.meant(tx, team_id, ref, MOST_MEANT)
        linked = project_links.every_linked(tx, team_id, ids)
        open_ids = set(ids) - {one.provider_project_id for one in linked}
        known = link_candidates.by_ids(tx, team_id, list(open_ids))
        waiting = [known[one] for one in ids if one in known]
        found = meant(ref, waiting, names=_candidate_names, url=lambda one: one.url)
        fit = [one.project for one in found if one.ignored_at is None and not one.is_archived]
        if fit:
            return fit
        if len(found) == 1:
            usable(tx, team_id, found[0])
        standing = meant(ref, linked, names=_source_names)
        if len(standing) == 1:
            one = standing[0]
            id_ = one.provider_project_id
            by = project_links.active(tx, team_id, [id_])[id_]
            raise AlreadyLinked(id_, one.provider_project, one.project, by.by, by.at)
        if not integrations.live(tx, team_id):
            raise IntegrationUnknown("")
        text = ref_words(ref).strip('"')
        if standing:
            pairs = tuple((one.provider_project, one.project) for one in standing)
            raise ProviderProjectUnknown(text, linked=pairs)
        near = link_search.alike(tx, team_id, text, MOST_MEANT)
        others = list(link_candidates.by_ids(tx, team_id, near).values())
        raise ProviderProjectUnknown(text, nearest(ref, others, names=_candidate_names))

    def _decidable(self, tx: Tx, who: Member, provider_project_id: ProviderProjectId) -> Candidate:
        rights.admin(tx, who)
        link_targets.lock(tx, who.team_id)
        return self._undecided(tx, who, provider_project_id)

    def _undecided(self, tx: Tx, who: Member, provider_project_id: ProviderProjectId) -> Candidate:
        found = link_candidates.by_ids(tx, who.team_id, [provider_project_id])
        if provider_project_id not in found:
            raise Vanished("provider project")
        one = found[provider_project_id]
        link = project_links.active(tx, who.team_id, [provider_project_id])
        if standing := link.get(provider_project_id):
            name = one.project.name
            raise AlreadyLinked(
                provider_project_id, name, standing.project, standing.by, standing.at
            )
        return one

    def _set_ignored(
        self, tx: Tx, who: Member, found: Candidate, now: datetime, *, ignored: bool
    ) -> None:
        one = found.project
        link_candidates.set_ignored(
            tx, who.team_id, [one.id], at=now if ignored else None, by=who.id if ignored else None
        )
        audit.record(
            tx,
            who.team_id,
            actor=who.id,
            action="provider_project.ignore" if ignored else "provider_project.notice",
            subject=f"provider_project:{one.id}",
            now=now,
            before={"name": one.name, "ignored": not ignored},
            after={"name": one.name, "ignored": ignored},
        )
        self._draw(tx, who.team_id, one.id, now)

    def _draw(
        self, tx: Tx, team_id: TeamId, provider_project_id: ProviderProjectId, now: datetime
    ) -> None:
        ids = [provider_project_id]
        draw_announcements(tx, team_id, ids, now=now, new_marker=self._new_marker)


def _candidate_names(one: Candidate) -> tuple[str, ...]:
    return tuple(name for name in (one.project.name, one.project.key) if name)


def _source_names(one: LinkedProject) -> tuple[str, ...]:
    return tuple(name for name in (one.provider_project, one.key) if name)
