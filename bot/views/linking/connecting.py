"""Connecting a tool: the chooser, the form made from what the provider asks for, the outcome."""

from collections.abc import Mapping, Sequence
from dataclasses import field

from bot.domain.linking.channels import Channel
from bot.domain.linking.connecting import Arrival, Connected
from bot.domain.linking.write_back import WriteBack
from bot.domain.states import LinkPolicy
from bot.domain.values import dataclass
from bot.integrations.api import Descriptor, FieldKind, Site
from bot.views.linking.channels import channel_field, warnings
from bot.views.linking.credentials import credential_input, sign_in_offer
from bot.views.linking.disconnecting import resumable
from bot.views.linking.write_back import default_for, mode_field
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
from bot.views.words import quoted

CHANNEL = "channel"
CALLBACK = "connect"
SIGN_IN = "connect.sign_in"
AGAIN = "connect.again"

_TITLE = 24
_BUTTONS = 25


@dataclass(frozen=True, slots=True)
class Draft:
    """The state of the form. Secrets are never in it: they are typed again."""

    provider: str
    attempt: int = 1
    """Counts the tries. Secret fields carry it, so that Slack starts them empty each time."""
    values: Mapping[str, str] = field(default_factory=dict)
    channel_id: str = ""
    channel: Channel | None = None
    """What Slack says of the channel; None where nobody looked, or it did not answer."""
    channel_problem: str = ""
    """Why nothing can be announced there."""
    problem: str = ""
    """Why the last try failed."""
    write_back: WriteBack | None = None
    """Whether time is written there; None before anybody chose."""
    integration_id: int = 0
    """The integration that is given new credentials; none for a new one."""

    @property
    def metadata(self) -> str:
        """What comes back with the form."""
        known = f":{self.integration_id}" if self.integration_id else ""
        return f"{self.provider}:{self.attempt}{known}"


def chooser(descriptors: Sequence[Descriptor], typed: str = "") -> Message:
    """Which tool? `typed` is the name of none, that somebody gave."""
    if not descriptors:
        return Message("No tool can be connected: this server has no adapter installed.")
    unknown = f"No tool is called {quoted(typed)}. " if typed else ""
    names = ", ".join(one.name for one in descriptors)
    buttons = [
        button(f"{one.icon} {one.name}", f"connect.provider#{one.slug}", one.slug, says=one.name)
        for one in descriptors
    ]
    rows = [buttons[at : at + _BUTTONS] for at in range(0, len(buttons), _BUTTONS)]
    return Message(
        f"{unknown}Which tool do you want to connect? {names}. Or type `/link connect <tool>`.",
        [
            section(f"{unknown}*Which tool do you want to connect?*"),
            *(actions(*row) for row in rows),
        ],
    )


def form(descriptor: Descriptor, draft: Draft, *, can_sign_in: bool = False) -> Modal:
    """The form for one provider; where people can sign in there, that comes first."""
    blocks: list[Block] = []
    if draft.problem:
        blocks.append(
            section(f"*Not connected.* {draft.problem}\nNothing was saved.{_again(descriptor)}")
        )
    elif draft.integration_id:
        blocks.append(section(_RENEWING))
    if can_sign_in:
        blocks += sign_in_offer(descriptor, SIGN_IN)
    blocks += [credential_input(one, draft.attempt, draft.values) for one in descriptor.credentials]
    blocks.append(channel_field(CHANNEL, "connect.channel", draft.channel_id))
    if draft.channel_problem:
        blocks.append(context(draft.channel_problem))
    blocks += warnings(draft.channel)
    if not draft.integration_id:
        blocks += mode_field(descriptor, draft.write_back or default_for(descriptor))
    return Modal(
        callback_id=CALLBACK,
        title=clipped(f"Connect {descriptor.name}", _TITLE),
        blocks=blocks,
        submit="Replace" if draft.integration_id else "Connect",
        metadata=draft.metadata,
    )


def _again(descriptor: Descriptor) -> str:
    """What is to be typed again: Slack shows no form with a secret in it."""
    secrets = [one.label for one in descriptor.credentials if one.kind is FieldKind.SECRET]
    if not secrets:
        return ""
    return f" Type {_named(secrets)} again."


def _named(labels: Sequence[str]) -> str:
    [*others, last] = [f"*{escaped(one)}*" for one in labels]
    return f"{', '.join(others)} and {last}" if others else last


REPLACE = "To give it these credentials instead, send the form again."

_RENEWING = (
    "New credentials for a tool that is connected. Projects, links, people and settings stay as "
    "they are."
)


def checking(descriptor: Descriptor) -> Modal:
    """While the provider is asked."""
    return Modal(
        callback_id="connect.checking",
        title=clipped(f"Connect {descriptor.name}", _TITLE),
        blocks=[
            section(f"Checking with {descriptor.name}... This takes a few seconds."),
            context("Nothing is saved until the check has succeeded."),
        ],
        close="Close",
    )


def connected(descriptor: Descriptor, made: Connected, site: Site, looked: Channel | None) -> Modal:
    """It worked, and what happens next."""
    integration = made.integration
    channel = f"<#{integration.channel_id}>"
    becomes = (
        "get a project each and are linked, as its settings say."
        if integration.link_policy is LinkPolicy.AUTO
        else f"are announced in {channel}, each of them once."
    )
    name = f"{descriptor.icon} *{descriptor.name}, {escaped(integration.site_name)}*"
    lines = [
        f"{_ARRIVED[made.arrival]} {name}, in the name of {escaped(site.account_name)}.",
        f"Its projects are being read now. Those that are not linked yet {becomes}",
    ]
    blocks: list[Block] = [section("\n".join(lines))]
    blocks += resumable(made.resumable, made.people, integration.id)
    blocks += [context(escaped(warning)) for warning in site.warnings[:10]]
    blocks += warnings(looked)
    if looked is None:
        blocks.append(
            context(
                f"If {channel} is private, invite Hourlink there, or it cannot post: "
                "`/invite @Hourlink`."
            )
        )
    blocks.append(context("`/link` shows how it goes. `/link users` asks people to connect."))
    return Modal(callback_id="connect.done", title="Connected", blocks=blocks, close="Done")


_ARRIVED = {
    Arrival.NEW: "Connected:",
    Arrival.RETURNED: "Connected again:",
    Arrival.MENDED: "The new credentials work:",
    Arrival.RENEWED: "The new credentials are in use:",
}
