"""Clients on the screen: the list, one client, merging two (M1)."""

from dataclasses import field, replace

from bot.domain.money.billing import Client
from bot.domain.money.billing_forms import (
    LONGEST_NAME,
    PAGE_SIZE,
    ClientLine,
    ClientQuery,
    ClientsPage,
    Merged,
)
from bot.domain.values import dataclass
from bot.views.message import (
    Block,
    Modal,
    Option,
    actions,
    button,
    clipped,
    confirmation,
    context,
    escaped,
    form_input,
    plain,
    section,
)
from bot.views.searching import LONGEST, search_box
from bot.views.words import counted, matching

OPEN = "clients.open"
LIST = "clients.list"
SEARCH = "clients.search"
PAGE = "clients.page"
ONE = "clients.one"
NEW = "clients.new"
SAVE = "clients.save"
ARCHIVE = "clients.archive"
RESTORE = "clients.restore"
MERGE = "clients.merge"
FIND = "clients.find"
RATES = "rates.open"

NAME, CURRENCY, OTHER = "name", "currency", "other"
_SHOWN = 120
_KIND = "clients"
_PARTS = 4
_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Place:
    """The list, and the client that is open."""

    query: ClientQuery = field(default_factory=ClientQuery)
    id: int = 0

    def metadata(self) -> str:
        """For the form."""
        query = self.query
        return f"{_KIND}|{self.id}|{query.page}|{query.turn}|{query.words}"


def read(metadata: str) -> Place | None:
    """A form's metadata again; None for any other form's."""
    kind, *rest = metadata.split("|", _PARTS)
    if kind != _KIND or len(rest) != _PARTS:
        return None
    *numbers, words = rest
    if not all(one.isascii() and one.isdigit() and len(one) <= _DIGITS for one in numbers):
        return None
    id_, page, turn = map(int, numbers)
    return Place(ClientQuery(words[:LONGEST], page, turn), id_)


def clients(page: ClientsPage, *, note: str = "") -> Modal:
    """One page of the list."""
    query = replace(page.query, turn=page.query.turn + 1)
    blocks: list[Block] = [
        *([section(note)] if note else []),
        actions(
            button("New client", NEW, style="primary"),
            button("People's rates", RATES, says="What people's hours earn on every project"),
        ),
        search_box(query.words, query.turn, SEARCH, label="Search", placeholder="Name"),
        *(section(_line(one), accessory=_open(one.client)) for one in page.lines),
        context(_summary(page)),
        *_turns(page),
    ]
    return Modal(
        LIST, "Clients", blocks, submit="Search", close="Close", metadata=Place(query).metadata()
    )


def client_form(found: ClientLine | None, place: Place, currency: str, *, note: str = "") -> Modal:
    """One client's name and currency; a new one where there is none."""
    client = None if found is None else found.client
    name: Block = {
        "type": "plain_text_input",
        "max_length": LONGEST_NAME,
        "placeholder": plain("Acme Inc."),
    }
    if client is not None:
        name["initial_value"] = client.name
    code: Block = {
        "type": "plain_text_input",
        "min_length": 3,
        "max_length": 3,
        "initial_value": client.currency if client else currency,
    }
    hint = (
        "Three letters: EUR, USD, GBP. Rates, fees and budgets of its projects are in it, and "
        "are never added to another currency's."
    )
    blocks: list[Block] = [
        *([section(note)] if note else []),
        form_input("Name", NAME, name),
        form_input("Currency", CURRENCY, code, hint=hint),
    ]
    if found is not None:
        blocks.append(context(f"{counted(found.projects, 'project')} today.{_archived(client)}"))
    blocks.append(actions(*_buttons(client)))
    title = "Client" if client else "New client"
    return Modal(SAVE, title, blocks, submit="Save", metadata=place.metadata())


def merge_form(found: ClientLine, place: Place) -> Modal:
    """What merging does, and with whom."""
    name = escaped(clipped(found.client.name, _SHOWN))
    pick: Block = {
        "type": "external_select",
        "action_id": FIND,
        "min_query_length": 0,
        "placeholder": plain("Choose a client"),
    }
    blocks = [
        section(
            f"Merge *{name}* into another client?\nIts projects become the other's, on all days, "
            f"and {name} is gone. This cannot be taken back."
        ),
        form_input("Into", OTHER, pick, hint=f"Clients in {found.client.currency}, its currency."),
        actions(button("Back", ONE, str(found.client.id), says="Back to the client")),
    ]
    return Modal(MERGE, "Merge clients", blocks, submit="Merge", metadata=place.metadata())


def options(found: list[Client], *, besides: int = 0) -> list[Option]:
    """What a searching select offers."""
    return [
        Option(clipped(f"{one.name} ({one.currency})", 75), str(one.id))
        for one in found
        if one.id != besides
    ]


def saved(client: Client) -> str:
    """A client was made or changed."""
    return f"Saved *{escaped(clipped(client.name, _SHOWN))}*, in {client.currency}."


def archived(client: Client) -> str:
    """A client was archived or brought back."""
    name = f"*{escaped(clipped(client.name, _SHOWN))}*"
    if client.is_archived:
        return f"{name} is archived: it is not offered any more. Its projects and time stay."
    return f"{name} is offered again."


def merged(done: Merged) -> str:
    """Two clients are one."""
    gone, into = (escaped(clipped(one, _SHOWN)) for one in (done.gone, done.into.name))
    moved = "" if done.projects is None else f", with {counted(done.projects, 'project')}"
    return f"*{gone}* is *{into}* now{moved}."


def _line(one: ClientLine) -> str:
    client = one.client
    name = escaped(clipped(client.name, _SHOWN))
    return f"*{name}*\n{client.currency}, {counted(one.projects, 'project')}{_mark(client)}"


def _mark(client: Client) -> str:
    return ", archived" if client.is_archived else ""


def _archived(client: Client | None) -> str:
    return " It is archived." if client is not None and client.is_archived else ""


def _open(client: Client) -> Block:
    return button(
        "Open", f"{ONE}#{client.id}", str(client.id), says=f"Open {clipped(client.name, 60)}"
    )


def _buttons(client: Client | None) -> list[Block]:
    back = button("Back", OPEN, says="Back to the list")
    if client is None:
        return [back]
    value = str(client.id)
    if client.is_archived:
        return [back, button("Bring back", RESTORE, value)]
    sure = confirmation(
        "Archive this client?",
        "It is not offered any more. Its projects and their time stay with it.",
        yes="Archive",
    )
    archive = button("Archive", ARCHIVE, value, confirm=sure)
    return [back, archive, button("Merge...", MERGE, value, says="Merge into another client")]


def _summary(page: ClientsPage) -> str:
    match = matching(page.total, page.query.words)
    if page.total:
        return f"{counted(page.total, 'client')}{match}."
    return f"No clients{match}." if match else "No clients yet."


def _turns(page: ClientsPage) -> list[Block]:
    return turns(page.query.page, page.pages, page.total, PAGE)


def turns(page: int, pages: int, total: int, action: str) -> list[Block]:
    """Where one is among the pages, and the buttons that turn them; nothing for one page."""
    if pages == 1:
        return []
    first = page * PAGE_SIZE + 1
    buttons = []
    if page:
        buttons.append(button("Previous", f"{action}#back", str(page - 1)))
    if page + 1 < pages:
        buttons.append(button("Next", f"{action}#on", str(page + 1)))
    said = f"{first} to {min(first + PAGE_SIZE - 1, total)} of {total}"
    return [context(said), actions(*buttons, block_id="pager")]
