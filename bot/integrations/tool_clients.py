"""Hourlink as tools know it, as its operator writes that down: ``HOURLINK_TOOL_CLIENTS``.

An entry is ``asana:client-id:client-secret``; for a tool of which there are many servers the
address of one follows, ``redmine:client-id:client-secret:https://redmine.example.com``.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field

from bot.domain.values import dataclass
from bot.integrations.addresses import is_safe_to_send
from bot.integrations.api import Descriptor
from bot.integrations.oauth import OAuth, ToolClient, ToolClients, address_of

_BEFORE_ADDRESS = re.compile(r":\s*(?=https?://)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entry:
    """One of them, taken apart and not judged."""

    slug: str
    id: str
    secret: str = field(repr=False)
    address: str | None
    """None where none was written, or what was is no address; else normalised."""
    has_address: bool


@dataclass(frozen=True, slots=True)
class Slip:
    """What is wrong with what the operator wrote, in two sentences without any secret."""

    wrong: str
    mend: str


def entry(text: str) -> Entry:
    """What an entry says."""
    named, *address = _BEFORE_ADDRESS.split(text, maxsplit=1)
    slug, _, rest = named.partition(":")
    client_id, _, secret = rest.partition(":")
    normalised = address_of(address[0]) if address else None
    return Entry(slug.strip(), client_id.strip(), secret.strip(), normalised, bool(address))


def clients_of(entries: Sequence[Entry]) -> ToolClients:
    """Those that can be used, by slug."""
    found: dict[str, tuple[ToolClient, ...]] = {}
    for one in entries:
        if one.address or not one.has_address:
            client = ToolClient(one.id, one.secret, one.address)
            found[one.slug] = (*found.get(one.slug, ()), client)
    return found


def slips_in(entries: Sequence[Entry]) -> Iterator[Slip]:
    """What is wrong whichever tools there are."""
    seen: set[tuple[str, str | None]] = set()
    for number, one in enumerate(entries, start=1):
        if not (one.slug and one.id and one.secret):
            yield Slip(
                f"entry {number} is not a tool, a client id and a client secret.",
                "Write asana:client-id:client-secret, and a comma before the next.",
            )
        elif one.has_address and one.address is None:
            yield Slip(
                f"entry {number} ends with what is no address of a server.",
                "Write it as a browser shows it, such as https://redmine.acme.com, "
                "without what follows ? or #.",
            )
        elif one.address and not is_safe_to_send(one.address):
            yield Slip(
                f"entry {number} names {one.address}, which is not encrypted: the secret could be "
                "read on its way.",
                "Give that server a certificate and write https://, or leave the entry out: "
                "people can paste keys.",
            )
        elif (one.slug, one.address) in seen:
            at = f" at {one.address}" if one.address else ""
            yield Slip(
                f"entry {number} names {one.slug!r}{at} again.",
                "Leave one of them out; where people run a tool themselves, each server has one.",
            )
        seen.add((one.slug, one.address))


def misplaced(tools: Iterable[Descriptor], clients: ToolClients) -> list[Slip]:
    """What does not fit the tools that there are: a button is missing, and nobody knows why.

    A process runs with it all the same: the tool may be an adapter that is not installed now.
    """
    known = {one.slug: one.oauth for one in tools}
    return [
        slip
        for slug in sorted(clients)
        for client in clients[slug]
        if (slip := _misplaced(slug, known.get(slug), client))
    ]


def _misplaced(slug: str, oauth: OAuth | None, client: ToolClient) -> Slip | None:
    if oauth is None:
        return Slip(
            f"names {slug!r}, where nobody can sign in.",
            "Write the tool as docs/operate.md does, or leave it out.",
        )
    if oauth.below is not None and client.address is None:
        return Slip(
            f"names {slug!r} without the address of the server that this client belongs to.",
            f"Write it behind the secret: {slug}:client-id:client-secret:https://...",
        )
    if oauth.below is None and client.address is not None:
        return Slip(
            f"names {client.address} for {slug!r}, which has one address for everybody.",
            f"Leave the address out: {slug}:client-id:client-secret.",
        )
    return None
