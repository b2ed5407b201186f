"""Finding provider projects by words: typed into *Connect projects*, or behind ``/link project``.

The list is never read whole. What begins with the text is one range of an index, in whose order it
is read until there is enough; only what is missing then is looked for inside of names.
"""

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, Select, and_, case, false, or_, select
from sqlmodel import col

from bot.domain.ids import IntegrationId, ProviderProjectId, TeamId
from bot.domain.linking.link_plan import folded
from bot.domain.linking.link_search import LAST, MARK, search_words
from bot.domain.linking.linking import UnlinkedProject
from bot.domain.states import IntegrationState
from bot.domain.tasks.task_refs import ProjectRef, QuotedName, UrlRef, WordsRef
from storage.linking import link_candidates
from storage.linking.integrations import IntegrationRow
from storage.linking.provider_projects import ProviderProjectRow
from storage.sql import AnyRow, table
from storage.unit_of_work import Tx

_TEXT = table(ProviderProjectRow).c.search_text
_SITE = table(ProviderProjectRow).c.integration_id

_BEGINNING = 3
"""Letters of a word that a misspelled one shares with it."""


def search(tx: Tx, team_id: TeamId, text: str, limit: int) -> list[UnlinkedProject]:
    """Unlinked projects whose name, key, workspace or site holds every word of the text.

    First the one whose key it is, then names that begin with it, then keys, then words inside.
    An empty text finds the first of all.
    """
    wanted = search_words(text)
    waiting = link_candidates.SELECT.where(
        col(ProviderProjectRow.team_id) == team_id, link_candidates.WAITS
    )
    found: dict[int, AnyRow] = {}
    sites = _sites(tx, team_id, wanted.split()) if wanted else {}
    for query in _in_turn(waiting, wanted, sites):
        if len(found) >= limit:
            break
        # As many again as were found before, for they may come again.
        for row in tx.execute(query.limit(limit + len(found))):
            found.setdefault(row.id, row)
    return [link_candidates.unlinked(row) for row in found.values()][:limit]


def _in_turn(
    waiting: Select[*tuple[object, ...]], wanted: str, sites: dict[str, list[IntegrationId]]
) -> Iterator[Select[*tuple[object, ...]]]:
    if wanted:
        yield waiting.where(_holds(f"{MARK}{wanted}{MARK}")).order_by(_TEXT)
    yield waiting.where(_TEXT.between(wanted, wanted + LAST)).order_by(_TEXT)
    if wanted:
        words = wanted.split()
        every = and_(*(or_(_holds(word), _SITE.in_(sites[word])) for word in words))
        likely = case((_holds(MARK + wanted), 0), (_holds(f" {words[0]}"), 1), else_=2)
        yield waiting.where(every).order_by(likely, _TEXT)


def _holds(text: str) -> ColumnElement[bool]:
    return _TEXT.contains(text, autoescape=True)


def _sites(tx: Tx, team_id: TeamId, words: Sequence[str]) -> dict[str, list[IntegrationId]]:
    """The integrations that each word names."""
    query = select(
        table(IntegrationRow).c.id, col(IntegrationRow.site_name), col(IntegrationRow.provider)
    ).where(col(IntegrationRow.team_id) == team_id)
    rows = tx.execute(query).all()
    return {
        word: [IntegrationId(row[0]) for row in rows if word in folded(f"{row[1]} {row[2]}")]
        for word in words
    }


def meant(tx: Tx, team_id: TeamId, ref: ProjectRef, most: int) -> list[ProviderProjectId]:
    """Provider projects of connected sites, linked or not, that the words of a command may mean.

    All that are called so, or at whose address something is; else those that hold every word.
    """
    match ref:
        case UrlRef(address):
            return _ids(tx, team_id, col(ProviderProjectRow.url).in_(_above(address)), most)
        case QuotedName(text) | WordsRef(text):
            wanted = search_words(text)
            called = or_(
                _TEXT.between(f"{wanted}{MARK}", f"{wanted}{MARK}{LAST}"),
                _holds(f"{MARK}{wanted}{MARK}"),
            )
            found = _ids(tx, team_id, called, most)
            if found or isinstance(ref, QuotedName):
                return found
            return _ids(tx, team_id, and_(*(_holds(word) for word in wanted.split())), most)


def alike(tx: Tx, team_id: TeamId, text: str, most: int) -> list[ProviderProjectId]:
    """Those with a word that begins like one of these: among them are the nearest names."""
    begins = {word[:_BEGINNING] for word in search_words(text).split()}
    return _ids(tx, team_id, or_(false(), *(_holds(begin) for begin in begins)), most)


def _ids(
    tx: Tx, team_id: TeamId, condition: ColumnElement[bool], most: int
) -> list[ProviderProjectId]:
    query = (
        select(table(ProviderProjectRow).c.id)
        .join(IntegrationRow, col(IntegrationRow.id) == col(ProviderProjectRow.integration_id))
        .where(
            col(ProviderProjectRow.team_id) == team_id,
            col(ProviderProjectRow.gone_at).is_(None),
            col(IntegrationRow.state) != IntegrationState.DISCONNECTED,
            condition,
        )
        .order_by(_TEXT)
        .limit(most)
    )
    return [ProviderProjectId(found) for found in tx.execute(query).scalars()]


def _above(address: str) -> list[str]:
    """Every address of which this is a part or a page below, with and without a last slash."""
    cuts = [place for place, sign in enumerate(address) if sign in "/?#"]
    above = {address, *(address[:cut] for cut in cuts)}
    return sorted({one for url in above for one in (url.rstrip("/"), f"{url.rstrip('/')}/")})
