"""``/track token``: one's own API tokens, listed, made and taken back."""

from collections.abc import Mapping
from datetime import datetime

from bot.domain.entries.entries import zone_of
from bot.domain.ids import ApiTokenId
from bot.domain.operating.api_tokens import ApiSwitchedOff, Lifetime, TooManyTokens
from bot.domain.slack_text import clean
from bot.services.operating.api_tokens import ApiTokens
from bot.views import field_errors
from bot.views.message import Modal
from bot.views.operating import api_tokens as views
from handlers.asking import Ask, Click, Command, Submission, row_id
from handlers.grammar.track_values import Tokens, TrackCommand
from handlers.replies import FieldErrors, OpenModal, Reply, UpdateModal
from handlers.routes import Routes
from handlers.tracking.track import VerbHandler

_LIFETIMES = {one.value: one for one in Lifetime}


class ApiTokenHandlers:
    """The command, and the forms it leads to."""

    def __init__(self, tokens: ApiTokens, address: str | None) -> None:
        """Takes the service, and where the internet reaches this server, if it does."""
        self._tokens = tokens
        self._address = None if address is None else address.rstrip("/")

    @property
    def verbs(self) -> Mapping[type[TrackCommand], VerbHandler]:
        """What ``/track`` finds here."""
        return {Tokens: self.command}

    def register(self, routes: Routes) -> None:
        """The buttons and the form."""
        routes.click(views.LIST, self.listed)
        routes.click(views.NEW, self.asked)
        routes.click(views.END, self.ended)
        routes.submission(views.FORM, self.submitted)

    def command(self, ask: Command, command: Tokens) -> Reply:
        """``/track token``."""
        del command
        return OpenModal(self._list(ask))

    def listed(self, ask: Click) -> Reply:
        """*API tokens* in one's settings."""
        return OpenModal(self._list(ask))

    def asked(self, ask: Click) -> Reply:
        """*New token*: the form takes the place of the list."""
        form = views.form()
        return UpdateModal(form) if ask.view_id else OpenModal(form)

    def submitted(self, ask: Submission) -> Reply:
        """The form was sent: the token, this once."""
        name = clean(ask.fields.text(views.NAME))
        if not name:
            return FieldErrors({views.NAME: field_errors.SAY_PURPOSE})
        lifetime = _LIFETIMES.get(ask.fields.choice(views.LIFETIME), Lifetime.QUARTER)
        try:
            made = self._tokens.make(who=ask.who, name=name, lifetime=lifetime, now=ask.now)
        except (TooManyTokens, ApiSwitchedOff) as error:
            return FieldErrors({views.NAME: field_errors.plain_sentence(error)})
        return UpdateModal(views.made(made, _local(ask), self._address))

    def ended(self, ask: Click) -> Reply:
        """*Take back*: the list without it."""
        token_id = ApiTokenId(row_id(ask.value))
        gone = self._tokens.end(who=ask.who, token_id=token_id, now=ask.now)
        listing = self._list(ask, notice=views.taken_back(gone))
        return UpdateModal(listing) if ask.view_id else OpenModal(listing)

    def _list(self, ask: Ask, *, notice: str = "") -> Modal:
        own, are_good = self._tokens.own(who=ask.who), self._tokens.are_good(who=ask.who)
        return views.listing(own, _local(ask), are_good=are_good, notice=notice)


def _local(ask: Ask) -> datetime:
    return ask.now.astimezone(zone_of(ask.who.zone))
