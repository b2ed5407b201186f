"""``/link audit``: reading the log, searching it, taking a copy."""

from dataclasses import replace

from bot.domain.errors import Vanished
from bot.domain.operating.audit import LONGEST_SEARCH, AuditQuery
from bot.services.operating.auditing import Auditing
from bot.views.operating import audit as views
from bot.views.searching import search_block
from handlers.asking import Ask, Click, Command, Submission, row_id
from handlers.grammar.link_values import Audit
from handlers.replies import OpenModal, Reply, UpdateModal
from handlers.routes import Routes


class AuditHandlers:
    """The log, for admins."""

    def __init__(self, auditing: Auditing) -> None:
        self._auditing = auditing

    def register(self, routes: Routes) -> None:
        """Buttons and the form; the command comes through ``/link``."""
        routes.click(views.SEARCH, self.searched, admin=True)
        routes.click(views.PAGE, self.page_turned, admin=True)
        routes.click(views.COPY, self.copy_asked, admin=True)
        routes.submission(views.FORM, self.submitted, admin=True)

    def command(self, ask: Command, command: Audit) -> Reply:
        """``/link audit [words]``."""
        query = AuditQuery(command.words[:LONGEST_SEARCH])
        return OpenModal(views.log(self._auditing.page(ask.who, query)))

    def searched(self, ask: Click) -> Reply:
        """*Enter* in the search."""
        return self._shown(ask, replace(_query(ask), words=ask.value[:LONGEST_SEARCH], page=0))

    def submitted(self, ask: Submission) -> Reply:
        """*Search*."""
        words = ask.fields.text(search_block(ask.fields.blocks()))[:LONGEST_SEARCH]
        return self._shown(ask, replace(_query(ask), words=words, page=0))

    def page_turned(self, ask: Click) -> Reply:
        """*Newer* and *Older*."""
        return self._shown(ask, replace(_query(ask), page=row_id(ask.value)))

    def copy_asked(self, ask: Click) -> Reply:
        """*Send me a copy*: of everything that was found."""
        query = _query(ask)
        self._auditing.ask_copy(ask.who, query.words, ask.now)
        return self._shown(ask, query, note=views.ASKED)

    def _shown(self, ask: Ask, query: AuditQuery, note: str = "") -> Reply:
        return UpdateModal(views.log(self._auditing.page(ask.who, query), note=note))


def _query(ask: Click | Submission) -> AuditQuery:
    query = views.read_metadata(ask.metadata)
    if query is None:
        raise Vanished("list")
    return query
