"""Finding what is linked by the words of a command: of a project, its code, or of what feeds it.

What is called so is looked up by index; only words inside of names are compared with every link, by
the database.
"""

from sqlalchemy import ColumnElement, Select, and_, false, func, or_
from sqlmodel import col

from bot.domain.ids import TeamId
from bot.domain.linking.link_search import LAST, MARK, search_words
from bot.domain.linking.linking import LinkedProject
from bot.domain.tasks.task_refs import ProjectRef, QuotedName, UrlRef
from storage.linking.project_links import LINKED, ProjectLinkRow, linked
from storage.linking.provider_projects import ProviderProjectRow
from storage.projects.projects import ProjectRow, name_folded
from storage.sql import table
from storage.unit_of_work import Tx

_NAME, _CODE = table(ProjectRow).c.name_folded, table(ProjectRow).c.code
_TEXT = table(ProviderProjectRow).c.search_text

_BEGINNING = 3
"""Letters of a word that a misspelled one shares with it."""


def called(tx: Tx, team_id: TeamId, ref: ProjectRef, most: int) -> list[LinkedProject]:
    """Everything linked, of which a name, a key or a code is the text."""
    if isinstance(ref, UrlRef):
        return []
    text = ref.name if isinstance(ref, QuotedName) else ref.text
    wanted = search_words(text)
    ours = or_(_NAME.in_([name_folded(text)]), _CODE.in_([text.strip().upper()]))
    theirs = or_(
        _TEXT.between(f"{wanted}{MARK}", f"{wanted}{MARK}{LAST}"),
        _holds(_TEXT, f"{MARK}{wanted}{MARK}"),
    )
    found = {
        one.provider_project_id: one
        for query in (
            _of(team_id, col(ProjectRow.team_id) == team_id, ours),
            _of(team_id, col(ProviderProjectRow.team_id) == team_id, theirs),
        )
        for one in _some(tx, query, most)
    }
    return list(found.values())


def holding(tx: Tx, team_id: TeamId, text: str, most: int) -> list[LinkedProject]:
    """Everything linked, whose names together hold every word of the text."""
    words = search_words(text).split()
    every = and_(*(_anywhere(word) for word in words)) if words else false()
    return _some(tx, _of(team_id, every), most)


def alike(tx: Tx, team_id: TeamId, text: str, most: int) -> list[LinkedProject]:
    """What has a word that begins like one of these: among them are the nearest names."""
    begins = {word[:_BEGINNING] for word in search_words(text).split()}
    return _some(tx, _of(team_id, or_(false(), *(_anywhere(begin) for begin in begins))), most)


def _anywhere(word: str) -> ColumnElement[bool]:
    return or_(_holds(_NAME, word), _holds(func.lower(_CODE), word), _holds(_TEXT, word))


def _holds(column: ColumnElement[str], text: str) -> ColumnElement[bool]:
    return column.contains(text, autoescape=True)


def _of(team_id: TeamId, *conditions: ColumnElement[bool]) -> Select[*tuple[object, ...]]:
    return LINKED.where(col(ProjectLinkRow.team_id) == team_id, *conditions)


def _some(tx: Tx, query: Select[*tuple[object, ...]], most: int) -> list[LinkedProject]:
    rows = tx.execute(query.order_by(_NAME, col(ProjectLinkRow.id)).limit(most))
    return [linked(row) for row in rows]
