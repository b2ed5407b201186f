"""``/link``: its verbs, and the forms of *Connect all* and *Unlink*."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from typing import Any, TypeAlias

from bot.domain.errors import AdminOnly
from bot.domain.ids import IntegrationId
from bot.domain.input_errors import UnknownVerb, UsageError
from bot.domain.linking.linking import Choice
from bot.services.linking.linking import Linking
from bot.services.sync.asking import SyncAsking
from bot.views import failures
from bot.views import help as help_views
from bot.views.linking import link_form as form_views
from bot.views.linking import linking as views
from bot.views.linking.elsewhere import elsewhere
from bot.views.message import Message, button
from bot.views.providers import Faces
from handlers.asking import Ask, Click, Command, row_id
from handlers.grammar import LINK, TRACK, available, find, hinted, link_verb, parse_link
from handlers.grammar.link_values import (
    LinkCommand,
    LinkHelp,
    LinkProject,
    LinkStatus,
    NewProject,
    Overview,
    Sync,
)
from handlers.linking.link_form import LinkFormHandlers
from handlers.replies import Ephemeral, OpenModal, Reply
from handlers.routes import Routes

VerbHandler: TypeAlias = Callable[[Command, Any], Reply | AsyncIterator[Reply]]
"""Serves one verb: the request and its command value."""

NAME = "/link"

OFFERED = available(
    LINK,
    {
        "connect",
        "project",
        "new",
        "all",
        "users",
        "unlink",
        "sync",
        "manager",
        "admin",
        "audit",
        "clients",
        "channel",
        "channel-default",
        "policy",
        "settings",
        "close",
        "status",
        "help",
    },
)
"""The verbs that are answered, here or by the features whose answers the constructor takes."""

FOR_EVERYBODY = frozenset({"status", "help"})
"""The verbs that not only admins may use; the others raise ``AdminOnly``."""

_EVERY = button("All commands", "link.help")


class LinkHandlers:
    """The command's dispatcher, and the verbs about projects."""

    def __init__(
        self,
        *,
        linking: Linking,
        syncs: SyncAsking,
        form: LinkFormHandlers,
        faces: Faces,
        overview: VerbHandler,
        others: Mapping[type[LinkCommand], VerbHandler],
    ) -> None:
        """Takes what its own verbs need.

        Args:
            linking: Links and internal projects.
            syncs: Wishes for a refresh.
            form: *Connect projects*.
            faces: What is known of each adapter.
            overview: Answers *status*, and the command alone.
            others: Answers of other features, by command value.
        """
        self._linking = linking
        self._syncs = syncs
        self._form = form
        self._faces = faces
        self._verbs: Mapping[type[LinkCommand], VerbHandler] = {
            Overview: overview,
            LinkStatus: overview,
            LinkProject: self.project,
            NewProject: self.new,
            Sync: self.sync,
            LinkHelp: self.help,
            **others,
        }

    def register(self, routes: Routes) -> None:
        """The command, the buttons and the forms."""
        routes.command(NAME, self.command, fresh=True)
        routes.click("link.help", self.help_clicked)
        routes.click("link.sync", self.sync_clicked, admin=True)

    def command(self, ask: Command) -> Reply | AsyncIterator[Reply]:
        """Reads the words and hands them to their verb.

        All is for admins, but help and what the Overview tells whoever is none.
        """
        try:
            verb = link_verb(ask.text, OFFERED)
        except UnknownVerb as error:
            return Ephemeral(_unknown(ask, error))
        if not ask.who.is_admin and verb is not None and verb.name not in FOR_EVERYBODY:
            raise AdminOnly
        try:
            command = parse_link(ask.text, OFFERED)
        except UnknownVerb as error:
            return Ephemeral(help_views.unknown(NAME, error, OFFERED, _EVERY))
        except UsageError as error:
            return Ephemeral(self._usage(error.verb, failures.sentence(error).text))
        return self._verbs[type(command)](ask, command)

    def help(self, ask: Command, command: LinkHelp) -> Reply:
        """``/link help [verb]``."""
        return Ephemeral(self._usage(command.verb)) if command.verb else self.help_clicked(ask)

    def help_clicked(self, ask: Ask) -> Reply:
        """*All commands*."""
        note = "" if ask.who.is_admin else help_views.FOR_ADMINS
        return Ephemeral(help_views.every_verb(NAME, OFFERED, note=note))

    def _usage(self, name: str, head: str = "") -> Message:
        verb = next(verb for verb in OFFERED if verb.name == name)
        return help_views.one_verb(NAME, verb, head=head)

    def project(self, ask: Command, command: LinkProject) -> Reply:
        """``/link project``: the form, or the words for it."""
        if command.provider_project is None:
            return OpenModal(self._form.form(ask.who))
        found = self._linking.find(
            who=ask.who,
            provider_project=command.provider_project,
            to=command.to,
            create=command.create,
        )
        if command.to is None and not command.create:
            chosen = found.provider_projects if isinstance(found, Choice) else ()
            if len(chosen) == 1:
                return OpenModal(self._form.begun(ask.who, chosen[0]))
        if isinstance(found, Choice):
            return Ephemeral(form_views.pick(self._faces, found))
        made = self._linking.link_many(who=ask.who, wishes=[found], now=ask.now)
        return Ephemeral(views.linked(made))

    def new(self, ask: Command, command: NewProject) -> Reply:
        """``/link new "Name"``."""
        made = self._linking.create(who=ask.who, name=command.name, now=ask.now)
        return Ephemeral(views.created(made))

    def sync(self, ask: Command, command: Sync) -> Reply:
        """``/link sync [integration | project]``."""
        asked = self._syncs.ask(who=ask.who, target=command.target, now=ask.now)
        return Ephemeral(views.syncing(asked))

    def sync_clicked(self, ask: Click) -> Reply:
        """*Sync now*."""
        if ask.value:
            integration_id = IntegrationId(row_id(ask.value))
            asked = self._syncs.ask_one(who=ask.who, integration_id=integration_id, now=ask.now)
        else:
            asked = self._syncs.ask(who=ask.who, target=None, now=ask.now)
        return Ephemeral(views.syncing(asked))


def _unknown(ask: Command, error: UnknownVerb) -> Message:
    """A word that is no verb here: one of ``/track``, what a form does, or a typo.

    Raises:
        AdminOnly: who asks is none, and it is no verb of theirs either.
    """
    with suppress(UnknownVerb):
        other = find(TRACK, error.text)
        # "add" is a second name of "log", and "/link add jira" is not about time.
        is_name = other.name == error.text.lower()
        if is_name or not ask.who.is_admin or not hinted(OFFERED, error.text):
            return help_views.of_other(NAME, error, "/track", other)
    if not ask.who.is_admin:
        raise AdminOnly
    text, buttons = elsewhere(error.text)
    return help_views.unknown(NAME, error, OFFERED, *buttons, _EVERY, elsewhere=text)
