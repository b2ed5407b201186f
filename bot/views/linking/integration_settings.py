"""The settings of an integration: the form, and whose settings are meant."""

from collections.abc import Iterable, Sequence
from typing import Any

from bot.domain.linking.channels import Channel
from bot.domain.linking.integration_settings import (
    SYNC_MINUTES,
    IntegrationSettings,
    Reach,
    SettingsShown,
)
from bot.domain.linking.integrations import Integration
from bot.domain.linking.link_rules import LONGEST_PATTERN, LinkRule, RuleBy
from bot.domain.states import LinkPolicy, MembersPolicy
from bot.views.linking import write_back
from bot.views.linking.channels import channel_field, warnings
from bot.views.linking.disconnecting import DISCONNECT
from bot.views.message import (
    Block,
    Message,
    Modal,
    Option,
    actions,
    button,
    clipped,
    context,
    divider,
    escaped,
    form_input,
    option,
    plain,
    section,
)
from bot.views.providers import Faces, face
from bot.views.sync import hooks
from bot.views.words import counted

FORM = "policy.form"
OPEN = "policy.open"
REDRAW = "policy.redraw"
WORKSPACES = "policy.workspaces"

CHANNEL = "channel"
LINK = "link"
MEMBERS = "members"
PERSONAL = "personal"
EVERY, USUAL = "every", "usual"

_OFFERED = 10
_NAME = 40

_LINK_POLICIES = {
    LinkPolicy.ANNOUNCE: "Announce them in the channel; an admin decides",
    LinkPolicy.AUTO: "Make a project of each and link it, without asking",
}
MEMBERS_POLICIES = {
    MembersPolicy.OFF: "Nobody",
    MembersPolicy.PROVIDER_ACCESS: "Connected people who may see the project in the tool",
    MembersPolicy.EVERYONE_CONNECTED: "Everyone who is connected to the tool",
}
_PATTERNS = "One a line, in any case; * stands for anything."


def rule_block(by: RuleBy, *, include: bool) -> str:
    """The block id of a field of rules."""
    return f"{'include' if include else 'exclude'}:{by.value}"


def form(
    shown: SettingsShown,
    faces: Faces,
    *,
    channel: Channel | None = None,
    note: str = "",
    problem: str = "",
) -> Modal:
    """Everything that can be chosen, and what it means as it stands in the form.

    Args:
        shown: The integration and what is chosen.
        faces: What is known of each adapter.
        channel: What Slack says of the chosen channel.
        note: What to say on top.
        problem: What is wrong with the rules, instead of what they let in.
    """
    integration, chosen = shown.integration, shown.chosen
    site = escaped(clipped(integration.site_name, 100))
    blocks: list[Block] = [section(note)] if note else []
    blocks += [
        section(f"*{face(faces, integration.provider)}, {site}*"),
        channel_field(CHANNEL, f"{REDRAW}#channel", chosen.channel_id),
        *warnings(channel),
        _radio("New projects in the tool", LINK, _LINK_POLICIES, chosen.link_policy),
        _radio("Who joins a linked project", MEMBERS, MEMBERS_POLICIES, chosen.members_policy),
        *write_back.fields(faces.get(integration.provider), chosen.write_back),
        _personal(is_on=chosen.personal_projects),
        _every(chosen.sync_minutes),
        divider(),
        section(problem or reach(shown.reach)),
        *([] if problem else _examples(shown.reach)),
        *_rules(shown),
        actions(
            _renew(integration),
            *_webhooks(integration, faces),
            _disconnect(integration),
            block_id="end",
        ),
    ]
    return Modal(
        callback_id=FORM,
        title="Integration settings",
        blocks=blocks,
        submit="Save",
        metadata=f"{integration.id}:{IntegrationSettings.of(integration).version}",
    )


def _renew(integration: Integration) -> Block:
    says = f"Give {clipped(integration.site_name, 50)} new credentials"
    return button("New credentials", "connect.again", str(integration.id), says=says)


def _webhooks(integration: Integration, faces: Faces) -> Iterable[Block]:
    known = faces.get(integration.provider)
    if known is not None and known.hook_steps:
        says = f"Webhooks of {clipped(integration.site_name, 50)}"
        yield button("Webhooks", hooks.SHOW, str(integration.id), says=says)


def _disconnect(integration: Integration) -> Block:
    says = f"Disconnect {clipped(integration.site_name, 50)}"
    return button("Disconnect...", DISCONNECT, str(integration.id), style="danger", says=says)


def _radio(
    label: str, block_id: str, policies: dict[Any, str], chosen: LinkPolicy | MembersPolicy
) -> Block:
    options = {policy: option(Option(words, policy.value)) for policy, words in policies.items()}
    element: dict[str, Any] = {
        "type": "radio_buttons",
        "options": list(options.values()),
        "initial_option": options[chosen],
    }
    return form_input(label, block_id, element)


def _every(chosen: int | None) -> Block:
    usual = option(Option("As the operator chose, 5 minutes by default", USUAL))
    options = {one: option(Option(f"Every {every(one)}", str(one))) for one in SYNC_MINUTES}
    element: dict[str, Any] = {
        "type": "static_select",
        "options": [usual, *options.values()],
        "initial_option": usual if chosen is None else options.get(chosen, usual),
    }
    hint = "/link sync reads it at once, and so do webhooks where they are set up."
    return form_input("How often the tool is read", EVERY, element, hint=hint)


def every(minutes: int) -> str:
    """``30 minutes``, ``hour``, ``4 hours``."""
    hours, rest = divmod(minutes, 60)
    return f"{minutes} minutes" if rest else "hour" if hours == 1 else f"{hours} hours"


def _personal(*, is_on: bool) -> Block:
    choice = option(Option("Include projects that belong to one person", "on"))
    element: dict[str, Any] = {
        "type": "checkboxes",
        "action_id": f"{REDRAW}#personal",
        "options": [choice],
    }
    if is_on:
        element["initial_options"] = [choice]
    label = "Personal projects"
    return form_input(label, PERSONAL, element, optional=True) | {"dispatch_action": True}


def _rules(shown: SettingsShown) -> Iterable[Block]:
    rules = shown.chosen.rules
    for include in (True, False):
        words = "Only projects named" if include else "Leave out projects named"
        example = "Acme*" if include else "Sandbox*"
        yield _names(words, example, rules, include=include)
    if not shown.has_workspaces and not any(one.by is RuleBy.WORKSPACE for one in rules):
        return
    for include in (True, False):
        words = "Only projects in these workspaces" if include else "Leave out these workspaces"
        yield _workspaces(words, rules, include=include)


def _names(label: str, example: str, rules: Sequence[LinkRule], *, include: bool) -> Block:
    kind = RuleBy.NAME
    lines = "\n".join(one.pattern for one in rules if one.by is kind and one.include is include)
    element: dict[str, Any] = {
        "type": "plain_text_input",
        "action_id": f"{REDRAW}#{include}",
        "multiline": True,
        "placeholder": plain(example),
        "dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]},
    }
    if lines:
        element["initial_value"] = lines
    block = form_input(
        label, rule_block(kind, include=include), element, hint=_PATTERNS, optional=True
    )
    return block | {"dispatch_action": True}


def _workspaces(label: str, rules: Sequence[LinkRule], *, include: bool) -> Block:
    kind = RuleBy.WORKSPACE
    element: dict[str, Any] = {
        "type": "multi_external_select",
        "action_id": f"{WORKSPACES}#{include}",
        "min_query_length": 0,
        "placeholder": plain("Every workspace" if include else "None"),
    }
    some = [
        option(workspace(one.pattern)) for one in rules if (one.by, one.include) == (kind, include)
    ]
    if some:
        element["initial_options"] = some
    block = form_input(label, rule_block(kind, include=include), element, optional=True)
    return block | {"dispatch_action": True}


def workspace(name: str) -> Option:
    """A workspace, or a pattern for several, in the select."""
    pattern = name if len(name) <= LONGEST_PATTERN else f"{name[: LONGEST_PATTERN - 1]}*"
    return Option(name, pattern)


def reach(found: Reach) -> str:
    """How many provider projects the settings leave in."""
    if not found.total:
        return "No project of the tool is known yet; the rules hold from the first sync on."
    unlinked = f" {found.unlinked:,} of them " + ("is" if found.unlinked == 1 else "are")
    return (
        f"*{found.let_in:,} of {counted(found.total, 'project')}* come by themselves with these "
        f"settings.{unlinked} not linked."
    )


def _examples(found: Reach) -> list[Block]:
    lines = [
        f"{words}: {_some(names, number)}"
        for words, names, number in (
            ("In", found.some_in, found.let_in),
            ("Left out", found.some_out, found.total - found.let_in),
        )
        if names
    ]
    return [context("\n".join(lines))] if lines else []


def _some(names: Sequence[str], number: int) -> str:
    shown = ", ".join(escaped(clipped(name, _NAME)) for name in names)
    left = number - len(names)
    return f"{shown}, and {left:,} more" if left > 0 else shown


def chooser(integrations: Sequence[Integration], faces: Faces) -> Message:
    """Whose settings?"""
    blocks: list[Block] = [section("*Which tool's settings?*")]
    for one in integrations[:_OFFERED]:
        name = f"{face(faces, one.provider)}, {escaped(clipped(one.site_name, 100))}"
        says = clipped(f"Settings of {one.site_name}", 75)
        blocks.append(
            section(name, accessory=button("Settings", f"{OPEN}#{one.id}", str(one.id), says=says))
        )
    left = len(integrations) - _OFFERED
    more = f" And {left} more: `/link policy for <site>`." if left > 0 else ""
    if more:
        blocks.append(context(more.strip()))
    names = ", ".join(escaped(clipped(one.site_name, 100)) for one in integrations[:_OFFERED])
    return Message(f"Which tool's settings? {names}.{more}", blocks)
