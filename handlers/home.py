"""The App Home, and ``/link`` alone: the Overview."""

from bot.services.account_links import AccountLinks
from bot.services.overview import Overviews
from bot.services.timesheet import Timesheet
from bot.services.tracking import Tracking
from bot.views import home, overview
from bot.views.providers import Faces
from handlers.asking import Ask, Command
from handlers.grammar.link_values import LinkStatus, Overview
from handlers.replies import Ephemeral, HomeView, Reply
from handlers.routes import Route, Routes


class HomeHandlers:
    """What a person sees when they open Hourlink."""

    def __init__(
        self,
        *,
        overviews: Overviews,
        accounts: AccountLinks,
        tracking: Tracking,
        timesheet: Timesheet,
        faces: Faces,
    ) -> None:
        self._overviews = overviews
        self._accounts = accounts
        self._tracking = tracking
        self._timesheet = timesheet
        self._faces = faces

    def register(self, routes: Routes) -> None:
        """The Home tab; the commands come through ``/link``."""
        routes.home = Route(self.home)

    def home(self, ask: Ask) -> Reply:
        """Somebody opens the App Home, or clicked in it."""
        who, now = ask.who, ask.now
        return HomeView(
            home.home(
                status=self._tracking.status(who=who, now=now),
                day=self._timesheet.day(who=who, now=now),
                standings=self._accounts.mine(who),
                faces=self._faces,
                admins=self._overviews.whom_to_ask(who=who),
                found=self._overviews.everything(who=who) if who.is_admin else None,
            )
        )

    def command(self, ask: Command, command: Overview | LinkStatus) -> Reply:
        """``/link`` and ``/link status``."""
        del command
        found = self._overviews.everything(who=ask.who)
        return Ephemeral(overview.overview(found, self._faces))
