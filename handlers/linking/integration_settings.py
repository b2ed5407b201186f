"""An integration's settings: the form, ``/link policy`` and ``/link channel``."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import TypeVar

from bot.domain.ids import IntegrationId
from bot.domain.linking.channels import Channel
from bot.domain.linking.integration_settings import (
    SYNC_MINUTES,
    ChannelNotFound,
    ChannelUnusable,
    IntegrationSettings,
    SettingsChange,
    SettingsChangedMeanwhile,
    TimeNotTaken,
)
from bot.domain.linking.integrations import Integration
from bot.domain.linking.link_rules import LinkRule, PatternTooLong, RuleBy, TooManyRules, tidy
from bot.domain.linking.linking import IntegrationUnknown
from bot.domain.linking.write_back import WriteMode
from bot.domain.states import LinkPolicy, MembersPolicy
from bot.domain.values import dataclass
from bot.services.linking.connecting import Connecting
from bot.services.linking.policies import LinkPolicies
from bot.services.pool import Pool
from bot.views import failures
from bot.views.field_errors import CHOOSE_CHANNEL, plain_sentence
from bot.views.linking import channels as channel_views
from bot.views.linking import integration_saved as outcomes
from bot.views.linking import integration_settings as views
from bot.views.linking.write_back import takes_time
from bot.views.providers import Faces
from handlers.asking import Ask, Click, Command, Fields, Lookup, Submission, row_id
from handlers.grammar import link_values as words
from handlers.linking import write_back
from handlers.linking.channels import Look, usable
from handlers.replies import Choices, Ephemeral, FieldErrors, OpenModal, Reply, Update, UpdateModal
from handlers.routes import Routes

Choice = TypeVar("Choice", bound=StrEnum)

_MEMBERS = {
    words.MembersPolicy.OFF: MembersPolicy.OFF,
    words.MembersPolicy.ACCESS: MembersPolicy.PROVIDER_ACCESS,
    words.MembersPolicy.EVERYONE: MembersPolicy.EVERYONE_CONNECTED,
}


@dataclass(frozen=True, slots=True)
class IntegrationSettingsHandlers:
    """What admins choose for an integration."""

    policies: LinkPolicies
    connecting: Connecting
    look: Look
    pool: Pool
    faces: Faces

    def register(self, routes: Routes) -> None:
        """Buttons, selects and the form; the commands come through ``/link``."""
        routes.click(views.OPEN, self.opened, admin=True)
        routes.click(views.REDRAW, self.redrawn, admin=True)
        routes.click(views.WORKSPACES, self.redrawn, admin=True)
        routes.click(outcomes.JOIN, self.people_added, admin=True)
        routes.lookup(views.WORKSPACES, self.workspaces, admin=True)
        routes.submission(views.FORM, self.submitted, admin=True)

    # The form

    def opened(self, ask: Click) -> AsyncIterator[Reply]:
        """*Settings*."""
        return self._open(ask, IntegrationId(row_id(ask.value)))

    async def _open(self, ask: Ask, integration_id: IntegrationId) -> AsyncIterator[Reply]:
        """The form at once, for its trigger is short-lived; then what Slack says of the channel."""
        shown = await self.pool(self.policies.show, who=ask.who, integration_id=integration_id)
        yield OpenModal(views.form(shown, self.faces))
        channel, problem = await self._looked(ask, shown.chosen.channel_id)
        if problem or channel_views.warning(channel):
            yield UpdateModal(views.form(shown, self.faces, channel=channel, note=problem))

    async def redrawn(self, ask: Click) -> AsyncIterator[Reply]:
        """Something was chosen or typed: what it would mean, before anything is saved."""
        integration_id, _ = _read(ask.metadata)
        before = await self.pool(self.policies.show, who=ask.who, integration_id=integration_id)
        chosen = _chosen(ask.fields, before.integration)
        channel, note = await self._looked(ask, chosen.channel_id)
        problem = ""
        try:
            shown = await self.pool(
                self.policies.show, who=ask.who, integration_id=integration_id, chosen=chosen
            )
        except (TooManyRules, PatternTooLong) as error:
            problem = failures.sentence(error).text
            shown = replace(before, chosen=chosen)
        yield UpdateModal(
            views.form(shown, self.faces, channel=channel, note=note, problem=problem)
        )

    def workspaces(self, ask: Lookup) -> Reply:
        """Somebody types into a select of workspaces; a pattern is an option too."""
        integration_id, _ = _read(ask.metadata)
        found = self.policies.workspaces(
            who=ask.who, integration_id=integration_id, text=ask.query.replace("*", " ")
        )
        typed = [ask.query.strip()] if "*" in ask.query else []
        options = [views.workspace(name) for name in [*typed, *found]]
        return Choices(list({one.value: one for one in options}.values())[:100])

    async def submitted(self, ask: Submission) -> AsyncIterator[Reply]:
        """Keeps what was chosen, or says under a field what is wrong."""
        integration_id, version = _read(ask.metadata)
        before = await self.pool(self.policies.show, who=ask.who, integration_id=integration_id)
        chosen = _chosen(ask.fields, before.integration)
        if wrong := _wrong(chosen) | write_back.wrong(ask.fields):
            yield FieldErrors(wrong)
            return
        channel: Channel | None = None
        try:
            channel = await usable(self.look, ask.who.team_id, chosen.channel_id)
        except ChannelUnusable as error:
            said = channel_views.unusable(is_archived=error.is_archived)
            yield FieldErrors({views.CHANNEL: said})
            return
        try:
            done = await self.pool(
                self.policies.save,
                who=ask.who,
                integration_id=integration_id,
                chosen=chosen,
                version=version,
                now=ask.now,
            )
        except SettingsChangedMeanwhile as error:
            shown = await self.pool(self.policies.show, who=ask.who, integration_id=integration_id)
            note = failures.sentence(error).text
            yield UpdateModal(views.form(shown, self.faces, channel=channel, note=note))
            return
        yield UpdateModal(outcomes.in_form(outcomes.saved([done], self.faces, channel)))

    def people_added(self, ask: Click) -> Reply:
        """*Add them now*: the members policy holds for what is linked."""
        integration_id = IntegrationId(row_id(ask.value))
        found, people, memberships = self.policies.add_people(
            who=ask.who, integration_id=integration_id, now=ask.now
        )
        message = outcomes.joined(found, people, memberships)
        if ask.view_id is None:
            return Update(message)
        return UpdateModal(outcomes.in_form(message))

    # The commands

    def policy(self, ask: Command, command: words.SetPolicy) -> Reply | AsyncIterator[Reply]:
        """``/link policy ...``: the form, or the words for it."""
        found = self._named(ask, command.integration)
        no_time: Sequence[Integration] = ()
        if command.write_back is not None:
            no_time = [one for one in found if not takes_time(self.faces.get(one.provider))]
            if len(no_time) == len(found):
                raise TimeNotTaken(tuple(one.site_name for one in no_time))
        change = SettingsChange(
            link_policy=None if command.link is None else LinkPolicy(command.link.value),
            members_policy=None if command.members is None else _MEMBERS[command.members],
            personal_projects=command.personal,
            rules=tuple(
                LinkRule(
                    one.include,
                    one.pattern,
                    RuleBy.WORKSPACE if one.by_workspace else RuleBy.NAME,
                )
                for one in command.rules
            ),
            write_modes={
                one.id: WriteMode(command.write_back.value)
                for one in found
                if command.write_back is not None and one not in no_time
            },
        )
        if change == SettingsChange():
            if len(found) == 1:
                return self._open(ask, found[0].id)
            return Ephemeral(views.chooser(found, self.faces))
        ids = [one.id for one in found if one not in no_time or _says_more(change)]
        done = self.policies.change(who=ask.who, integrations=ids, change=change, now=ask.now)
        return Ephemeral(outcomes.saved(done, self.faces, no_time=no_time))

    async def channel(self, ask: Command, command: words.SetChannel) -> AsyncIterator[Reply]:
        """``/link channel #channel [integration]``."""
        found = await self.pool(self._named, ask, command.integration)
        if isinstance(command.channel, words.ChannelByName):
            raise ChannelNotFound(command.channel.name)
        channel_id = command.channel.channel_id
        channel = await usable(self.look, ask.who.team_id, channel_id)
        done = await self.pool(
            self.policies.change,
            who=ask.who,
            integrations=[one.id for one in found],
            change=SettingsChange(channel_id=channel_id),
            now=ask.now,
        )
        yield Ephemeral(outcomes.saved(done, self.faces, channel))

    def _named(self, ask: Ask, text: str) -> Sequence[Integration]:
        found = self.connecting.named(who=ask.who, text=text)
        if not found:
            raise IntegrationUnknown(text)
        return found

    async def _looked(self, ask: Ask, channel_id: str) -> tuple[Channel | None, str]:
        """What Slack says of the channel, and what is wrong with it."""
        if not channel_id:
            return None, ""
        try:
            return await usable(self.look, ask.who.team_id, channel_id), ""
        except ChannelUnusable as error:
            return None, failures.sentence(error).text


def _says_more(change: SettingsChange) -> bool:
    """The command is about more than which time is written."""
    return replace(change, write_modes={}) != SettingsChange()


def _read(metadata: str) -> tuple[IntegrationId, str]:
    integration_id, _, version = metadata.partition(":")
    return IntegrationId(row_id(integration_id)), version


def _chosen(fields: Fields, before: Integration) -> IntegrationSettings:
    """What stands in the form; exclusions last, for the last word counts."""
    return IntegrationSettings(
        channel_id=fields.choice(views.CHANNEL),
        link_policy=_of(LinkPolicy, fields.choice(views.LINK), LinkPolicy.ANNOUNCE),
        members_policy=_of(
            MembersPolicy, fields.choice(views.MEMBERS), MembersPolicy.PROVIDER_ACCESS
        ),
        personal_projects=bool(fields.choices(views.PERSONAL)),
        rules=tuple(
            LinkRule(include, pattern, by)
            for include in (True, False)
            for by in RuleBy
            for pattern in _patterns(fields, by, include=include)
        ),
        write_back=write_back.chosen(fields, before.write_back),
        sync_minutes=_minutes(fields, before),
    )


def _minutes(fields: Fields, before: Integration) -> int | None:
    """How often it is read; a form that does not ask changes nothing."""
    if views.EVERY not in fields.blocks():
        return before.sync_minutes
    offered = {views.USUAL: None} | {str(one): one for one in SYNC_MINUTES}
    return offered.get(fields.choice(views.EVERY), before.sync_minutes)


def _patterns(fields: Fields, by: RuleBy, *, include: bool) -> Sequence[str]:
    block = views.rule_block(by, include=include)
    if by is RuleBy.WORKSPACE:
        return fields.choices(block)
    return [line for line in fields.text(block).splitlines() if line.strip()]


def _of(kind: type[Choice], text: str, otherwise: Choice) -> Choice:
    """The choice; a form without one keeps the default."""
    return kind(text) if text in set(kind) else otherwise


def _wrong(chosen: IntegrationSettings) -> dict[str, str]:
    """A sentence under each field that cannot be saved."""
    wrong = {}
    if not chosen.channel_id:
        wrong[views.CHANNEL] = CHOOSE_CHANNEL
    try:
        tidy(chosen.rules)
    except PatternTooLong as error:
        long = next(one for one in chosen.rules if len(one.pattern.strip()) >= error.most)
        wrong[views.rule_block(long.by, include=long.include)] = plain_sentence(error)
    except TooManyRules as error:
        wrong[views.rule_block(RuleBy.NAME, include=False)] = plain_sentence(error)
    return wrong
