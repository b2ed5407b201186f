"""What saving an integration's settings did, and what can be done about what is there."""

from collections.abc import Iterable, Sequence

from bot.domain.linking.channels import Channel
from bot.domain.linking.integration_settings import SettingsSaved
from bot.domain.linking.integrations import Integration
from bot.domain.states import LinkPolicy
from bot.views.linking.channels import warning, warnings
from bot.views.linking.integration_settings import MEMBERS_POLICIES, every, reach
from bot.views.linking.write_back import in_words
from bot.views.message import (
    Block,
    Message,
    Modal,
    actions,
    button,
    clipped,
    context,
    escaped,
    section,
)
from bot.views.providers import Faces, tool
from bot.views.words import counted

JOIN = "policy.join"

_SHOWN = 10


def saved(
    done: Sequence[SettingsSaved],
    faces: Faces,
    channel: Channel | None = None,
    *,
    no_time: Sequence[Integration] = (),
) -> Message:
    """What is different now, and what can be done about what is already there.

    Args:
        done: What was saved.
        faces: The adapters' names.
        channel: Where new projects are announced, if that was changed.
        no_time: Tools that were meant too, and that no time can be written to.
    """
    blocks: list[Block] = []
    lines: list[str] = []
    for one in done[:_SHOWN]:
        said = _saved(one, faces)
        lines.append(said)
        blocks += [section(said), *_offers(one)]
    left = len(done) - _SHOWN
    if left > 0:
        lines.append(f"And {left} more tools, in the same way.")
        blocks.append(context(lines[-1]))
    if no_time:
        names = ", ".join(escaped(clipped(one.site_name, 100)) for one in no_time[:_SHOWN])
        more = f" and {len(no_time) - _SHOWN} more" if len(no_time) > _SHOWN else ""
        lines.append(f"No time can be written to {names}{more}.")
        blocks.append(context(lines[-1]))
    if "channel_id" in {name for one in done for name in one.changed}:
        blocks += warnings(channel)
        lines += [warning(channel)] if warning(channel) else []
    return Message("\n".join(lines), blocks)


def _saved(done: SettingsSaved, faces: Faces) -> str:
    integration = done.integration
    name = escaped(clipped(integration.site_name, 100))
    site = f"*{escaped(tool(faces, integration.provider))}, {name}*"
    if not done.changed:
        return f"{site}: these settings hold already; nothing was changed."
    return "\n".join([f"{site}: saved.", *_changes(done), *_now(done)])


def _changes(done: SettingsSaved) -> Iterable[str]:
    integration, changed = done.integration, done.changed
    if "link_policy" in changed and integration.link_policy is LinkPolicy.AUTO:
        yield "New projects get a project of their own and are linked, without asking."
    elif {"link_policy", "channel_id"} & changed:
        yield f"New projects are announced in <#{integration.channel_id}>."
    if "members_policy" in changed:
        who = MEMBERS_POLICIES[integration.members_policy]
        yield f"Who joins a linked project: {who}. Nobody is taken off."
    if "personal_projects" in changed:
        yield (
            "Personal projects count too."
            if integration.personal_projects
            else "Personal projects are left out."
        )
    if "read_every" in changed:
        minutes = integration.sync_minutes
        yield (
            "It is read as often as the operator chose."
            if minutes is None
            else (f"It is read every {every(minutes)}.")
        )
    if {"write_back", "write_shortest", "write_text", "write_estimate"} & changed:
        yield in_words(integration.write_back)
    if "rules" in changed:
        yield reach(done.reach)


def _now(done: SettingsSaved) -> Iterable[str]:
    """What happens to what is already there."""
    if done.coming and {"rules", "personal_projects", "link_policy"} & done.changed:
        is_are = "is" if done.coming == 1 else "are"
        what = (
            "linked by themselves"
            if done.integration.link_policy is LinkPolicy.AUTO
            else f"announced in <#{done.integration.channel_id}>"
        )
        yield f"{counted(done.coming, 'project')} {is_are} {what} with the sync that begins now."
    if _offers_links(done):
        yield f"{counted(done.left, 'project')} of before {_is_are(done.left)} not linked."
    if _offers_people(done):
        people = counted(done.joining.people, "connected person", "connected people")
        yield (
            f"{people} {_is_are(done.joining.people)} not on "
            f"{counted(done.joining.projects, 'linked project')} that this gives them."
        )


def _is_are(number: int) -> str:
    return "is" if number == 1 else "are"


def _offers_links(done: SettingsSaved) -> bool:
    is_auto = done.integration.link_policy is LinkPolicy.AUTO
    return bool(done.left) and is_auto and "link_policy" in done.changed


def _offers_people(done: SettingsSaved) -> bool:
    return bool(done.joining.people) and "members_policy" in done.changed


def _offers(done: SettingsSaved) -> list[Block]:
    value = str(done.integration.id)
    name = clipped(done.integration.site_name, 40)
    buttons = []
    if _offers_links(done):
        says = f"Link the unlinked projects of {name}"
        buttons.append(button("Link them...", f"link.all#{value}", value, says=says))
    if _offers_people(done):
        says = f"Add people to the projects of {name}"
        buttons.append(button("Add them now", f"{JOIN}#{value}", value, says=says))
    return [actions(*buttons)] if buttons else []


def in_form(message: Message) -> Modal:
    """What saving did, in the place of the form."""
    return Modal("policy.saved", "Integration settings", list(message.blocks), close="Done")


def joined(integration: Integration, people: int, memberships: int) -> Message:
    """The members policy holds for what is there."""
    site = escaped(clipped(integration.site_name, 100))
    if not memberships:
        return Message(f"Everybody whom the policy of *{site}* names is on its projects already.")
    added = counted(people, "person", "people")
    said = f"{added} of *{site}* joined linked projects: {counted(memberships, 'membership')}."
    return Message(said, [section(said)])
