"""``/link channel-default``: the project that a channel prefers."""

from bot.domain.ids import ProjectId
from bot.domain.tasks.task_refs import ref_words
from bot.services.linking.linking import Linking
from bot.services.tasks.channel_defaults import ChannelDefaults
from bot.views.linking.link_form import target_options
from bot.views.tasks import channel_defaults as views
from handlers.asking import Click, Command, Lookup, row_id
from handlers.grammar.link_values import SetChannelDefault
from handlers.replies import Choices, Ephemeral, Reply, Update
from handlers.routes import Routes


class ChannelDefaultHandlers:
    """The verb, its select and its buttons."""

    def __init__(self, defaults: ChannelDefaults, linking: Linking) -> None:
        self._defaults = defaults
        self._linking = linking

    def register(self, routes: Routes) -> None:
        """The select and the buttons."""
        routes.click(views.CHOOSE, self.chosen, admin=True)
        routes.click(views.OFF, self.switched_off, admin=True)
        routes.lookup(views.CHOOSE, self.searched, admin=True)

    def command(self, ask: Command, command: SetChannelDefault) -> Reply:
        """Shows what is preferred, chooses, or switches it off."""
        if command.clear:
            before = self._defaults.switch_off(who=ask.who, channel_id=ask.channel_id, now=ask.now)
            return Ephemeral(views.switched_off(before))
        if command.project is None:
            found = self._defaults.current(who=ask.who, channel_id=ask.channel_id)
            return Ephemeral(views.current(found))
        meant = self._defaults.meant(who=ask.who, channel_id=ask.channel_id, ref=command.project)
        if len(meant) > 1:
            return Ephemeral(views.pick(ref_words(command.project).strip('"'), meant))
        chosen = self._defaults.choose(
            who=ask.who, channel_id=ask.channel_id, project_id=meant[0].id, now=ask.now
        )
        return Ephemeral(views.chosen(chosen))

    def chosen(self, ask: Click) -> Reply:
        """A project was chosen from a select."""
        found = self._defaults.choose(
            who=ask.who,
            channel_id=ask.channel_id,
            project_id=ProjectId(row_id(ask.value)),
            now=ask.now,
        )
        return Update(views.chosen(found))

    def switched_off(self, ask: Click) -> Reply:
        """*Switch off*."""
        before = self._defaults.switch_off(who=ask.who, channel_id=ask.channel_id, now=ask.now)
        return Update(views.switched_off(before))

    def searched(self, ask: Lookup) -> Reply:
        """Somebody types into the select."""
        return Choices(target_options(self._linking.targets(who=ask.who, text=ask.query)))
