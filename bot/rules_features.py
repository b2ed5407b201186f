"""The features about how time is kept: settings, forgotten timers, locks, timesheets."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.services.preferences import Preferences
from bot.wiring import Core
from handlers.grammar.link_values import LinkCommand, LinkSettings
from handlers.grammar.track_values import TrackCommand, TrackSettings
from handlers.link import VerbHandler as LinkVerb
from handlers.routes import Routes
from handlers.settings import SettingsHandlers
from handlers.track import VerbHandler as TrackVerb


@dataclass(frozen=True, slots=True)
class RulesFeatures:
    """What the others need of them."""

    settings: SettingsHandlers

    @property
    def link_verbs(self) -> Mapping[type[LinkCommand], LinkVerb]:
        """Those of ``/link``."""
        return {LinkSettings: self.settings.team}

    @property
    def track_verbs(self) -> Mapping[type[TrackCommand], TrackVerb]:
        """Those of ``/track``."""
        return {TrackSettings: self.settings.own}

    def register(self, routes: Routes) -> None:
        """Every button and form."""
        self.settings.register(routes)


def build_rules(core: Core) -> RulesFeatures:
    """Joins them."""
    return RulesFeatures(settings=SettingsHandlers(Preferences(core.uow)))
