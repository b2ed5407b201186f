"""The App Home, and ``/link`` alone: the Overview."""

from bot.services.linking.overview import Overviews
from bot.services.linking.own_overview import OwnOverviews
from bot.services.people.account_links import AccountLinks
from bot.services.tracking.home import Homes
from bot.views.linking.overview import overview
from bot.views.linking.own_overview import own_overview
from bot.views.providers import Faces
from bot.views.tracking import home as views
from handlers.asking import Click, Command, Opened
from handlers.grammar.link_values import LinkStatus, Overview
from handlers.replies import Ephemeral, HomeView, OpenModal, Reply
from handlers.routes import Route, Routes


class HomeHandlers:
    """What a person sees when they open Hourlink."""

    def __init__(
        self,
        *,
        homes: Homes,
        overviews: Overviews,
        own: OwnOverviews,
        accounts: AccountLinks,
        faces: Faces,
    ) -> None:
        self._homes = homes
        self._own = own
        self._overviews = overviews
        self._accounts = accounts
        self._faces = faces

    def register(self, routes: Routes) -> None:
        """The Home tab and what it has no room for; the commands come through ``/link``."""
        routes.home = Route(self.home)
        routes.click(views.ACCOUNTS, self.accounts_clicked)
        routes.click(views.OVERVIEW, self.overview_clicked, admin=True)

    def home(self, ask: Opened) -> Reply:
        """Somebody opens the App Home, or did something in it."""
        who = ask.who
        page = views.Page(
            mine=self._homes.show(who=who, now=ask.now),
            overview=self._overviews.everything(who=who) if who.is_admin else None,
            notice=ask.notice,
        )
        return HomeView(views.home(page, self._faces))

    def accounts_clicked(self, ask: Click) -> Reply:
        """*All accounts*."""
        return OpenModal(views.accounts_form(self._accounts.mine(ask.who), self._faces))

    def overview_clicked(self, ask: Click) -> Reply:
        """*Show the whole Overview*."""
        found = self._overviews.everything(who=ask.who)
        return OpenModal(views.overview_form(found, self._faces))

    def command(self, ask: Command, command: Overview | LinkStatus) -> Reply:
        """``/link`` and ``/link status``; who is no admin is told what is linked for them."""
        del command
        if not ask.who.is_admin:
            return Ephemeral(own_overview(self._own.show(who=ask.who), self._faces))
        found = self._overviews.everything(who=ask.who)
        return Ephemeral(overview(found, self._faces))
