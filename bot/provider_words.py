"""What a tool allows, in words: for the table of the README, and for ``hourlink providers``."""

from bot.integrations.api import Capability, Descriptor, TimeKept

HEADS = {
    Capability.ACCESS: "Project access",
    Capability.INCREMENTAL: "Changes only",
    Capability.COMPLETION: "Completion",
    Capability.ESTIMATES: "Estimates",
}
"""What a tool either allows or not."""


def time(one: Descriptor) -> str:
    """How it takes time; empty where it takes none."""
    if Capability.TIME not in one.capabilities:
        return ""
    return "as comments" if one.time_kept is TimeKept.COMMENTS else "as time records"


def webhooks(one: Descriptor) -> str:
    """How it comes to send webhooks; empty where it sends none."""
    if Capability.HOOKS not in one.capabilities:
        return ""
    return "set up by itself" if Capability.HOOK_SETUP in one.capabilities else "set up by hand"


def in_a_line(one: Descriptor) -> str:
    """All of it, from what people see to what the operator does."""
    said = [f"takes time {time(one)}"] if time(one) else []
    said += [name.lower() for kind, name in HEADS.items() if kind in one.capabilities]
    said += [f"webhooks {webhooks(one)}"] if webhooks(one) else []
    return ", ".join(said)
