"""Changing a project: its name, code and colour (A4)."""

from datetime import datetime

from bot.domain.errors import Vanished
from bot.domain.ids import ProjectId, TeamId
from bot.domain.input_errors import Misuse, TextTooLong, UsageError
from bot.domain.linking.linking import ProjectExists
from bot.domain.people.people import Member
from bot.domain.projects.codes import LONGEST, SHORTEST
from bot.domain.projects.projects import CodeTaken, CodeUnfit, Edit, Edited, EditForm, NameFollows
from bot.domain.slack_text import clean
from bot.services import rights
from bot.services.linking.linking import LONGEST_NAME
from storage.linking import link_targets
from storage.operating import audit
from storage.projects import project_edits, project_summary
from storage.unit_of_work import Tx, UnitOfWork


class ProjectEditing:
    """Use cases by admins."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def form(self, *, who: Member, project_id: ProjectId) -> EditForm:
        """The project as it is now, and what gives it its name where that is not given here.

        Raises:
            AdminOnly: who asks may not change it.
            Vanished: there is no such project.
        """
        with self._uow.read() as tx:
            rights.admin(tx, who)
            return _form(tx, who.team_id, project_id)

    def edit(self, *, who: Member, project_id: ProjectId, edit: Edit, now: datetime) -> Edited:
        """Changes what is different; keys made from a former code go on finding their tasks.

        Raises:
            AdminOnly: who asks may not.
            Vanished: there is no such project.
            NameFollows: its name is the provider's.
            ProjectExists: another one in use has the name.
            CodeTaken: another one has the code.
            CodeUnfit: it is not 2 to 5 letters.
            BadInput: there is no name, or a very long one.
        """
        code = edit.code.strip().upper()
        if not (code.isascii() and code.isalpha() and SHORTEST <= len(code) <= LONGEST):
            raise CodeUnfit(edit.code)
        team_id = who.team_id
        with self._uow.begin() as tx:
            rights.admin(tx, who)
            link_targets.lock(tx, team_id)
            before = _form(tx, team_id, project_id)
            name = _name(tx, team_id, before, edit.name)
            writes = before.writes_time if edit.writes_time is None else edit.writes_time
            old: dict[str, object] = {
                "name": before.name,
                "code": before.code,
                "colour": before.colour,
                "writes_time": before.writes_time,
            }
            new: dict[str, object] = {
                "name": name,
                "code": code,
                "colour": edit.colour,
                "writes_time": writes,
            }
            different = [key for key, value in new.items() if old[key] != value]
            rekeyed = 0
            if "code" in different:
                rekeyed = _recode(tx, team_id, before, code)
            if "name" in different:
                project_edits.rename(tx, team_id, project_id, name)
            if "colour" in different:
                project_edits.recolour(tx, team_id, project_id, edit.colour)
            if "writes_time" in different:
                project_edits.write_time(tx, team_id, project_id, is_on=writes)
            if different:
                audit.record(
                    tx,
                    team_id,
                    actor=who.id,
                    action="project.edit",
                    subject=f"project:{project_id}",
                    now=now,
                    before={key: old[key] for key in different},
                    after={key: new[key] for key in different},
                )
            return Edited(bool(different), before.code, code, rekeyed)


def _form(tx: Tx, team_id: TeamId, project_id: ProjectId) -> EditForm:
    head = project_summary.head(tx, team_id, project_id)
    if head is None:
        raise Vanished("project")
    links, _ = project_summary.links(tx, team_id, project_id, limit=1)
    named_there = links[0].source if head.follows_name and links else None
    writes = project_edits.writes_time(tx, team_id, project_id)
    return EditForm(project_id, head.name, head.code, head.colour, named_there, writes)


def _name(tx: Tx, team_id: TeamId, before: EditForm, wanted: str | None) -> str:
    """The name it shall have."""
    name = before.name if wanted is None else clean(wanted)
    if name == before.name:
        return name
    if before.named_there is not None:
        raise NameFollows(before.name, before.named_there.provider)
    if not name:
        raise UsageError("new", Misuse.BLANK_NAME)
    if len(name) > LONGEST_NAME:
        raise TextTooLong(len(name), LONGEST_NAME)
    other = project_edits.namesake(tx, team_id, name, besides=before.id)
    if other is not None:
        raise ProjectExists(name, other)
    return name


def _recode(tx: Tx, team_id: TeamId, before: EditForm, code: str) -> int:
    holder = project_edits.holder_of(tx, team_id, code)
    if holder is not None:
        raise CodeTaken(code, holder)
    return project_edits.recode(tx, team_id, before.id, before.code, code)
