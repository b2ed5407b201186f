"""What to say about connecting and linking that did not go as asked."""

from datetime import datetime

from bot.domain.linking import announcements, connecting, integration_settings, link_rules, linking
from bot.domain.tasks import channel_defaults
from bot.views.message import Message, actions, button, escaped, section
from bot.views.offers import connect_a_tool
from bot.views.projects.unlink import ONE as UNLINK_ONE
from bot.views.saying import says
from bot.views.words import beside, local_time, quoted

_MOST_NAMED = 5


@says(linking.AlreadyLinked)
def _linked(error: linking.AlreadyLinked) -> Message:
    name = escaped(error.provider_project)
    to = beside(error.provider_project, "to", error.project)
    by = f" by {escaped(error.by)}" if error.by else " by the link policy"
    said = f"*{name}* is already linked{to}{by}, {local_time(error.at)}."
    unlink = button("Unlink...", UNLINK_ONE, str(error.provider_project_id))
    return Message(
        f"{said} To link it elsewhere, unlink it first.", [section(said), actions(unlink)]
    )


@says(linking.AlreadyIgnored)
def _ignored_before(error: linking.AlreadyIgnored) -> str:
    return f"*{escaped(error.provider_project)}* is already ignored{_by(error.by, error.at)}."


@says(linking.AlreadyUnlinked)
def _unlinked(error: linking.AlreadyUnlinked) -> str:
    name = escaped(error.provider_project)
    if error.at is None:
        return f"*{name}* is not linked."
    return f"*{name}* was unlinked before{_by(error.by, error.at)}."


@says(linking.NotIgnored)
def _not_ignored(error: linking.NotIgnored) -> str:
    return f"*{escaped(error.provider_project)}* is not ignored."


@says(linking.ProviderProjectIgnored)
def _ignored(error: linking.ProviderProjectIgnored) -> Message:
    said = f"*{escaped(error.provider_project)}* is ignored{_by(error.by, error.at)}."
    undo = button("Stop ignoring", "link.notice", str(error.provider_project_id))
    return Message(f"{said} Stop ignoring it, then link it.", [section(said), actions(undo)])


@says(linking.ProviderProjectGone)
def _gone(error: linking.ProviderProjectGone) -> str:
    return f"*{escaped(error.provider_project)}* was deleted or hidden in its tool."


@says(linking.ProviderProjectArchived)
def _archived(error: linking.ProviderProjectArchived) -> str:
    return (
        f"*{escaped(error.provider_project)}* is archived in its tool. Bring it back there, "
        "then link it."
    )


@says(linking.IntegrationDisconnected)
def _disconnected(error: linking.IntegrationDisconnected) -> str:
    return f"{escaped(error.site_name)} is not connected any more. `/link connect` brings it back."


@says(linking.TargetArchived)
def _target_archived(error: linking.TargetArchived) -> str:
    return f"*{escaped(error.project)}* is archived, so nothing can be linked to it."


@says(linking.ChosenTwice)
def _twice(error: linking.ChosenTwice) -> str:
    del error
    return "The same provider project is chosen twice."


@says(linking.NothingToLink)
def _nothing(error: linking.NothingToLink) -> str:
    del error
    return "No project is waiting to be linked."


@says(linking.ProjectExists)
def _exists(error: linking.ProjectExists) -> str:
    return f"The project *{escaped(error.project)}* ({error.code}) is there already."


@says(linking.ProviderProjectUnknown)
def _no_provider_project(error: linking.ProviderProjectUnknown) -> Message:
    said = f"No unlinked project in your tools is called {quoted(error.text)}."
    if error.linked:
        pairs = [
            f"*{escaped(name)}*{beside(name, 'to', project)}" for name, project in error.linked
        ]
        more = f" and {len(pairs) - _MOST_NAMED} more" if len(pairs) > _MOST_NAMED else ""
        said += f" Linked already: {', '.join(pairs[:_MOST_NAMED])}{more}."
    return _with_form(said, error.nearest)


@says(linking.ProjectUnknown)
def _no_project(error: linking.ProjectUnknown) -> Message:
    text = f"No project is called {quoted(error.text)}.{_near(error.nearest)}"
    row = actions(button("Projects", "projects.open"), button("Connect projects", "link.choose"))
    return Message(text, [section(text), row])


@says(linking.IntegrationUnknown)
def _no_integration(error: linking.IntegrationUnknown) -> Message | str:
    if not error.known:
        text = "No tool is connected to Hourlink yet."
        return Message(text, [section(text), actions(connect_a_tool())])
    known = ", ".join(escaped(name) for name in error.known)
    return f"Nothing that is connected is called {quoted(error.text)}. Connected: {known}."


@says(integration_settings.SettingsChangedMeanwhile)
def _changed_meanwhile(error: integration_settings.SettingsChangedMeanwhile) -> str:
    return (
        f"Somebody changed the settings of *{escaped(error.site_name)}* meanwhile. Here they are "
        "as they stand now; yours were not saved."
    )


@says(integration_settings.ChannelUnusable)
def _no_channel(error: integration_settings.ChannelUnusable) -> str:
    where = f"<#{error.channel_id}>"
    if error.is_archived:
        return f"{where} is archived, so nothing can be announced there. Choose another channel."
    return (
        f"Hourlink is not in {where}, which is private. Type `/invite @Hourlink` there, then try "
        "again."
    )


@says(integration_settings.TimeNotTaken)
def _no_time_there(error: integration_settings.TimeNotTaken) -> str:
    names = ", ".join(quoted(name) for name in error.site_names)
    return f"Time cannot be written to {names}; nothing was changed."


@says(integration_settings.ChannelNotFound)
def _typed_channel(error: integration_settings.ChannelNotFound) -> str:
    return (
        f"No channel was picked, only {quoted(error.name)} typed. Type `#` and choose the channel "
        "from Slack's own list."
    )


@says(link_rules.TooManyRules)
def _too_many_rules(error: link_rules.TooManyRules) -> str:
    return f"That is too many rules; {error.most} is the most. A `*` stands for anything."


@says(link_rules.PatternTooLong)
def _long_pattern(error: link_rules.PatternTooLong) -> str:
    return (
        f"{quoted(error.pattern)} is too long for a rule; {error.most} characters is the most. "
        "A `*` stands for anything."
    )


@says(connecting.SiteAlreadyConnected)
def _connected(error: connecting.SiteAlreadyConnected) -> str:
    return f"*{escaped(error.site_name)}* is connected already{_by(error.by, error.at)}."


@says(connecting.OtherSite)
def _other_site(error: connecting.OtherSite) -> str:
    return (
        f"These credentials open *{escaped(error.opened)}*, not *{escaped(error.site_name)}*. "
        f"To connect {escaped(error.opened)} as a tool of its own: `/link connect`."
    )


@says(connecting.AlreadyDisconnected)
def _disconnected_before(error: connecting.AlreadyDisconnected) -> str:
    return f"*{escaped(error.site_name)}* is disconnected already."


@says(connecting.UnknownProvider)
def _no_provider(error: connecting.UnknownProvider) -> str:
    known = ", ".join(escaped(name) for name in error.known) or "none"
    return f"No tool is called {quoted(error.text)}. Tools to connect: {known}."


@says(channel_defaults.NotAChannel)
def _not_a_channel(error: channel_defaults.NotAChannel) -> str:
    del error
    return "A direct message has no default project. Type this in a channel or a group message."


@says(channel_defaults.NoChannelDefault)
def _no_channel_default(error: channel_defaults.NoChannelDefault) -> str:
    del error
    return 'This channel prefers no project. Choose one: `/link channel-default "Website"`.'


def _with_form(said: str, nearest: tuple[str, ...]) -> Message:
    search = actions(button("Connect projects", "link.choose"))
    text = said + _near(nearest)
    return Message(f"{text} Search with *Connect projects*.", [section(text), search])


def _near(names: tuple[str, ...]) -> str:
    return f" Near it: {', '.join(escaped(name) for name in names)}." if names else ""


def _by(name: str | None, at: datetime) -> str:
    who = f" by {escaped(name)}" if name else ""
    return f"{who}, {local_time(at)}"


@says(announcements.AnnouncementDelivered)
def _delivered(error: announcements.AnnouncementDelivered) -> str:
    if error.is_posted:
        return "It is in its channel already."
    return "It is on its way to its channel already."
